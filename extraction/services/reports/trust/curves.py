"""Confidences of a report's systems: how far they come true, and from which on answers may be accepted."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.guarantees import Guarantee
from extraction.domain.json_types import JsonObject
from extraction.domain.results.reports import ReportValue
from extraction.domain.trust.confidences import Confidences, CoveragePoint
from extraction.models import Report
from extraction.services.errors import Invalid, NotFound
from extraction.services.serving.guarantees import LEAST, MOST

# The share of wrong answers that is wanted where nobody says.
USUAL = 0.02
# Shares of the answers for which a table says how many are right.
SHARES = (1.0, 0.95, 0.9, 0.8, 0.6, 0.4)
# Points of a curve, which a picture cannot show more of.
POINTS = 60


@dataclass(frozen=True, slots=True)
class Trust:
    """Confidences of `system` for `field` (empty: all flat fields together); `fields` are those there are.

    `confidences` is `None` for reports of earlier versions, which kept none, `threshold` where no answer has one."""

    system: str
    field: str
    fields: tuple[str, ...]
    confidences: Confidences | None
    target: float
    threshold: Guarantee | None

    @property
    def curve(self) -> list[CoveragePoint]:
        """Accuracy at coverage, at most about `POINTS` points."""
        points = self.confidences.coverage() if self.confidences else []
        step = max(1, len(points) // POINTS)
        return points[:-1:step] + points[-1:]

    @property
    def table(self) -> list[CoveragePoint]:
        """The surest answers that make up at least each of `SHARES`."""
        points = self.confidences.coverage() if self.confidences else []
        found = [next(point for point in points if point.coverage >= share - 1e-9) for share in SHARES if points]
        return list(dict.fromkeys(found))

    def to_json(self) -> JsonObject:
        known = self.confidences
        return {
            "system": self.system,
            "field": self.field or None,
            "answers": known.count if known else 0,
            "without_confidence": known.silent if known else 0,
            "auroc": known.auroc if known else None,
            "calibration_error": known.calibration_error if known and known.count else None,
            "reliability": [
                {
                    "low": each.low,
                    "high": each.high,
                    "confidence": each.confidence,
                    "answers": each.right.count,
                    "right": each.right.share,
                    "right_ci95": list(each.right.ci95),
                }
                for each in (known.bins() if known else ())
            ],
            "accuracy_at_coverage": [
                {"confidence": each.confidence, "coverage": each.coverage, "right": each.right.share}
                for each in self.curve
            ],
            "threshold": self.threshold.to_json() if self.threshold else None,
        }


def of(report: Report, value: ReportValue, system: str = "", field: str = "", target: float = USUAL) -> Trust:
    """Of a system, without one of the report's student, else of its first; one query.

    Raises `NotFound` for an unknown system or field, and `Invalid` for a share of wrong answers that is out of range.
    """
    if not LEAST <= target <= MOST:
        raise Invalid(gettext_noop("The share of wrong answers is from 0.1 % to 50 %."))
    known = value.system(system) if system else value.first("student") or next(iter(value.systems), None)
    if known is None:
        raise NotFound(gettext_noop("The report has no system {name!r}."), name=system)
    rows = dict(report.confidences.filter(system=known.name).order_by("pk").values_list("field", "value"))
    if field and field not in rows:
        raise NotFound(gettext_noop("The report has no confidences for the field {name!r}."), name=field)
    confidences = Confidences.from_json(rows[field]) if field in rows else None
    threshold = confidences.threshold(target) if confidences and confidences.count else None
    return Trust(known.name, field, tuple(name for name in rows if name), confidences, target, threshold)
