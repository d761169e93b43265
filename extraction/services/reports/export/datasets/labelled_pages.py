"""Pages of labelled documents with the places of their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import PurePath

from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page, PageBox
from extraction.models import Label, as_domain_pages
from extraction.models.documents import Page as PageRow
from extraction.services.labels import conventions
from extraction.services.labels.rows import placed_rows
from extraction.services.reports.export.labelled_documents import LabelledDocument, Selected, labelled_documents

# Documents whose words are in memory at once.
PART = 50


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A printed line of a value: the category (a field, or `group/field` of a cell), the value, and `x, y, width,
    height` in pixels of the upright page."""

    category: str
    value: str
    pixels: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page of a labelled document; `picture` is the name of its picture in data sets: split, document and page."""

    labelled: LabelledDocument
    page: PageRow
    picture: str
    values: tuple[PlacedValue, ...]


def categories(fields: Sequence[Field]) -> list[str]:
    """The categories of a project's fields."""
    return [name for field in fields for name in _names(field)]


def _names(field: Field) -> list[str]:
    return [f"{field.name}/{part.name}" for part in field.fields] if field.kind.has_parts else [field.name]


def labelled_pages(selected: Selected) -> Iterator[LabelledPage]:
    """The pages of `labelled_documents` in order; one query more for each `PART` of documents."""
    rows, printed = labelled_documents(selected), conventions.of(selected.project)
    while part := list(islice(rows, PART)):
        pages = PageRow.objects.filter(document__in=[row.document.pk for row in part])
        held = {
            pk: list(of_one)
            for pk, of_one in groupby(pages.order_by("document_id", "number"), key=lambda page: page.document_id)
        }
        for row in part:
            yield from _of_document(selected.project.schema, row, held.get(row.document.pk, []), printed)


def _of_document(
    schema: Schema, row: LabelledDocument, pages: Sequence[PageRow], printed: Conventions
) -> Iterator[LabelledPage]:
    read = as_domain_pages(pages)
    places = list(_places(schema, row, read, printed))
    for page in pages:
        picture = f"{row.document.split}/{row.document.pk}-{page.number + 1}{PurePath(page.image).suffix}"
        values = tuple(
            PlacedValue(name, value, _pixels(place, page)) for name, value, place in places if place.page == page.number
        )
        yield LabelledPage(row, page, picture, values)


def _places(
    schema: Schema, row: LabelledDocument, pages: Sequence[Page], printed: Conventions
) -> Iterator[tuple[str, str, PageBox]]:
    """Category, value and place of each printed line."""
    for field in schema.fields:
        label = row.labels.get(field.name)
        if label is None or label.value is None:
            continue
        if field.kind.has_parts:
            yield from _cells(label, field, pages, printed)
        else:
            yield from ((field.name, label.value, place) for place in label.as_domain().boxes(pages))


def _cells(
    label: Label, group: Field, pages: Sequence[Page], printed: Conventions
) -> Iterator[tuple[str, str, PageBox]]:
    for found in placed_rows(label, group, pages, printed):
        for name, cell in found.cells.items():
            if cell.value is not None:
                yield from ((f"{group.name}/{name}", cell.value, place) for place in cell.boxes(pages))


def _pixels(place: PageBox, page: PageRow) -> tuple[float, float, float, float]:
    box = place.box
    x, y = round(box.x0 * page.width, 1), round(box.y0 * page.height, 1)
    return x, y, round(box.x1 * page.width - x, 1), round(box.y1 * page.height - y, 1)
