"""Sentences of this stage for people."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.lineage import Learned, Use
from extraction.services import figures
from extraction.services.privacy.forgetting.lineage import Learner
from extraction.services.privacy.retention import Rule

UNDER_WAY = gettext_noop("This model is being trained anew or is gone already: look at it again.")

USES = {
    Use.TRAINING: gettext_lazy("training"),
    Use.VALIDATION: gettext_lazy("validation"),
    Use.CALIBRATION: gettext_lazy("calibration"),
    Use.PRETRAINING: gettext_lazy("pre-training"),
}


RULES = {
    Rule.UNREVIEWED: gettext_lazy("Documents that nobody reviewed"),
    Rule.REJECTED: gettext_lazy("Rejected documents"),
    Rule.DOCUMENTS: gettext_lazy("All documents"),
    Rule.ANSWERS: gettext_lazy("Answers to programs"),
}


def of_uses(uses: Iterable[Use]) -> str:
    """What a training did with documents: `training, pre-training`."""
    return ", ".join(str(USES[use]) for use in uses)


def of_learned(documents: Iterable[Learned]) -> str:
    """All uses of some documents, each once, in the order of `Use`."""
    found = {use for document in documents for use in document.uses}
    return of_uses(use for use in Use if use in found)


def of_learner(learner: Learner) -> str:
    """Which run or model learned from documents that are to be deleted, and how, in one sentence."""
    number = len(learner.learned)
    if learner.model is None:
        sentence = ngettext(
            "The unfinished training %(name)s read %(number)s document (%(uses)s).",
            "The unfinished training %(name)s read %(number)s documents (%(uses)s).",
            number,
        )
    else:
        sentence = ngettext(
            "The model %(name)s learned from %(number)s document (%(uses)s).",
            "The model %(name)s learned from %(number)s documents (%(uses)s).",
            number,
        )
    return sentence % {"name": learner.run.name, "number": figures.whole(number), "uses": of_uses(learner.uses)}


def started(number: int) -> str:
    """What begins because an owner said so."""
    if not number:
        return gettext("Nothing is owed.")
    sentence = ngettext("%(number)s model begins to forget.", "%(number)s models begin to forget.", number)
    return sentence % {"number": figures.whole(number)}
