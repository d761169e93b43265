"""Sentences about what more labels would bring, and about drift."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.trust.drift import Aspect, AspectDrift, Drift, DriftState
from extraction.domain.trust.learning_curve import FEWEST
from extraction.models import DriftCheck
from extraction.services import figures
from extraction.services.reports.trust.learning import LearningCurve

ASPECTS = {
    Aspect.LAYOUT: gettext_lazy("Layout"),
    Aspect.VENDOR: gettext_lazy("Vendor"),
    Aspect.LANGUAGE: gettext_lazy("Language"),
    Aspect.CONFIDENCE: gettext_lazy("Confidence"),
}
_FOUND = {
    Aspect.LAYOUT: gettext_lazy(
        "%(value)s of the documents look like none that it learned from; %(expected)s would without drift."
    ),
    Aspect.VENDOR: gettext_lazy(
        "%(value)s of the documents are of vendors that it learned nothing from; %(expected)s would be without drift."
    ),
    Aspect.LANGUAGE: gettext_lazy(
        "%(value)s of the documents would have to be in another language for the mixture to be the same; %(expected)s "
        "would without drift."
    ),
    Aspect.CONFIDENCE: gettext_lazy(
        "It is %(value)s points less sure than on the documents that it was checked on, in the field with the largest "
        "drop."
    ),
}


def of_outlook(curve: LearningCurve) -> str:
    """What the next labels would bring, or why that is not known."""
    found = curve.outlook
    if found is None:
        sizes = len({point.labels for point in curve.points if point.labels})
        told = ngettext(
            "What the next hundred labels would bring is not known: that takes models that learned from %(needed)s "
            "clearly different numbers of labels, and there is %(number)s.",
            "What the next hundred labels would bring is not known: that takes models that learned from %(needed)s "
            "clearly different numbers of labels, and there are %(number)s.",
            sizes,
        )
        return told % {"needed": figures.whole(FEWEST), "number": figures.whole(sizes)}
    low, high = found.ci95
    values = {
        "more": figures.whole(found.more),
        "gain": _points(found.gain),
        "low": _points(low),
        "high": _points(high),
    }
    if low > 0:
        return (
            gettext(
                "The next %(more)s labels would bring about %(gain)s points of mean ANLS, with 95 %% confidence "
                "between %(low)s and %(high)s."
            )
            % values
        )
    sentence = gettext(
        "Whether the next %(more)s labels would bring anything is open: about %(gain)s points of mean ANLS, with 95 %% "
        "confidence between %(low)s and %(high)s."
    )
    return sentence % values


def of_price(curve: LearningCurve) -> str:
    """What the next hundred labels would cost at what they did so far; empty where that is not known, or nothing."""
    if not curve.minutes and not curve.usd:
        return ""
    values = {"minutes": figures.decimal(100 * (curve.minutes or 0), 0), "usd": figures.dollars(100 * (curve.usd or 0))}
    return (
        gettext("A hundred labels have taken %(minutes)s minutes of review and %(usd)s for teachers so far.") % values
    )


def of_drift(found: DriftCheck | None) -> str:
    """The result of the last check in one sentence."""
    drift = found.as_domain() if found else None
    if found is None or drift is None:
        return gettext("Nothing was compared yet: that is done once a day for the model that serves.")
    values = {"model": found.model.name, "days": figures.whole(drift.days), "aspects": aspects(drift)}
    if drift.drifted:
        sentence = gettext("What came in within %(days)s days differs from what %(model)s learned from: %(aspects)s.")
    elif drift.known:
        sentence = gettext(
            "What came in within %(days)s days is like what %(model)s learned from, as far as one can tell."
        )
    else:
        sentence = gettext(
            "Too few documents came in within %(days)s days to compare them with what %(model)s learned from."
        )
    return sentence % values


def aspects(drift: Drift) -> str:
    """Those that drifted: `Layout, Vendor`."""
    return ", ".join(str(ASPECTS[aspect]) for aspect in drift.drifted)


def of_aspect(each: AspectDrift) -> str:
    """What was found in one aspect."""
    if each.state is DriftState.UNKNOWN or each.value is None:
        sentence = gettext("Too few to tell: %(learned)s were learned from, %(came)s came in.")
        return sentence % {"learned": figures.whole(each.learned), "came": figures.whole(each.came)}
    if each.aspect is Aspect.CONFIDENCE:
        values = {"value": _points(each.value)}
    else:
        values = {"value": figures.percent(each.value, 0), "expected": figures.percent(each.expected or 0.0, 0)}
    return str(_FOUND[each.aspect]) % values


def _points(share: float) -> str:
    return figures.decimal(100 * share, 1)
