"""The lines of a table become claims and labels, in batches that are each stored in a transaction with how far it has
come.

The whole table is looked at first: its columns tell how their dates and amounts are written, and lines about one
document or with one reference that contradict each other are known before anything is written; none of them counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from django.db import transaction
from django.db.models import F

from extraction.domain.claims.attributes import Attribute
from extraction.domain.claims.cells import Cell, TableLine
from extraction.domain.claims.mapping import EmptyCells
from extraction.domain.claims.records import Unreadable
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.claims.values import Claimed, ColumnSigns, claimed, same_claim
from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.progress import Progress, check
from extraction.domain.text import storable
from extraction.engines.tables.tables import Table, open_table
from extraction.models import ClaimImport, ClaimRemark, Document, Label, Project, Source
from extraction.services import leftovers, storage
from extraction.services.documents.claims import mappings, messages
from extraction.services.documents.claims.records import rows as claim_rows
from extraction.services.documents.claims.records.lines import ClaimLines
from extraction.services.documents.claims.records.rows import Record
from extraction.services.documents.imports.document_names import DocumentNames
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
    """What a table's lines say by a mapping: `column` names the document, `fields` are by column; `claims` is `None`
    where lines make labels alone. `first` is the first line about a document that several lines name. `printed` is how
    documents print values, whatever the table does."""

    column: int | None
    empty: EmptyCells
    width: int
    documents: DocumentNames
    fields: Mapping[int, Field]
    claims: ClaimLines | None
    signs: Mapping[int, ColumnSigns]
    conventions: Mapping[int, Conventions]
    first: Mapping[int, int]
    printed: Conventions

    def too_wide(self, line: TableLine) -> bool:
        return line.width > self.width

    def document(self, line: TableLine) -> int | RemarkCode:
        """The primary key of a line's document, or why it has none."""
        cell = None if self.column is None else line.cell(self.column)
        if self.too_wide(line):
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


# Why a line's document is not known, by what is said of its claim, which waits for it.
WAITING = {
    RemarkCode.UNKNOWN_DOCUMENT: RemarkCode.FILE_NOT_FOUND,
    RemarkCode.AMBIGUOUS_DOCUMENT: RemarkCode.FILE_AMBIGUOUS,
}


