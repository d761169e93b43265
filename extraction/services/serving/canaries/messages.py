"""Sentences about canaries."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from extraction.domain.canaries.verdicts import Doubt, Figures, Verdict
from extraction.models import Canary
from extraction.services import figures
from extraction.services.serving.canaries.state import State


def of_state(state: State) -> str:
    """What runs, or how the last one ended."""
    canary = state.canary
    if canary is None:
        return gettext("No canary was started yet.")
    names = {"candidate": canary.candidate.name, "serving": canary.serving.name, "share": canary.share}
    if canary.running:
        return gettext("%(candidate)s answers %(share)s %% of the documents, %(serving)s the others.") % names
    return gettext("%(candidate)s answered %(share)s %% of the documents.") % names


def of_ending(canary: Canary) -> str:
    """`Rolled back: surely worse.`"""
    return gettext("%(state)s: %(why)s.") % {
        "state": canary.get_state_display(),
        "why": canary.get_ending_display(),
    }


def of_verdict(state: State) -> str:
    """What may be said by now."""
    if state.canary is None:
        return ""
    margin = {"points": points(state.canary.margin, sign=False)}
    match state.verdict:
        case Verdict.WORSE:
            return gettext("The candidate is surely worse.")
        case Verdict.NOT_WORSE:
            return gettext("The candidate is surely no more than %(points)s points worse.") % margin
        case Verdict.OPEN:
            return gettext("It is not sure yet whether the candidate is more than %(points)s points worse.") % margin


def of_doubts(state: State) -> list[str]:
    """A sentence for each doubt."""
    return [_of_doubt(doubt, state) for doubt in state.doubts]


def of_documents(found: Figures) -> str:
    """How many were compared, differ, and are checked."""
    sentence = ngettext(
        "%(count)s document was answered by both; the answers differ in %(differing)s, of which %(checked)s are "
        "checked.",
        "%(count)s documents were answered by both; the answers differ in %(differing)s, of which %(checked)s are "
        "checked.",
        found.documents,
    )
    return sentence % {
        "count": figures.whole(found.documents),
        "differing": figures.whole(found.differing),
        "checked": figures.whole(found.checked),
    }


def of_lead(found: Figures) -> str:
    """The lead of the candidate, as far as it is measured."""
    low, high = found.ci95
    values = {"low": points(low), "high": points(high), "lead": points(found.lead or 0.0)}
    if found.lead is None:
        return gettext("Lead in mean ANLS: %(low)s to %(high)s points (95 %%, at every look).") % values
    return gettext("Lead in mean ANLS: %(lead)s points (95 %%, at every look: %(low)s to %(high)s).") % values


def of_expected(found: Figures) -> str:
    """What nobody has measured."""
    sentence = gettext("Expected by the confidences of both: %(lead)s points, an estimate and no measurement.")
    return sentence % {"lead": points(found.expected)}


def of_times(found: Figures) -> str:
    """Empty where nothing was compared yet."""
    if found.candidate_ms is None or found.serving_ms is None:
        return ""
    return gettext("An answer takes the candidate %(candidate)s ms, the serving version %(serving)s ms.") % {
        "candidate": figures.decimal(found.candidate_ms, 0),
        "serving": figures.decimal(found.serving_ms, 0),
    }


def points(share: float, *, sign: bool = True) -> str:
    """A difference of ANLS in points."""
    return figures.decimal(100 * share, 1, sign=sign)


def _of_doubt(doubt: Doubt, state: State) -> str:
    canary = state.canary
    match doubt:
        case Doubt.FEW_DOCUMENTS:
            return gettext("Fewer documents are compared than the %(count)s that were asked for.") % {
                "count": figures.whole(canary.documents if canary else 0)
            }
        case Doubt.MEAN if state.unchecked:
            return ngettext(
                "%(count)s document in which the two differ is not checked; until then it counts against the "
                "candidate.",
                "%(count)s documents in which the two differ are not checked; until then they count against the "
                "candidate.",
                state.unchecked,
            ) % {"count": figures.whole(state.unchecked)}
        case Doubt.MEAN:
            return gettext("The documents are too few, or the two differ too much.")
        case Doubt.FIELDS:
            return gettext("It lost much on: %(fields)s.") % {"fields": ", ".join(state.worse)}
        case Doubt.FAILURES:
            failures = canary.failures if canary else 0
            return ngettext("It failed on %(count)s document.", "It failed on %(count)s documents.", failures) % {
                "count": figures.whole(failures)
            }
