"""Sentences about questions for people."""

from __future__ import annotations

from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.proportions import SURE
from extraction.domain.field_types import Meaning
from extraction.domain.fields import Field
from extraction.domain.label_quality.stopping import Ahead, Standing
from extraction.models import Question
from extraction.services import figures
from extraction.services.review import messages as review_messages

# Characters of a value that a sentence repeats.
LONGEST_SHOWN = 80
NO_QUESTION = gettext_noop("There is no such question.")
AT_RANDOM = gettext_lazy("drawn at random, to know how many labels are wrong")
NO_ANSWER = gettext_noop("An answer is yes, no or unknown.")


def asked(field: Field, value: str | None) -> str:
    """The question about a value of a field; `None`: it is not on the document."""
    if value is None:
        return gettext("Is there really nothing to read for %(field)s?") % {"field": field.title}
    return gettext("Is this right: %(field)s?") % {"field": field.title}


def correcting(field: Field, value: str | None) -> str:
    """The question after a no."""
    if value is None:
        return gettext("What is to be read for %(field)s?") % {"field": field.title}
    shown = Truncator(value).chars(LONGEST_SHOWN)
    return gettext("What is right for %(field)s, if not “%(value)s”?") % {"field": field.title, "value": shown}


def changed(question: Question) -> str:
    sentence = gettext("“%(field)s” of %(document)s changed before you answered: nothing was written.")
    return sentence % {"field": question.label.field, "document": question.label.document.name}


def answered(question: Question) -> str:
    """Refusal of another answer than the first, which wrote nothing."""
    who = question.user.get_username() if question.user else gettext("Somebody")
    sentence = gettext("%(who)s answered otherwise about “%(field)s” of %(document)s: nothing was written.")
    return sentence % {"who": who, "field": question.label.field, "document": question.label.document.name}


def held(documents: int) -> str:
    """The answer was written for so many other documents of the vendor."""
    sentence = ngettext(
        "It holds for %(count)s more document of this vendor.",
        "It holds for %(count)s more documents of this vendor.",
        documents,
    )
    return sentence % {"count": figures.whole(documents)}


def taken_back(labels: int, kept: int) -> str:
    sentence = ngettext("%(count)s label is taken back.", "%(count)s labels are taken back.", labels)
    told = sentence % {"count": figures.whole(labels)}
    if not kept:
        return told
    stays = ngettext("%(count)s stays: it was decided on since.", "%(count)s stay: they were decided on since.", kept)
    return f"{told} {stays % {'count': figures.whole(kept)}}"


def known(standing: Standing) -> str:
    """What the random questions say about all labels."""
    if not standing.labels:
        return gettext("There is no label to ask about yet.")
    if not standing.unseen:
        return gettext("People have looked at every label.")
    if standing.bound is None:
        return gettext("How many labels are wrong is not known yet: answer the first questions.")
    sentence = gettext("At most %(share)s of the labels are still wrong (%(sure)s sure).")
    return sentence % {"share": figures.percent(standing.bound), "sure": figures.percent(SURE, 0)}


def coming(standing: Standing, ahead: Ahead, target: float) -> str:
    """What is to ask until at most the share `target` is wrong; empty where nothing is."""
    if not standing.unseen or not ahead.rounds:
        return ""
    sentence = ngettext(
        "%(rounds)s more round, about %(questions)s questions, until it is at most %(target)s.",
        "%(rounds)s more rounds, about %(questions)s questions, until it is at most %(target)s.",
        ahead.rounds,
    )
    return sentence % {
        "rounds": figures.whole(ahead.rounds),
        "questions": figures.whole(ahead.questions),
        "target": figures.percent(target),
    }


def basis(standing: Standing) -> str:
    """The random answers behind the bound."""
    sentence = ngettext(
        "%(wrong)s of %(asked)s label drawn at random was wrong.",
        "%(wrong)s of %(asked)s labels drawn at random were wrong.",
        standing.asked,
    )
    return sentence % {"wrong": figures.whole(standing.wrong), "asked": figures.whole(standing.asked)}


def means(meaning: Meaning) -> str:
    """Why the same text is offered once more: it can mean something else."""
    return gettext("It means %(meaning)s") % {"meaning": review_messages.in_words(meaning)}


def rules() -> str:
    """Who gives an alternative: the built-in rules."""
    return gettext("Rules")


def on_page() -> str:
    """Where an alternative comes from that no source gives."""
    return gettext("on the page")


NO_ACCEPTANCE = gettext_noop("There is no such decision.")
NOTHING_SURE = gettext_noop("No document has labels that are surely enough right to be accepted unseen.")


def may_be_accepted(documents: int, sure: float, wrong: float) -> str:
    """Of so many documents each label is right with at least the probability `sure`; `wrong`: the share expected."""
    sentence = ngettext(
        "Each label of %(count)s document is right with at least %(sure)s; about %(wrong)s of them are wrong.",
        "Each label of %(count)s documents is right with at least %(sure)s; about %(wrong)s of them are wrong.",
        documents,
    )
    figures_ = {"sure": figures.percent(sure, 0), "wrong": figures.percent(wrong)}
    return sentence % {"count": figures.whole(documents), **figures_}


def accepted_unseen(documents: int) -> str:
    sentence = ngettext("%(count)s document is accepted unseen.", "%(count)s documents are accepted unseen.", documents)
    return sentence % {"count": figures.whole(documents)}
