"""The import itself: a table's lines become claims, a batch in a transaction with how far it has come.

The whole table is looked at first: its columns tell how their dates and amounts are written, and lines about one
document that contradict each other are known before the first label is written; none of them makes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from django.db import transaction
from django.db.models import F

from extraction.domain.claims.cells import Cell, TableLine
from extraction.domain.claims.mapping import EmptyCells
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.claims.values import Claimed, ColumnSigns, claimed, same_claim
from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.progress import Progress, check
from extraction.domain.text import storable
from extraction.engines.tables.tables import Table, open_table
from extraction.models import ClaimImport, ClaimRemark, Document, Label, Source
from extraction.services import storage
from extraction.services.documents.claims import mappings, messages
from extraction.services.documents.claims.document_names import DocumentNames
from extraction.services.errors import Conflict, Invalid
from extraction.services.labels import conventions, store
from extraction.services.labels.store import LabelInput

BATCH = 200
# Characters of a cell that a remark repeats.
ECHO = 200
LOOKING = gettext_noop("Looking at the table")
IMPORTING = gettext_noop("Importing lines")

# Of a document in a column.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The first line that says something about a document in a column, and the first that says something else."""

    first: int
    said: Claimed
    second: int

    def other(self, said: Claimed) -> int:
        """The line that says something else than a line does."""
        return self.second if same_claim(self.said, said) else self.first


Contradictions = Mapping[Place, Contradiction]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a table's lines say by a mapping: `column` names the document, `fields` are by column."""

    column: int
    empty: EmptyCells
    width: int
    documents: DocumentNames
    fields: Mapping[int, Field]
    signs: Mapping[int, ColumnSigns]
    conventions: Mapping[int, Conventions]

    def document(self, line: TableLine) -> int | RemarkCode:
        """The primary key of a line's document, or why it has none."""
        cell = line.cell(self.column)
        if line.width > self.width:
            return RemarkCode.TOO_MANY_CELLS
        if cell is None or cell.empty:
            return RemarkCode.NO_DOCUMENT
        found = self.documents.find(cell.text)
        if len(found) == 1:
            return found[0]
        return RemarkCode.AMBIGUOUS_DOCUMENT if found else RemarkCode.UNKNOWN_DOCUMENT

    def said(self, line: TableLine) -> Iterator[tuple[int, Cell, Claimed]]:
        """The columns in which a line says something; an empty value: that it is not on the document."""
        for column, of in self.fields.items():
            cell = line.cell(column)
            if cell is None:
                continue
            if not cell.empty:
                yield column, cell, claimed(of, cell, self.conventions[column], serials=self.signs[column].are_serials)
            elif self.empty is EmptyCells.ABSENT:
                yield column, cell, Claimed()


@dataclass(slots=True)
class Batch:
    """What some lines have come to."""

    inputs: list[LabelInput] = field(default_factory=list)
    remarks: list[ClaimRemark] = field(default_factory=list)
    known: int = 0

    def counts(self) -> dict[str, int]:
        refused = sum(RemarkCode(remark.code).refuses for remark in self.remarks)
        return {
            "new": len(self.inputs),
            "known": self.known,
            "refused": refused,
            "doubtful": len(self.remarks) - refused,
        }


def run(import_id: int, progress: Progress) -> None:
    """Go on with an import where it stands; the work of a job. Raises `Cancelled`, what was done stays."""
    row = ClaimImport.objects.select_related("project__schema_version").filter(pk=import_id).first()
    if row is None or row.state != ClaimImport.State.IMPORTING:
        return
    mappings.check(row, row.column_mapping())
    try:
        table = open_table(storage.fetch(row.file))
    except FileNotFoundError:
        raise Invalid(messages.FILE_GONE) from None
    reader, total, repeated = _look(row, table, progress)
    contradictions = _contradictions(reader, table, repeated, progress) if repeated else {}
    ClaimImport.objects.filter(pk=row.pk).update(total=total)
    lines = islice(table.lines(), row.done, None)
    while batch := list(islice(lines, BATCH)):
        progress.report(row.done, total, IMPORTING)
        check(progress)
        _store(row, reader, batch, contradictions)
        row.done += len(batch)
    progress.report(total, total, IMPORTING)
    conventions.read_unread(row.project)
    ClaimImport.objects.filter(pk=row.pk, state=row.state).update(state=ClaimImport.State.IMPORTED)


def _look(row: ClaimImport, table: Table, progress: Progress) -> tuple[Reader, int, set[int]]:
    """What the columns show, the number of lines, and the documents that several lines name."""
    mapping, schema, known = row.column_mapping(), row.project.schema, conventions.of(row.project)
    fields = {column: schema[name] for column, name in mapping.fields.items()}
    signs = {column: ColumnSigns() for column in fields}
    documents = DocumentNames.of(row.project)
    reader = Reader(mapping.document or 0, mapping.empty, len(table.columns), documents, fields, signs, {})
    total, seen, repeated = 0, set[int](), set[int]()
    for total, line in enumerate(table.lines(), start=1):
        _step(total, progress)
        for column, sign in signs.items():
            if cell := line.cell(column):
                sign.add(cell)
        if isinstance(pk := reader.document(line), int):
            (repeated if pk in seen else seen).add(pk)
    by_column = {column: signs[column].conventions(of, known) for column, of in fields.items()}
    return replace(reader, conventions=by_column), total, repeated


