"""Sentences about serving models and their guarantees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.guarantees import GuaranteeState
from extraction.models import ModelVersion
from extraction.services import figures

if TYPE_CHECKING:
    from extraction.services.serving.guarantees import FieldGuarantee, Standing

FORGOTTEN = gettext_noop("The model {model} had learned from documents that were deleted, so its files are gone.")
OTHERS_FIRST = gettext_noop("Other work has its turn, then this goes on")
REMEDY = gettext_noop(
    "Promote another model of the project, or train one again from the same labels; until then it answers 409."
)


def unusable(model: ModelVersion) -> str:
    sentence = gettext(
        "The model %(model)s serves %(project)s and cannot be used: it is of another version of kdweb, or its files "
        "are gone."
    )
    return sentence % {"model": model, "project": model.project}


def of_share(share: float) -> str:
    """A share of wrong answers that is allowed: `2 %`, `0.5 %`."""
    return figures.percent(share, 0 if float(round(100 * share)) == round(100 * share, 6) else 1)


def of_check(standing: Standing) -> str:
    """What the guarantees rest on."""
    if standing.model is None:
        return gettext("No model serves yet.")
    if standing.measured is None:
        return gettext("%(model)s was not checked yet.") % {"model": standing.model}
    sentence = ngettext(
        "%(model)s was checked on %(number)s document that a person reviewed and its training did not use.",
        "%(model)s was checked on %(number)s documents that people reviewed and its training did not use.",
        standing.documents,
    )
    return sentence % {"model": standing.model, "number": figures.whole(standing.documents)}


def of_guarantee(field: FieldGuarantee) -> str:
    """What is guaranteed for a field, or why nothing is."""
    found = field.guarantee
    if field.target is None:
        return gettext("No answer is accepted unseen.")
    if found is None:
        return gettext("The model was not checked yet.")
    numbers = {
        "target": of_share(found.target),
        "checked": figures.whole(found.checked),
        "needed": figures.whole(found.needed),
        "share": figures.percent(found.share, 0),
        "accepted": figures.whole(found.accepted),
        "wrong": figures.whole(found.wrong),
        "bound": figures.percent(found.bound or 0.0),
        "threshold": figures.percent(found.threshold or 0.0, 2),
    }
    match found.state:
        case GuaranteeState.TOO_FEW:
            sentence = gettext(
                "%(checked)s answers are checked; at least %(needed)s are needed to allow %(target)s. "
                "Review documents of the parts validation and test."
            )
        case GuaranteeState.TOO_MANY_WRONG:
            sentence = gettext(
                "Even the surest of the %(checked)s checked answers are wrong too often for %(target)s: none is "
                "accepted unseen."
            )
        case GuaranteeState.HELD:
            sentence = gettext(
                "%(share)s of the answers are accepted unseen, from a confidence of %(threshold)s. With 90 %% "
                "confidence at most %(bound)s of them are wrong on documents like these (%(wrong)s of %(accepted)s "
                "checked ones were)."
            )
    return sentence % numbers


def of_agreement(field: FieldGuarantee) -> str:
    """What is guaranteed where the teacher agrees; empty where nothing is that the field does not accept already."""
    found = field.agreement
    if found is None or found.state is not GuaranteeState.HELD:
        return ""
    alone = field.guarantee.threshold if field.guarantee else None
    if alone is not None and found.threshold is not None and alone <= found.threshold:
        return ""
    sentence = gettext(
        "Where the teacher says the same, from a confidence of %(threshold)s: at most %(bound)s of these are wrong "
        "(%(wrong)s of %(accepted)s checked ones were)."
    )
    return sentence % {
        "threshold": figures.percent(found.threshold or 0.0, 2),
        "bound": figures.percent(found.bound or 0.0),
        "wrong": figures.whole(found.wrong),
        "accepted": figures.whole(found.accepted),
    }
