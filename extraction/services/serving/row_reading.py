"""Rows for review: where their cells stand, what the serving student thinks of them, and rows read from a band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.alignment import own_conventions
from extraction.domain.field_types import Conventions, same
from extraction.domain.fields import Field
from extraction.domain.line_items import by_types
from extraction.domain.line_items.matching import match
from extraction.domain.line_items.rows import Row, rows_of
from extraction.domain.pages import Page, PageBox, Span
from extraction.domain.prediction import FieldValue, RowValue
from extraction.domain.work import deadlines
from extraction.models import Document, Label, Source
from extraction.services.errors import Conflict
from extraction.services.labels import conventions, ranking, row_places
from extraction.services.review.reasons import LOW_CONFIDENCE
from extraction.services.serving import extractions, registry
from extraction.services.serving.slots import Busy

# Pages of a document up to which the student reads it again while somebody waits, the seconds that it may take, and
# those that it may wait for other files.
MOST_PAGES, SECONDS, PATIENCE = 20, 10.0, 2.0
# Rows that are compared with those of the student.
MOST_ROWS = 500
Spans = tuple[Span, ...]


class CellDoubt(StrEnum):
    UNSURE = "unsure"  # the student is not sure of what it read
    OTHER = "other"  # the student read something else


@dataclass(frozen=True, slots=True)
class CellStanding:
    """Where a cell stands, and why it is worth a look; `read`: what the student read where that is another value."""

    spans: Spans = ()
    doubt: CellDoubt | None = None
    read: str | None = None


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was read from a band of a page: texts and places by column."""

    cells: Mapping[str, str]
    places: Mapping[str, Spans]


def standing(document: Document, field: Field) -> tuple[Label | None, Sequence[Mapping[str, CellStanding]]]:
    """The field's best label, and its cells by row and column; none where the label holds no rows."""
    label = ranking.best(document).get(field.name)
    rows = rows_of(field, label.value) if label else None
    if not rows or label is None:
        return label, ()
    pages = document.domain_pages()
    printed = own_conventions(pages, (field,), conventions.of(document.project))
    read = None if label.source_kind.by_people else _student(document, field, pages)
    partner = _partners(field, rows, read.rows or (), printed) if read else {}
    places = _places(field, rows, pages, printed, {number: row.cells for number, row in partner.items()})
    own = label.source == Source.STUDENT
    return label, [
        {
            part.name: _cell(part, row, partner.get(number), places[number].get(part.name, ()), own, printed)
            for part in field.fields
            if part.name in row
        }
        for number, row in enumerate(rows)
    ]


def row_in(document: Document, field: Field, band: PageBox) -> ReadRow:
    """The row whose words stand in the band: as the student reads them, else by the types of the columns."""
    pages = document.domain_pages()
    words = _inside(pages, band)
    printed = own_conventions(pages, (field,), conventions.of(document.project))
    places = _by_student(document, field, pages, band.page, set(words)) if words else {}
    if not places:
        places = by_types.row_of(field, band.page, words, pages, printed)
    return ReadRow({name: _text(spans, pages) for name, spans in places.items()}, places)


# --- what the student says -------------------------------------------------------------------------------------------


def _student(document: Document, field: Field, pages: Sequence[Page]) -> FieldValue | None:
    """The serving student's answer for the group; `None` without a student that can be asked now."""
    model = registry.serving(document.project)
    if model is None or len(pages) > MOST_PAGES or not any(page.words for page in pages):
        return None
    try:
        with extractions.slots.acquire(PATIENCE), deadlines.within(SECONDS):
            return registry.predictor(model).predict(pages).get(field.name)
    except (Busy, Conflict, deadlines.TooSlow):
        return None