def _contradictions(reader: Reader, table: Table, repeated: set[int], progress: Progress) -> Contradictions:
    """Where lines say different things about one of the documents."""
    found: dict[Place, Contradiction] = {}
    first: dict[Place, tuple[int, Claimed]] = {}
    for number, line in enumerate(table.lines()):
        _step(number, progress)
        pk = reader.document(line)
        if not isinstance(pk, int) or pk not in repeated:
            continue
        for column, _, said in reader.said(line):
            if not said.refused:
                at, before = first.setdefault((pk, column), (line.number, said))
                if not same_claim(before, said):
                    found.setdefault((pk, column), Contradiction(at, before, line.number))
    return found


def _step(number: int, progress: Progress) -> None:
    if number % BATCH == 0:
        progress.report(0, 0, LOOKING)
        check(progress)


def _store(row: ClaimImport, reader: Reader, lines: Sequence[TableLine], contradictions: Contradictions) -> None:
    """Write what the lines say, with how far the import has come. Raises `Conflict` where another process did."""
    with transaction.atomic():
        held = ClaimImport.objects.select_for_update().get(pk=row.pk)
        if (held.state, held.done) != (row.state, row.done):
            raise Conflict(messages.ELSEWHERE)
        batch = _batch(row, reader, lines, contradictions)
        store.write_many(row.project, batch.inputs)
        ClaimRemark.objects.bulk_create(batch.remarks)
        counts = {name: F(name) + count for name, count in batch.counts().items()}
        ClaimImport.objects.filter(pk=row.pk).update(done=F("done") + len(lines), **counts)


def _batch(row: ClaimImport, reader: Reader, lines: Sequence[TableLine], contradictions: Contradictions) -> Batch:
    batch, about = Batch(), [(line, reader.document(line)) for line in lines]
    documents = Document.objects.in_bulk([pk for _, pk in about if isinstance(pk, int)])
    newest = _newest(documents, [field.name for field in reader.fields.values()])
    for line, pk in about:
        if isinstance(pk, RemarkCode) or pk not in documents:
            code = pk if isinstance(pk, RemarkCode) else RemarkCode.UNKNOWN_DOCUMENT  # deleted a moment ago
            batch.remarks.append(_remark(row, line, None, code, line.cell(reader.column)))
            continue
        for column, cell, said in reader.said(line):
            contradiction = None if said.refused else contradictions.get((pk, column))
            if contradiction:
                other = contradiction.other(said)
                batch.remarks.append(_remark(row, line, column, RemarkCode.CONTRADICTION, cell, other))
                continue
            if said.remark:
                batch.remarks.append(_remark(row, line, column, said.remark, cell))
            if not said.refused:
                _add(batch, newest, _label(row, documents[pk], reader.fields[column].name, said))
    return batch


def _add(batch: Batch, newest: dict[tuple[int, str], Label | LabelInput], label: LabelInput) -> None:
    """The label, unless the claim that stands says the same."""
    place = label.document.pk, label.field
    if _same(newest.get(place), label):
        batch.known += 1
    else:
        newest[place] = label
        batch.inputs.append(label)


def _label(row: ClaimImport, document: Document, name: str, said: Claimed) -> LabelInput:
    return LabelInput(
        document,
        name,
        storable(said.value) or None,
        Source.CLAIM,
        normalized=said.normalized,
        unsure=said.remark is not None,
        claim_import=row,
    )


def _newest(documents: Mapping[int, Document], names: Sequence[str]) -> dict[tuple[int, str], Label | LabelInput]:
    """The claims that stand, by document and field."""
    rows = Label.objects.filter(document__in=documents, field__in=names, source=Source.CLAIM).order_by("pk")
    newest: dict[tuple[int, str], Label | LabelInput] = {
        (row.document_id, row.field): row for row in rows.defer("rows")
    }
    return {place: row for place, row in newest.items() if not row.withdrawn}


def _same(before: Label | LabelInput | None, label: LabelInput) -> bool:
    """Whether the claim that stands says the same."""
    if before is None:
        return False
    if before.value is None or label.value is None:
        return before.value is label.value
    meant = label.normalized is not None and before.normalized == label.normalized
    return before.value == label.value or meant


def _remark(
    row: ClaimImport, line: TableLine, column: int | None, code: RemarkCode, cell: Cell | None, other: int | None = None
) -> ClaimRemark:
    text = storable(cell.text)[:ECHO] if cell else ""
    return ClaimRemark(claim_import=row, line=line.number, column=column, code=code, text=text, other_line=other)