@dataclass(slots=True)
class Batch:
    """What some lines have come to."""

    inputs: list[LabelInput] = field(default_factory=list)
    remarks: list[ClaimRemark] = field(default_factory=list)
    known: int = 0
    claims_new: int = 0
    claims_known: int = 0

    def counts(self) -> dict[str, int]:
        refused = sum(RemarkCode(remark.code).refuses for remark in self.remarks)
        return {
            "new": len(self.inputs),
            "known": self.known,
            "claims_new": self.claims_new,
            "claims_known": self.claims_known,
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
    if reader.claims is not None:
        reader.claims.compare(_stepping(table, progress))
    contradictions = _contradictions(reader, table, repeated, progress) if repeated else {}
    ClaimImport.objects.filter(pk=row.pk).update(total=total)
    lines = table.lines()
    for line in islice(lines, row.done):
        if reader.claims is not None and not reader.too_wide(line):
            reader.claims.passed(line)
    while batch := list(islice(lines, BATCH)):
        progress.report(row.done, total, IMPORTING)
        check(progress)
        _store(row, reader, batch, contradictions)
        row.done += len(batch)
    progress.report(total, total, IMPORTING)
    _read_again(row.project)
    _finish(row)


def _read_again(project: Project) -> None:
    """What could not be read while nothing told how it is printed; all dates where their order was set meanwhile."""
    before = project.date_order
    project.refresh_from_db(fields=["date_order"])
    if project.date_order != before:
        conventions.set_date_order(project, project.date_order)
    conventions.read_unread(project)


def _finish(row: ClaimImport) -> None:
    """A table with names of employees that are not kept goes once it is read, unless there is a legal hold."""
    mapping, rows = row.column_mapping(), ClaimImport.objects.filter(pk=row.pk, state=row.state)
    if not mapping.claim or mapping.names or row.project.held:
        rows.update(state=ClaimImport.State.IMPORTED)
        return
    with leftovers.changing(storage.path(row.file)):
        rows.update(state=ClaimImport.State.IMPORTED, file="", first_lines=[])


def _look(row: ClaimImport, table: Table, progress: Progress) -> tuple[Reader, int, set[int]]:
    """What the columns show, the number of lines, and the documents that several lines name."""
    mapping, schema, known = row.column_mapping(), row.project.schema, conventions.of(row.project)
    fields = {column: schema[name] for column, name in mapping.fields.items()}
    signs = {column: ColumnSigns() for column in fields}
    documents, claims, first = DocumentNames.of(row.project), ClaimLines.of(mapping, known), dict[int, int]()
    width = len(table.columns)
    reader = Reader(mapping.document, mapping.empty, width, documents, fields, claims, signs, {}, first, known)
    total, repeated = 0, set[int]()
    for line in _stepping(table, progress):
        total += 1
        for column, sign in signs.items():
            if cell := line.cell(column):
                sign.add(cell)
        if claims is not None:
            claims.look(line)
        if isinstance(pk := reader.document(line), int) and first.setdefault(pk, line.number) != line.number:
            repeated.add(pk)
    by_column = {column: signs[column].conventions(of, known) for column, of in fields.items()}
    return replace(reader, conventions=by_column), total, repeated


def _contradictions(reader: Reader, table: Table, repeated: set[int], progress: Progress) -> Contradictions:
    """Where lines say different things about one of the documents."""
    found: dict[Place, Contradiction] = {}
    first: dict[Place, tuple[int, Claimed]] = {}
    for line in _stepping(table, progress):
        pk = reader.document(line)
        if not isinstance(pk, int) or pk not in repeated:
            continue
        for column, _, said in reader.said(line):
            if not said.refused:
                at, before = first.setdefault((pk, column), (line.number, said))
                if not same_claim(before, said):
                    found.setdefault((pk, column), Contradiction(at, before, line.number))
    return found


def _stepping(table: Table, progress: Progress) -> Iterator[TableLine]:
    """All lines of the table that is looked at. Raises `Cancelled`."""
    for number, line in enumerate(table.lines()):
        if number % BATCH == 0:
            progress.report(0, 0, LOOKING)
            check(progress)
        yield line


def _store(row: ClaimImport, reader: Reader, lines: Sequence[TableLine], contradictions: Contradictions) -> None:
    """Write what the lines say, with how far the import has come. Raises `Conflict` where another process did."""
    with transaction.atomic():
        if reader.claims is not None:
            # Of two imports with the same claims the second finds what the first wrote.
            Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        held = ClaimImport.objects.select_for_update().get(pk=row.pk)
        if (held.state, held.done) != (row.state, row.done):
            raise Conflict(messages.ELSEWHERE)
        batch = _batch(row, reader, lines, contradictions)
        store.write_many(row.project, batch.inputs, reader.printed)
        ClaimRemark.objects.bulk_create(batch.remarks)
        counts = {name: F(name) + count for name, count in batch.counts().items()}
        ClaimImport.objects.filter(pk=row.pk).update(done=F("done") + len(lines), **counts)


def _batch(row: ClaimImport, reader: Reader, lines: Sequence[TableLine], contradictions: Contradictions) -> Batch:
    batch = Batch()
    left = [line for line in lines if _is_left(batch, row, reader, line)]
    if reader.claims is not None:
        left = _claims(batch, row, reader, reader.claims, left)
    if reader.fields:
        _labels(batch, row, reader, left, contradictions)
    return batch


def _is_left(batch: Batch, row: ClaimImport, reader: Reader, line: TableLine) -> bool:
    if reader.too_wide(line):
        cell = None if reader.column is None else line.cell(reader.column)
        batch.remarks.append(_remark(row, line, None, RemarkCode.TOO_MANY_CELLS, cell))
        return False
    return True


def _claims(
    batch: Batch, row: ClaimImport, reader: Reader, claims: ClaimLines, lines: Sequence[TableLine]
) -> list[TableLine]:
    """Store the claims of the lines; the lines that were not refused."""
    records = dict[int, Record]()
    for line in lines:
        try:
            records[line.number] = claims.read(line)
        except Unreadable as refusal:
            batch.remarks.append(_refusal(row, claims, line, refusal))
    stored = claim_rows.store(
        row.project, list(records.values()), names=row.column_mapping().names, claim_import=row, author=row.author
    )
    outcomes = {each.record.line: each for each in stored}
    left = []
    for line in lines:
        if (outcome := outcomes.get(line.number)) is None:
            continue
        if outcome.differs:
            other = Unreadable(RemarkCode.OTHER_CLAIM, claims.column(Attribute.REFERENCE))
            batch.remarks.append(_refusal(row, claims, line, other))
            continue
        batch.claims_new += outcome.new
        batch.claims_known += not outcome.new
        batch.remarks += _doubts(row, reader, line, outcome.record)
        left.append(line)
    return left


def _doubts(row: ClaimImport, reader: Reader, line: TableLine, record: Record) -> Iterator[ClaimRemark]:
    """What is to be said about a claim that is stored."""
    if record.claim.amount < 0:
        yield _remark(row, line, None, RemarkCode.REFUND, None)
    pk, cell = reader.document(line), None if reader.column is None else line.cell(reader.column)
    if isinstance(pk, RemarkCode):
        if pk in WAITING:
            yield _remark(row, line, reader.column, WAITING[pk], cell)
    elif reader.first[pk] != line.number:
        yield _remark(row, line, reader.column, RemarkCode.SAME_FILE, cell, reader.first[pk])


def _refusal(row: ClaimImport, claims: ClaimLines, line: TableLine, refusal: Unreadable) -> ClaimRemark:
    """Without what stands in the cell where that is a person."""
    shown = refusal.column is not None and refusal.column != claims.column(Attribute.EMPLOYEE)
    cell = line.cell(refusal.column) if shown and refusal.column is not None else None
    return _remark(row, line, refusal.column, refusal.code, cell, refusal.other)


def _labels(
    batch: Batch, row: ClaimImport, reader: Reader, lines: Sequence[TableLine], contradictions: Contradictions
) -> None:
    about = [(line, reader.document(line)) for line in lines]
    documents = Document.objects.in_bulk([pk for _, pk in about if isinstance(pk, int)])
    newest = _newest(documents, [field.name for field in reader.fields.values()])
    for line, pk in about:
        if isinstance(pk, RemarkCode) or pk not in documents:
            # A document may have been deleted a moment ago; what a claim waits for is told already.
            code = pk if isinstance(pk, RemarkCode) else RemarkCode.UNKNOWN_DOCUMENT
            if reader.claims is None and reader.column is not None:
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
