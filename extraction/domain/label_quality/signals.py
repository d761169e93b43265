"""Signals: the evidence about a label as numbers from 0 to 1, each speaking for it or against it by its nature.

Evidence that is lacking gives 0, so that it neither speaks for nor against. A new signal is one `register` call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extraction.domain.label_quality.evidence import Evidence

# Places beyond the first, other answers, and documents of a vendor after which more of them say no more.
MOST_PLACES, MOST_ANSWERS, MOST_DOCUMENTS = 3, 3, 5


@dataclass(frozen=True, slots=True)
class Signal:
    """`measure` gives 0 (nothing known) to 1; `supports`: it speaks for a label, else against. `prior` is its weight in
    log-odds before anybody reviewed anything, positive where it supports, else negative."""

    name: str
    supports: bool
    prior: float
    measure: Callable[[Evidence], float]


_SIGNALS: dict[str, Signal] = {}


def register(name: str, prior: float, measure: Callable[[Evidence], float]) -> Signal:
    """Make a signal known; the sign of its prior weight is its nature. Raises `ValueError` for a name that is taken."""
    if name in _SIGNALS or not prior:
        raise ValueError(f"The signal {name!r} is registered already, or has no prior weight.")
    _SIGNALS[name] = Signal(name, prior > 0, prior, measure)
    return _SIGNALS[name]


def unregister(name: str) -> None:
    """Forget a signal: for tests that register one."""
    del _SIGNALS[name]


def known() -> tuple[Signal, ...]:
    """All signals, in the order of their registration."""
    return tuple(_SIGNALS.values())


def measures(evidence: Evidence) -> dict[str, float]:
    """What the signals that are there say, by name."""
    values = {signal.name: signal.measure(evidence) for signal in known()}
    return {name: value for name, value in values.items() if value}


def _agreeing(evidence: Evidence) -> float:
    return min(sum(evidence.others), MOST_ANSWERS) / MOST_ANSWERS


def _disagreeing(evidence: Evidence) -> float:
    return min(sum(1 - alike for alike in evidence.others), MOST_ANSWERS) / MOST_ANSWERS


def _same_vendor(evidence: Evidence) -> float:
    return min(evidence.vendor_same, MOST_DOCUMENTS) / MOST_DOCUMENTS


def _other_vendor(evidence: Evidence) -> float:
    both = evidence.vendor_same + evidence.vendor_other
    return evidence.vendor_other / both * min(both, MOST_DOCUMENTS) / MOST_DOCUMENTS if both else 0.0


register("not_found", -3.0, lambda known: 0.0 if known.found is None else 1 - known.found)
register("repeated", 0.5, lambda known: min(max(known.places - 1, 0), MOST_PLACES) / MOST_PLACES)
register("poorly_read", -1.5, lambda known: 0.0 if known.ocr is None else 1 - known.ocr)
register("not_a_value", -2.0, lambda known: float(not known.certain))
register("unsure", -1.5, lambda known: float(known.unsure))
register("own_doubt", -2.0, lambda known: 0.0 if known.confidence is None else 1 - known.confidence)
register("not_quoted", -1.0, lambda known: float(known.quoted is False))
register("absent", -0.5, lambda known: float(known.absent))
register("others_agree", 3.0, _agreeing)
register("others_differ", -4.5, _disagreeing)
register("rules_agree", 1.0, lambda known: known.rules or 0.0)
register("rules_differ", -1.0, lambda known: 0.0 if known.rules is None else 1 - known.rules)
register("vendor_agrees", 1.5, _same_vendor)
register("vendor_differs", -2.0, _other_vendor)
register("student_agrees", 2.0, lambda known: known.student_agrees)
register("student_differs", -2.5, lambda known: known.student_differs)
