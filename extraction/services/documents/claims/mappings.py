"""What the columns of a table mean: proposed as they were chosen before, by their names and by what they hold, and
checked as a person chose it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from extraction.domain.claims.attributes import NEEDED, Attribute
from extraction.domain.claims.cells import TableLine
from extraction.domain.claims.mapping import (
    DOCUMENT_NAMES,
    ColumnMapping,
    by_names,
    claim_by_names,
    mappable,
    names_of,
    plain,
)
from extraction.domain.field_types import agree
from extraction.domain.fields import Field
from extraction.models import ClaimImport, Document, Label, Project
from extraction.services.documents.claims import messages
from extraction.services.documents.imports.document_names import DocumentNames
from extraction.services.errors import Invalid
from extraction.services.labels import conventions, ranking
from extraction.services.projects import schema_versions

# Imports whose mappings are remembered, and columns that are compared with labels.
REMEMBERED, COMPARED = 20, 40
# Lines on which a column and a field must agree at least, and the share of those on which both say something.
ENOUGH, SHARE = 2, 0.5


def propose(
    project: Project, columns: Sequence[str], lines: Sequence[TableLine], documents: DocumentNames
) -> ColumnMapping:
    """The mapping that a person is shown first; what nothing speaks for is left open."""
    document_name, remembered, claim, names = _remembered(project)
    document = _document_column(columns, lines, documents, document_name)
    found = by_names(columns, remembered)
    for column, name in by_names(columns, names_of(project.schema)).items():
        # A column that was left out before is left out again.
        if column not in found and name not in found.values() and plain(columns[column]) not in map(plain, remembered):
            found[column] = name
    found = {column: name for column, name in found.items() if name and column != document}
    if document is not None:
        left = [
            column
            for column in range(min(len(columns), COMPARED))
            if column != document and column not in found and plain(columns[column]) not in map(plain, remembered)
        ]
        found |= _by_values(project, left, set(found.values()), _labelled(lines, document, documents))
    attributes = _claim(columns, claim, document)
    if document is None and attributes:
        found = {}  # claims need no document, and labels do
    return ColumnMapping(document, dict(sorted(found.items())), claim=attributes, names=names)


def _claim(
    columns: Sequence[str], remembered: Mapping[str, Attribute | None], document: int | None
) -> Mapping[int, Attribute]:
    """What the columns say about a claim; the one that names the document says nothing else."""
    named = [name if column != document else "" for column, name in enumerate(columns)]
    return claim_by_names(named, remembered)


def check(row: ClaimImport, mapping: ColumnMapping) -> None:
    """Raise `Invalid` for a mapping that cannot be used."""
    columns = range(len(row.columns))
    known = {field.name for field in mappable(row.project.schema)}
    if mapping.document is not None and mapping.document not in columns:
        raise Invalid(messages.NO_DOCUMENT_COLUMN)
    if not mapping.fields and not mapping.claim:
        raise Invalid(messages.NO_MEANING)
    if mapping.fields and mapping.document is None:
        raise Invalid(messages.NO_DOCUMENT_COLUMN)
    _check_claim(row, mapping)
    for column, name in mapping.fields.items():
        if column not in columns or column == mapping.document:
            raise Invalid(messages.COLUMN_TWICE)
        if name not in known:
            raise Invalid(messages.UNKNOWN_FIELD, name=name)
    names = list(mapping.fields.values())
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise Invalid(messages.FIELD_TWICE, name=doubled)


def _check_claim(row: ClaimImport, mapping: ColumnMapping) -> None:
    chosen = list(mapping.claim.values())
    if any(column not in range(len(row.columns)) or column == mapping.document for column in mapping.claim):
        raise Invalid(messages.COLUMN_TWICE)
    if twice := next((attribute for attribute in chosen if chosen.count(attribute) > 1), None):
        raise Invalid(messages.ATTRIBUTE_TWICE, name=messages.ATTRIBUTES[twice])
    if missing := next((attribute for attribute in NEEDED if chosen and attribute not in chosen), None):
        raise Invalid(messages.NEEDED_ATTRIBUTE, name=messages.ATTRIBUTES[missing])


def _remembered(project: Project) -> tuple[str, dict[str, str], dict[str, Attribute | None], bool]:
    """The name of the column that named documents last, and the fields and attributes of claims by names of columns, as
    the newest imports had them, empty for a column that was left out; whether names of employees were kept last."""
    rows = project.claim_imports.exclude(state=ClaimImport.State.MAPPING).order_by("-pk")[:REMEMBERED]
    document, names, claim = "", dict[str, str](), dict[str, Attribute | None]()
    kept_names = [mapping.names for row in rows if (mapping := row.column_mapping()).claim]
    for row in rows:
        mapping = row.column_mapping()
        if mapping.document is not None:
            document = document or row.columns[mapping.document]
        for column, name in enumerate(row.columns):
            if name and column != mapping.document:
                names.setdefault(name, mapping.fields.get(column, ""))
                if mapping.claim:
                    claim.setdefault(name, mapping.claim.get(column))
    present = {name: schema_versions.renamed_to(project, name) for name in set(names.values()) if name}
    usable = {field.name for field in mappable(project.schema)}
    kept = {column: present.get(name) or "" for column, name in names.items()}
    fields = {column: name for column, name in kept.items() if not name or name in usable}
    return document, fields, claim, bool(kept_names and kept_names[0])


def _document_column(
    columns: Sequence[str], lines: Sequence[TableLine], documents: DocumentNames, remembered: str
) -> int | None:
    """The column whose cells name documents most often; else the one that is called so."""
    counts = [
        sum(bool((cell := line.cell(column)) and documents.find(cell.text)) for line in lines)
        for column in range(len(columns))
    ]
    most = max(counts, default=0)
    if most:
        return counts.index(most)
    names = {plain(remembered)} if remembered else set()
    return next((at for at, name in enumerate(columns) if plain(name) in names | DOCUMENT_NAMES), None)


def _labelled(
    lines: Sequence[TableLine], column: int, documents: DocumentNames
) -> list[tuple[TableLine, Mapping[str, Label]]]:
    """The lines whose document has labels, with these; two queries."""
    keys: dict[int, TableLine] = {}
    for line in lines:
        cell = line.cell(column)
        found = documents.find(cell.text) if cell else []
        if len(found) == 1:
            keys.setdefault(found[0], line)
    best = ranking.best_for(Document.objects.filter(pk__in=keys))
    return [(line, best[pk]) for pk, line in keys.items() if pk in best]


def _by_values(
    project: Project,
    columns: Iterable[int],
    taken: set[str],
    labelled: Sequence[tuple[TableLine, Mapping[str, Label]]],
) -> dict[int, str]:
    """Columns whose cells say mostly what the documents' labels of a field say, the surest pair first."""
    known = conventions.of(project)
    fields = [field for field in mappable(project.schema) if field.name not in taken]
    pairs = []
    for column in columns:
        for field in fields:
            same = [
                agree(field, cell.text, label.value, conventions=known)
                for line, labels in labelled
                if (cell := line.cell(column)) and not cell.empty and (label := _said(field, labels))
            ]
            if sum(same) >= ENOUGH and sum(same) >= SHARE * len(same):
                pairs.append((sum(same), column, field.name))
    found: dict[int, str] = {}
    for _, column, name in sorted(pairs, key=lambda pair: -pair[0]):
        if column not in found and name not in found.values():
            found[column] = name
    return found


def _said(field: Field, labels: Mapping[str, Label]) -> Label | None:
    label = labels.get(field.name)
    return label if label and label.value else None