def _partners(
    field: Field, rows: Sequence[Row], read: Sequence[RowValue], printed: Conventions
) -> Mapping[int, RowValue]:
    """The student's row for each row that it read too; none for tables too long to be compared while somebody waits."""
    if max(len(rows), len(read)) > MOST_ROWS:
        return {}
    answered: list[Row] = [{name: cell.value for name, cell in row.cells.items()} for row in read]
    return {number: read[answer] for number, answer in match(field, rows, answered, printed)}


def _cell(part: Field, row: Row, read: RowValue | None, spans: Spans, own: bool, printed: Conventions) -> CellStanding:
    """`own`: the label is the student's, so that its confidence counts where both say the same."""
    if read is None:
        return CellStanding(spans)
    answer = read.cells.get(part.name)
    sure = answer.confidence if answer and answer.confidence is not None else read.confidence or 0.0
    if not same(part, row.get(part.name), answer.value if answer else None, conventions=printed):
        says = answer.value if answer else None
        return CellStanding(spans, CellDoubt.OTHER, says) if sure >= LOW_CONFIDENCE else CellStanding(spans)
    return CellStanding(spans, CellDoubt.UNSURE if own and sure < LOW_CONFIDENCE else None)


def _by_student(
    document: Document, field: Field, pages: Sequence[Page], number: int, words: set[int]
) -> Mapping[str, Spans]:
    """The cells that the student reads in the band, on the whole document, else on the band's words alone."""
    answer = _student(document, field, pages)
    cells = _cells_in(answer, number, words)
    if cells or answer is None:
        return cells
    page, chosen = pages[number], sorted(words)
    alone = Page(page.width, page.height, tuple(page.words[index] for index in chosen))
    answer = _student(document, field, [alone])
    return {
        name: tuple(Span(number, chosen[span.first], chosen[span.last], span.start, span.end) for span in spans)
        for name, spans in _cells_in(answer, 0, set(range(len(chosen)))).items()
    }


def _cells_in(answer: FieldValue | None, page: int, words: set[int]) -> Mapping[str, Spans]:
    """The surest cell of each column of which all words are among these."""
    best: dict[str, FieldValue] = {}
    for row in (answer and answer.rows) or ():
        for name, cell in row.cells.items():
            inside = cell.spans and all(
                span.page == page and words.issuperset(range(span.first, span.last + 1)) for span in cell.spans
            )
            if inside and (name not in best or (best[name].confidence or 0) < (cell.confidence or 0)):
                best[name] = cell
    return {name: cell.spans for name, cell in best.items()}


# --- places ----------------------------------------------------------------------------------------------------------


def _places(
    field: Field,
    rows: Sequence[Row],
    pages: Sequence[Page],
    printed: Conventions,
    read: Mapping[int, Mapping[str, FieldValue]],
) -> Sequence[Mapping[str, Spans]]:
    """The places of each row's cells: those of the student's own words, else by alignment."""
    by_student = [_same_places(row, read.get(number, {})) for number, row in enumerate(rows)]
    if all(
        set(row) >= {name for name, text in cells.items() if text} for row, cells in zip(by_student, rows, strict=True)
    ):
        return by_student
    placed = row_places.places(field, rows, pages, printed)
    return [{**row, **own} for row, own in zip(placed, by_student, strict=True)]


def _same_places(row: Row, read: Mapping[str, FieldValue]) -> Mapping[str, Spans]:
    return {name: cell.spans for name, cell in read.items() if cell.spans and cell.value == row.get(name)}


def _inside(pages: Sequence[Page], band: PageBox) -> list[int]:
    """The page's words whose horizontal middle line crosses the band, in reading order."""
    if not 0 <= band.page < len(pages):
        return []
    box = band.box
    return [
        index
        for index, word in enumerate(pages[band.page].words)
        if box.y0 <= word.box.center[1] <= box.y1 and word.box.x1 > box.x0 and word.box.x0 < box.x1
    ]


def _text(spans: Sequence[Span], pages: Sequence[Page]) -> str:
    return " ".join(span.text(pages) for span in spans)
