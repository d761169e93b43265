"""Agreement of claims with the teacher and with people, by field, and the documents on which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from extraction.domain import label_sources
from extraction.domain.claims.mapping import mappable
from extraction.domain.evaluation.proportions import Proportion
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.models import ClaimImport, Document, Label, Project, Source

# Differing documents that are named of each field.
NAMED = 20


class Against(StrEnum):
    """Who claims are compared with."""

    TEACHER = "teacher"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Difference:
    """A document whose claim differs from the other's value; `None`: not on the document."""

    document: int
    name: str
    claim: str | None
    other: str | None

    def to_json(self) -> JsonObject:
        return {"file": self.name, "claim": self.claim, "other": self.other}


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """Of the `both` documents on which claim and other have a value, `same` have the same."""

    field: str
    title: str
    against: Against
    same: int
    both: int
    differences: tuple[Difference, ...]

    @property
    def proportion(self) -> Proportion:
        return Proportion(self.same, self.both)

    @property
    def unnamed(self) -> int:
        """Differing documents beyond those in `differences`."""
        return self.both - self.same - len(self.differences)

    def to_json(self) -> JsonObject:
        return {
            "field": self.field,
            "against": self.against.value,
            "same": self.same,
            "both": self.both,
            "differences": [difference.to_json() for difference in self.differences],
        }


class _Row(NamedTuple):
    document: int
    field: str
    source: str
    teacher: str
    withdrawn: bool
    normalized: str | None
    value: str | None
    claim_import: int | None


@dataclass(slots=True)
class _Count:
    same: int = 0
    both: int = 0
    differing: list[tuple[int, str | None, str | None]] = field(default_factory=list)


def of_import(row: ClaimImport) -> list[FieldAgreement]:
    """Of an import's labels that are the claims in force; by field, the teacher before people. Two queries."""
    documents = row.labels.values("document")
    return _agreement(row.project, Document.objects.filter(pk__in=documents), row.pk)


def of_project(project: Project) -> list[FieldAgreement]:
    """Of all claims of a project. Two queries."""
    documents = Label.objects.filter(document__project=project, source=Source.CLAIM).values("document")
    return _agreement(project, project.documents.filter(pk__in=documents), None)


def _agreement(project: Project, documents: Iterable[Document], import_id: int | None) -> list[FieldAgreement]:
    fields = {each.name: each for each in mappable(project.schema)}
    counts = {(name, against): _Count() for name in fields for against in Against}
    rows = Label.objects.filter(document__in=documents, field__in=fields).order_by("document_id", "pk")
    read = rows.values_list(
        "document_id", "field", "source", "teacher", "withdrawn", "normalized", "value", "claim_import_id"
    )
    for _, history in groupby(map(_Row._make, read.iterator()), key=lambda label: label.document):
        for claim, against, other in _pairs(project, history, import_id):
            _add(counts[claim.field, against], fields[claim.field], claim, other)
    return _named(fields, counts)


def _pairs(project: Project, history: Iterable[_Row], import_id: int | None) -> Iterator[tuple[_Row, Against, _Row]]:
    """Of one document each claim in force with the other's current label of the field."""
    newest = {(row.field, row.source, row.teacher): row for row in history}
    standing = {place: row for place, row in newest.items() if not row.withdrawn}
    people = label_sources.names(by_people=True)
    for (name, source, _), claim in standing.items():
        if source != Source.CLAIM or (import_id is not None and claim.claim_import != import_id):
            continue
        if teacher := standing.get((name, Source.TEACHER.value, project.teacher)):
            yield claim, Against.TEACHER, teacher
        if person := next((standing[name, each, ""] for each in people if (name, each, "") in standing), None):
            yield claim, Against.PEOPLE, person


def _add(count: _Count, field: Field, claim: _Row, other: _Row) -> None:
    count.both += 1
    if _meaning(claim) == _meaning(other) or field.kind.tolerates(claim.value or "", other.value or ""):
        count.same += 1
    elif len(count.differing) < NAMED:
        count.differing.append((claim.document, claim.value, other.value))


def _meaning(row: _Row) -> str | None:
    return row.normalized.casefold() if row.normalized is not None else row.value and row.value.casefold()


def _named(fields: Mapping[str, Field], counts: Mapping[tuple[str, Against], _Count]) -> list[FieldAgreement]:
    keys = {pk for count in counts.values() for pk, _, _ in count.differing}
    names = dict(Document.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [
        FieldAgreement(
            name,
            fields[name].title,
            against,
            count.same,
            count.both,
            tuple(Difference(pk, names.get(pk, ""), claim, other) for pk, claim, other in count.differing),
        )
        for (name, against), count in counts.items()
        if count.both
    ]
