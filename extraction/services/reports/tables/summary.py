"""Three questions that a report answers: is the student good enough, what does it save, where does it fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from extraction.domain.evaluation.tables.agreement import Agreement
from extraction.domain.evaluation.tables.partitions import UNKNOWN, Part, PartitionKind, PartScore
from extraction.domain.results.costs import Prices
from extraction.domain.results.reports import ReportedSystem, ReportValue
from extraction.services.reports.costs import PricedSystem
from extraction.services.reports.verdict import Verdict, verdicts

# A part of the documents is said to be weak from so many documents on.
FEWEST = 5
WEAKEST = 3


@dataclass(frozen=True, slots=True)
class Saving:
    """Dollars a year with the student and with the teacher, and a document; `after` so many documents the student has
    paid back what it took to become (`None`: never, or at once)."""

    student: Decimal
    teacher: Decimal
    student_document: Decimal
    teacher_document: Decimal
    after: int | None

    @property
    def saved(self) -> Decimal:
        return self.teacher - self.student


@dataclass(frozen=True, slots=True)
class WeakField:
    name: str
    anls: float


@dataclass(frozen=True, slots=True)
class WeakPart:
    """A part of the documents on which the student is surely below its mean ANLS on all."""

    kind: PartitionKind
    part: Part
    score: PartScore


@dataclass(frozen=True, slots=True)
class Summary:
    """A student of a report in short. `verdict` is missing where there is no teacher to compare with, `saving` where
    prices or speeds are not known."""

    student: ReportedSystem
    verdict: Verdict | None
    agreement: bool
    saving: Saving | None
    weak_fields: tuple[WeakField, ...]
    weak_parts: tuple[WeakPart, ...]
    errors: Agreement | None


def summary(value: ReportValue, priced: list[PricedSystem], prices: Prices | None, serving: str = "") -> Summary | None:
    """Of the student that is `serving`, else of the first one; `None` without any."""
    student = value.system(serving) or value.first("student")
    if student is None or student.kind != "student":
        return None
    teacher = value.first("teacher")
    return Summary(
        student=student,
        verdict=next((each for each in verdicts(value) if each.student == student.name), None),
        agreement=value.agreement,
        saving=_saving(student.name, teacher.name, priced, prices) if teacher and prices else None,
        weak_fields=tuple(_weak_fields(student)),
        weak_parts=tuple(_weak_parts(value, student))[:WEAKEST],
        errors=value.tables.agreement(student.name) if value.tables and not value.agreement else None,
    )


def _saving(student: str, teacher: str, priced: list[PricedSystem], prices: Prices) -> Saving | None:
    costs = {each.system.name: each.cost for each in priced}
    ours, theirs = costs.get(student), costs.get(teacher)
    if ours is None or theirs is None:
        return None
    count = prices.documents_a_year
    lead = (theirs.total - ours.reading - ours.escalation) / count
    after = int(ours.once / lead) + 1 if lead > 0 and ours.once else None
    return Saving(ours.total, theirs.total, ours.of_document(count), theirs.of_document(count), after)


def _weak_fields(student: ReportedSystem) -> Iterator[WeakField]:
    """The worst ones, of those that are not perfect."""
    scored = sorted(student.scores.fields.items(), key=lambda item: item[1].anls)
    for name, score in scored[:WEAKEST]:
        if score.anls < 1:
            yield WeakField(name, score.anls)


def _weak_parts(value: ReportValue, student: ReportedSystem) -> Iterator[WeakPart]:
    """Those whose interval ends below the mean over all documents, the worst first."""
    found = [
        WeakPart(partition.kind, part, score)
        for partition in (value.tables.partitions if value.tables else ())
        if partition.of in ("", student.name) and len(partition.parts) > 1
        for part in partition.parts
        if part.key != UNKNOWN and part.documents >= FEWEST
        for score in [part.systems[student.name]]
        if score.mean_anls_ci95[1] < student.scores.mean_anls
    ]
    return iter(sorted(found, key=lambda weak: weak.score.mean_anls))
