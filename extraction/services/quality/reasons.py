"""What speaks for a label and against it, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy

from extraction.domain.label_quality.estimator import Estimator
from extraction.domain.label_quality.evidence import StudentAnswer
from extraction.models import Label, LabelQuality
from extraction.services import figures

# Log-odds below which a signal is not worth a word.
WORTH = 0.25
SAME, OTHER = "student_agrees", "student_differs"
WORDS = {
    "not_found": gettext_lazy("not found on the page as it is"),
    "repeated": gettext_lazy("printed more than once"),
    "poorly_read": gettext_lazy("its words are hard to read"),
    "not_a_value": gettext_lazy("no value of this type, or one of several"),
    "unsure": gettext_lazy("its source was unsure"),
    "own_doubt": gettext_lazy("its source gave it little confidence"),
    "not_quoted": gettext_lazy("the quoted text does not hold it"),
    "absent": gettext_lazy("not on the document, which is easily overlooked"),
    "others_agree": gettext_lazy("other sources read the same"),
    "others_differ": gettext_lazy("other sources read something else"),
    "rules_agree": gettext_lazy("the rules find the same"),
    "rules_differ": gettext_lazy("the rules find something else"),
    "vendor_agrees": gettext_lazy("as on other documents of this vendor"),
    "vendor_differs": gettext_lazy("other than on this vendor's other documents"),
    SAME: gettext_lazy("a student that did not learn from it reads the same"),
    OTHER: gettext_lazy("a student that did not learn from it reads something else"),
}
# Characters of a student's answer that a reason quotes.
LONGEST_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Reasons:
    """Half sentences, the weightiest first."""

    supporting: tuple[str, ...] = ()
    opposing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.supporting or self.opposing)


def reasons(label: Label | None) -> Reasons:
    """Of an assessed label; none of any other. Needs `quality` loaded."""
    quality = getattr(label, "quality", None)
    if quality is None:
        return Reasons()
    # In the order of the prior: the estimator of the project knows better how much each weighs, not which way.
    parts = [part for part in Estimator.prior().contributions(quality.signals) if abs(part.odds) >= WORTH]
    named = [(part.odds > 0, _words(part.signal, quality)) for part in parts if part.signal in WORDS]
    return Reasons(
        tuple(words for supports, words in named if supports), tuple(words for supports, words in named if not supports)
    )


def _words(signal: str, quality: LabelQuality) -> str:
    """With a student's answer where it is one: a person sees at once whether it may be right."""
    if signal not in (SAME, OTHER) or quality.student is None:
        return str(WORDS[signal])
    answer = StudentAnswer.from_json(quality.student)
    if signal == SAME:
        sentence = gettext("a student that did not learn from it reads the same (%(sure)s sure)")
    elif answer.value is None:
        sentence = gettext("a student that did not learn from it does not find it on the document (%(sure)s sure)")
    else:
        sentence = gettext("a student that did not learn from it reads something else: %(answer)s (%(sure)s sure)")
    read = Truncator(answer.value or "").chars(LONGEST_QUOTED)
    return sentence % {"answer": read, "sure": figures.percent(answer.confidence, 0)}
