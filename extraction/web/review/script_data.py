"""JSON that the review page's script receives: a document's sheet, and answers to its requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import pgettext

from extraction.domain.json_types import JsonObject
from extraction.models import Document, Label, Page, User
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.messages import source_name
from extraction.services.review.sheet import FieldSheet, Offer, Place, Sheet
from extraction.services.review.tables.changes import OverwritingRows
from extraction.services.review.tables.checks import SumRole, sum_fields
from extraction.services.sentences import translated
from extraction.web.review.table_data import TableData, clashes_json


@dataclass(frozen=True, slots=True)
class PageData:
    """A page: the URL of its picture, its size in pixels, and its words `[text, x0, y0, x1, y1]` in fractions of it."""

    image: str
    width: int
    height: int
    words: Sequence[Sequence[str | float]]

    @classmethod
    def of(cls, document: Document, page: Page) -> PageData:
        image = reverse("page_image", args=[document.project.slug, document.pk, page.number])
        return cls(image, page.width, page.height, [row[:5] for row in page.words])

    def to_json(self) -> JsonObject:
        return {"image": self.image, "width": self.width, "height": self.height, "words": self.words}


@dataclass(frozen=True, slots=True)
class FieldData:
    """The state of a field.

    `value` is null both without a label and with `absent`, for not on the document. `label` and `known` are primary
    keys, 0 for none. `typed`: values have a grammar, so that a word can be cut to the value in it. `flagged`: there are
    reasons to look at it. `amount`: an amount as a decimal. `offers`: values of others with their places. `table`: the
    columns and checks of rows.
    """

    title: str
    value: str | None
    absent: bool
    label: int
    known: int
    confirmed: bool
    missing: bool
    typed: bool
    truth: bool
    flagged: bool
    place: Place
    amount: str | None
    offers: Sequence[Offer]
    table: TableData | None

    @classmethod
    def of(cls, field: FieldSheet) -> FieldData:
        return cls(
            title=field.field.title,
            value=field.label.value if field.label else None,
            absent=field.absent,
            label=field.label.pk if field.label else 0,
            known=field.known,
            confirmed=field.confirmed,
            missing=field.missing,
            typed=field.field.kind.typed,
            truth=field.is_truth,
            flagged=bool(field.reasons),
            place=field.place,
            amount=field.label.normalized if field.label and field.field.type == "money" else None,
            offers=field.offers,
            table=TableData.of(field),
        )

    def to_json(self) -> JsonObject:
        return {
            "title": self.title,
            "value": self.value,
            "absent": self.absent,
            "label": self.label,
            "known": self.known,
            "confirmed": self.confirmed,
            "missing": self.missing,
            "typed": self.typed,
            "truth": self.truth,
            "flagged": self.flagged,
            "amount": self.amount,
            "offers": [{"value": offer.value, **offer.place.to_json()} for offer in self.offers],
            "table": self.table.to_json() if self.table else None,
            **self.place.to_json(),
        }


@dataclass(frozen=True, slots=True)
class SheetData:
    """All that the script needs to draw the pages and the places of the fields, by name; `sums` says of fields what
    they are to the sum of rows."""

    pages: tuple[PageData, ...]
    fields: Mapping[str, FieldData]
    sums: Mapping[str, SumRole]

    @classmethod
    def of(cls, sheet: Sheet) -> SheetData:
        pages = tuple(PageData.of(sheet.document, page) for page in sheet.pages)
        fields = {field.field.name: FieldData.of(field) for field in sheet.fields}
        return cls(pages, fields, sum_fields(sheet.document.project.schema))

    def to_json(self) -> JsonObject:
        return {
            "pages": [page.to_json() for page in self.pages],
            "fields": {name: field.to_json() for name, field in self.fields.items()},
            "sums": dict(self.sums),
        }


@dataclass(frozen=True, slots=True)
class SavedField:
    """Answer to a saved value: the key of its row, the field as it is now, and its lines in the page as HTML."""

    label: int
    field: FieldData
    meta: str

    def to_json(self) -> JsonObject:
        return {"label": self.label, "field": self.field.to_json(), "meta": self.meta}


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Answer to an accepted document: the rows written."""

    written: tuple[Label, ...]

    def to_json(self) -> JsonObject:
        return {"written": [{"field": label.field, "label": label.pk} for label in self.written]}


@dataclass(frozen=True, slots=True)
class ConflictAnswer:
    """Answer to a change that would overwrite another value: the sentence, and the row of the other person.

    `mine`: the user of the request wrote that row, in another page or in a request whose answer was lost.
    `rows`: where it is about rows, those of both (`table_data.clashes_json`).
    """

    error: str
    field: str
    value: str | None
    withdrawn: bool
    who: str
    mine: bool
    when: str
    known: int
    rows: JsonObject | None

    @classmethod
    def of(cls, error: Overwriting, user: User) -> ConflictAnswer:
        theirs = error.theirs
        return cls(
            error=translated(error),
            field=theirs.field,
            value=theirs.value,
            withdrawn=theirs.withdrawn,
            who=source_name(theirs),
            mine=theirs.author_id == user.pk,
            when=date_format(theirs.created.astimezone(UTC), pgettext("date", "j M Y, H:i")) + " UTC",
            known=theirs.pk,
            rows=clashes_json(error) if isinstance(error, OverwritingRows) else None,
        )

    def to_json(self) -> JsonObject:
        conflict = {
            "field": self.field,
            "value": self.value,
            "withdrawn": self.withdrawn,
            "who": self.who,
            "mine": self.mine,
            "when": self.when,
            "known": self.known,
            "rows": self.rows,
        }
        return {"error": self.error, "conflict": conflict}
