"""Two systems of a report side by side, document by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.domain.results.reports import ReportValue
from extraction.domain.trust.answers import ComparedAnswer
from extraction.domain.trust.pairs import PairCounts
from extraction.models import Document, Report, ReportedDocument
from extraction.services.errors import Invalid, NotFound

PAGE = 25


class Shown(StrEnum):
    """Which documents are listed, by who has them right."""

    ALL = "all"
    DIFFERENT = "different"
    ONLY_LEFT = "only_left"
    ONLY_RIGHT = "only_right"
    BOTH_WRONG = "both_wrong"


@dataclass(frozen=True, slots=True)
class Pair:
    """Systems of a report, and what they are compared by: a field, or (empty) every field of a document."""

    left: str
    right: str
    field: str = ""

    @classmethod
    def choose(cls, value: ReportValue, left: str, right: str, field: str) -> Pair:
        """Those named; where one is not, the first student, else the first two. Raises `NotFound` and `Invalid`."""
        names = [system.name for system in value.systems]
        if unknown := {left, right}.difference(names, [""]):
            raise NotFound(gettext_noop("The report has no system {name!r}."), name=min(unknown))
        if field and field not in (*value.fields, *value.groups):
            raise NotFound(gettext_noop("The report has no field {name!r}."), name=field)
        if len(names) < 2:
            raise Invalid(gettext_noop("The report has one system alone: there is nothing to compare it with."))
        student = value.first("student")
        left = left or next(name for name in [student.name if student else names[0], *names] if name != right)
        right = right or next(name for name in names if name != left)
        if left == right:
            raise Invalid(gettext_noop("Choose two different systems."))
        return cls(left, right, field)


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A field of a document that one of the two has wrong, or the chosen one."""

    name: str
    truth: str | None
    left: ComparedAnswer
    right: ComparedAnswer

    @property
    def sides(self) -> tuple[ComparedAnswer, ComparedAnswer]:
        return self.left, self.right

    def to_json(self) -> JsonObject:
        return {
            "field": self.name,
            "truth": self.truth,
            "left": {"answer": self.left.answer, "right": self.left.right},
            "right": {"answer": self.right.answer, "right": self.right.right},
        }


@dataclass(frozen=True, slots=True)
class ComparedDocument:
    document: Document
    left: bool
    right: bool
    fields: tuple[ComparedField, ...]

    def to_json(self) -> JsonObject:
        return {
            "document": self.document.pk,
            "name": self.document.name,
            "left_right": self.left,
            "right_right": self.right,
            "fields": [field.to_json() for field in self.fields],
        }


def rows(report: Report, pair: Pair, shown: Shown = Shown.ALL) -> QuerySet[ReportedDocument]:
    """The left system's rows of the documents that both read, those first that one of the two alone has right."""
    beside = report.answered.filter(system=pair.right, document=OuterRef("document")).values("wrong")[:1]
    # Text that no list of fields is, so that documents of the left alone are left out.
    found = report.answered.filter(system=pair.left).annotate(
        other=Coalesce(Subquery(beside), Value("?"), output_field=TextField())
    )
    found = found.exclude(other="?")
    if pair.field:
        found = found.filter(answers__has_key=pair.field)
    conditions = _conditions(pair)
    listed = found.filter(conditions[shown]) if shown in conditions else found
    differing = Case(When(conditions[Shown.DIFFERENT], then=0), default=1)
    return listed.order_by(differing, "document")


def counts(report: Report, pair: Pair) -> PairCounts:
    """One query."""
    left, right = _wrong(pair)
    sums = rows(report, pair).aggregate(
        both_right=Count("pk", filter=~left & ~right),
        only_left=Count("pk", filter=~left & right),
        only_right=Count("pk", filter=left & ~right),
        both_wrong=Count("pk", filter=left & right),
    )
    return PairCounts(**sums)


def compared(report: Report, pair: Pair, listed: Sequence[ReportedDocument]) -> list[ComparedDocument]:
    """Rows of `rows`, which need their documents, with both systems' answers; one query."""
    keys = [row.document_id for row in listed]
    others = report.answered.filter(system=pair.right, document__in=keys)
    beside = {row.document_id: row.answers for row in others}
    return [_compared(row, beside.get(row.document_id, {}), pair) for row in listed]


def _compared(row: ReportedDocument, beside: Mapping[str, Any], pair: Pair) -> ComparedDocument:
    fields = []
    for name, value in row.answers.items():
        left = ComparedAnswer.from_json(value)
        right = ComparedAnswer.from_json(beside[name]) if name in beside else left
        if name == pair.field or (not pair.field and not (left.right and right.right)):
            fields.append(ComparedField(name, left.truth, left, right))
    return ComparedDocument(
        row.document,
        all(field.left.right for field in fields),
        all(field.right.right for field in fields),
        tuple(fields),
    )


def _conditions(pair: Pair) -> dict[Shown, Q]:
    left, right = _wrong(pair)
    return {
        Shown.DIFFERENT: (~left & right) | (left & ~right),
        Shown.ONLY_LEFT: ~left & right,
        Shown.ONLY_RIGHT: left & ~right,
        Shown.BOTH_WRONG: left & right,
    }


def _wrong(pair: Pair) -> tuple[Q, Q]:
    """That the left and that the right one is wrong."""
    if not pair.field:
        return ~Q(wrong=""), ~Q(other="")
    return Q(wrong__contains=f",{pair.field},"), Q(other__contains=f",{pair.field},")
