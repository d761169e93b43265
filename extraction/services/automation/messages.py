"""Sentences of this stage for people."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.evaluation.leads import FEWEST_DOCUMENTS
from extraction.domain.learning.corrections import Difference
from extraction.domain.results.automation import Changes, Comparison, Reason
from extraction.models import Automation, AutomationStep
from extraction.services import figures
from extraction.services.automation.upcoming import Next, Upcoming
from extraction.services.sentences import translated
from extraction.services.training.sufficiency import MINIMUM

Kind = AutomationStep.Kind

_REASONS = {
    Reason.CHOSEN: gettext_lazy("An owner chose to be asked."),
    Reason.SWITCHED_OFF: gettext_lazy("The automation was switched off before the comparison."),
    Reason.NOTHING_SERVES: gettext_lazy("No model serves yet."),
    Reason.PERSON_PROMOTED: gettext_lazy("Somebody promoted a model since this training began."),
    Reason.UNKNOWN_TRAINING: gettext_lazy("It is not known what one of the two was trained on."),
    Reason.NOT_REVIEWED: gettext_lazy(
        "No document to compare on was reviewed: the answers were compared with the teacher's labels."
    ),
    Reason.WORSE: gettext_lazy("It reads worse than the serving model."),
    Reason.FAILED: gettext_lazy("The two could not be compared."),
    Reason.CANARY_RUNS: gettext_lazy("Another canary runs."),
}
DIFFERENCES = {
    Difference.MISSED: gettext_lazy("the teacher found no value"),
    Difference.INVENTED: gettext_lazy("the teacher gave a value that is not on the document"),
    Difference.SHORTER: gettext_lazy("the teacher wrote too much"),
    Difference.LONGER: gettext_lazy("the teacher left a part out"),
    Difference.OTHER: gettext_lazy("the teacher took another value"),
}


def of_next(upcoming: Upcoming) -> str:
    """What happens next, and when, in one sentence."""
    match upcoming.kind:
        case Next.OFF:
            return gettext("Nothing happens by itself: the automation is off.")
        case Next.TRAINING:
            return gettext("The next count follows once the training %(name)s has ended.") % {"name": upcoming.run}
        case Next.COMPARING:
            return gettext("The model of %(name)s is compared with the serving one next.") % {"name": upcoming.run}
        case Next.COUNTING:
            return gettext("It trains after %(corrections)s, or after %(labels)s.") % of_changes(
                upcoming.more, more=True
            )
        case Next.FEW_DOCUMENTS:
            sentence = ngettext(
                "Enough is new, but only %(count)s labelled document is there to learn from: it trains from %(least)s "
                "on.",
                "Enough is new, but only %(count)s labelled documents are there to learn from: it trains from "
                "%(least)s on.",
                upcoming.documents,
            )
            return sentence % {"count": figures.whole(upcoming.documents), "least": MINIMUM}
        case Next.BUDGET:
            return gettext(
                "Enough is new, but the minutes of seven days are used up: it trains once they are free again."
            )
        case Next.DUE:
            return gettext("Enough is new: a training starts within minutes.")


def of_changes(changes: Changes, *, more: bool = False) -> dict[str, str]:
    """`corrections` and `labels` with their nouns; `more`: those that are still to come."""
    corrections, labels = changes.corrections, changes.labels
    if more:
        forms = (
            ngettext("%(count)s more correction", "%(count)s more corrections", corrections),
            ngettext("%(count)s more new label", "%(count)s more new labels", labels),
        )
    else:
        forms = (
            ngettext("%(count)s correction", "%(count)s corrections", corrections),
            ngettext("%(count)s new label", "%(count)s new labels", labels),
        )
    counts = (corrections, labels)
    texts = [form % {"count": figures.whole(count)} for form, count in zip(forms, counts, strict=True)]
    return {"corrections": texts[0], "labels": texts[1]}


def of_reasons(found: Comparison, row: Automation) -> list[str]:
    """A sentence for each reason of a comparison."""
    return [_reason(reason, found, row) for reason in found.reasons]


def _reason(reason: Reason, found: Comparison, row: Automation) -> str:
    match reason:
        case Reason.FEW_DOCUMENTS:
            sentence = ngettext(
                "Only %(count)s document could be compared; from %(least)s on the figures can decide.",
                "Only %(count)s documents could be compared; from %(least)s on the figures can decide.",
                found.documents,
            )
            return sentence % {"count": figures.whole(found.documents), "least": FEWEST_DOCUMENTS}
        case Reason.MEAN:
            return gettext(
                "It is not sure enough that it is no more than %(points)s points worse: the documents are too few, or "
                "the two too different."
            ) % {"points": figures.decimal(100 * row.margin, 1)}
        case Reason.FIELDS:
            return gettext("It lost more than %(points)s points on: %(fields)s.") % {
                "points": figures.decimal(100 * row.field_margin, 1),
                "fields": ", ".join(found.worse),
            }
        case _:
            return str(_REASONS[reason])


def of_step(step: AutomationStep) -> str:
    """What a step was about, in one sentence; empty where its kind says all."""
    match step.kind:
        case Kind.STARTED if step.changes:
            return gettext("After %(corrections)s and %(labels)s.") % of_changes(step.changes)
        case Kind.BUDGET_USED if step.spent:
            return gettext("%(minutes)s of %(budget)s minutes of seven days.") % {
                "minutes": figures.decimal(step.spent.minutes, 0),
                "budget": figures.decimal(step.spent.budget, 0),
            }
        case Kind.NOT_TRAINED:
            return translated(step.detail) or gettext("The training was cancelled.")
        case Kind.OVERTAKEN:
            return gettext("Somebody promoted a model meanwhile.")
        case _ if step.comparison:
            return _of_comparison(step.comparison)
        case _:
            return translated(step.detail)


def _of_comparison(found: Comparison) -> str:
    if found.leads is None:
        return ""
    mean = found.leads.mean
    sentence = ngettext(
        "%(lead)s points beside %(serving)s (95 %%: %(low)s to %(high)s) on %(count)s document.",
        "%(lead)s points beside %(serving)s (95 %%: %(low)s to %(high)s) on %(count)s documents.",
        mean.n,
    )
    return sentence % {
        "lead": _points(mean.value),
        "serving": found.serving,
        "low": _points(mean.ci95[0]),
        "high": _points(mean.ci95[1]),
        "count": figures.whole(mean.n),
    }


def _points(share: float) -> str:
    return figures.decimal(100 * share, 1, sign=True)
