"""Sentences about escalation for people."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.escalation.curve import FEWEST, Curve, Point
from extraction.domain.escalation.outcomes import AnswerSource, Outcome
from extraction.models import EscalationChange
from extraction.services import figures

OUTCOMES = {
    Outcome.OFF: gettext_lazy("Escalation was off"),
    Outcome.NOT_NEEDED: gettext_lazy("The student was sure enough"),
    Outcome.NO_BUDGET: gettext_lazy("The budget was used up"),
    Outcome.NO_CONSENT: gettext_lazy("Nobody agreed to this provider"),
    Outcome.UNAVAILABLE: gettext_lazy("The teacher cannot be asked here"),
    Outcome.FAILED: gettext_lazy("The teacher gave no usable answer in time"),
    Outcome.DONE: gettext_lazy("The teacher answered"),
}


SOURCES = {
    AnswerSource.STUDENT: gettext_lazy("Student"),
    AnswerSource.TEACHER: gettext_lazy("Teacher"),
    AnswerSource.BOTH: gettext_lazy("Both"),
}


def of_outcome(outcome: Outcome, usd: float) -> str:
    """What became of asking the teacher about a file; empty where that is off."""
    if outcome is Outcome.OFF:
        return ""
    title = str(OUTCOMES[outcome])
    if not usd:
        return f"{title}."
    return gettext("%(outcome)s, for %(usd)s.") % {"outcome": title, "usd": figures.dollars(usd)}


def of_point(curve: Curve, point: Point) -> str:
    """What a point of the curve means."""
    sentence = gettext(
        "With %(share)s of the documents to the teacher, %(accuracy)s of the fields are right: %(lead)s points "
        "compared with none, and %(beside)s points compared with as many at random."
    )
    return sentence % {
        "share": figures.percent(point.share, 0),
        "accuracy": figures.percent(point.accuracy),
        "lead": figures.decimal(100 * (point.accuracy - curve.points[0].accuracy), 1, sign=True),
        "beside": figures.decimal(100 * (point.accuracy - point.random), 1, sign=True),
    }


def of_cost(curve: Curve, point: Point, monthly: float) -> str:
    """What a point costs at a traffic of so many documents a month."""
    thousand, month = curve.dollars(point.share), curve.dollars(point.share, monthly)
    if thousand is None or month is None:
        return gettext("What that costs is not known: this teacher has no price here.")
    if monthly < 1:
        return gettext("1,000 documents cost %(usd)s.") % {"usd": figures.dollars(thousand)}
    return gettext("1,000 documents cost %(usd)s; at about %(number)s documents a month that is %(month)s.") % {
        "usd": figures.dollars(thousand),
        "number": figures.whole(round(monthly)),
        "month": figures.dollars(month),
    }


def of_evidence(curve: Curve) -> str:
    """What the curve rests on."""
    sentence = ngettext(
        "Measured on %(number)s validation document whose values people gave.",
        "Measured on %(number)s validation documents whose values people gave.",
        curve.documents,
    ) % {"number": figures.whole(curve.documents)}
    if curve.documents < FEWEST:
        sentence += " " + gettext("Fewer than %(fewest)s say little: review more of them.") % {"fewest": FEWEST}
    return sentence


def of_change(change: EscalationChange) -> str:
    """What somebody set."""
    value = change.value
    # Settings of earlier versions have no such key.
    kept = gettext("Unsure files are kept for review.") if value.get("keep_unsure") else ""
    if not value["active"]:
        off = gettext("Switched off.")
        return f"{off} {kept}".rstrip()
    weighed = ", ".join(f"{name} {figures.decimal(weight, 1)}" for name, weight in value["weights"].items())
    sentence = gettext("On, at most %(usd)s a month, %(seconds)s s to answer.") % {
        "usd": figures.dollars(value["monthly_usd"], 2),
        "seconds": value["timeout_seconds"],
    }
    weights = gettext("Weights: %(weights)s.") % {"weights": weighed} if weighed else ""
    return " ".join(filter(None, (sentence, weights, kept)))
