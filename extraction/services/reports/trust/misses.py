"""The gallery of misses: what a system of a report got wrong, why, and whether the label was mended since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet

from extraction.domain import label_sources
from extraction.domain.field_types import UNKNOWN, Conventions, agree
from extraction.domain.label_quality.crops import Crop, crop
from extraction.domain.pages import Box, Span
from extraction.domain.results.reports import ReportValue
from extraction.domain.trust.causes import Cause, existing
from extraction.models import BestLabel, Label, Page, Project, Report, ReportedMiss, as_domain_pages
from extraction.services.labels import conventions

PAGE = 24
# Share of a line's height by which a mark is larger than the words.
PAD = 0.12


class Mending(StrEnum):
    """What became of the label that an answer differs from."""

    OPEN = "open"
    CONFIRMED = "confirmed"  # a later label says the same
    MENDED = "mended"  # a later label says something else
    MENDED_TO_ANSWER = "mended_to_answer"  # namely what the system had answered


@dataclass(frozen=True, slots=True)
class Condition:
    """Which misses are listed: those of `system`, and where given of a field and of a cause."""

    system: str
    field: str = ""
    cause: Cause | None = None

    @classmethod
    def parse(cls, value: ReportValue, system: str, field: str, cause: str) -> Self:
        """Parameters that mean nothing are none; without a system of the report its student, else its first."""
        known = value.system(system) or value.first("student") or next(iter(value.systems), None)
        return cls(known.name if known else "", field, Cause(cause) if cause in list(Cause) else None)

    def of(self, report: Report) -> QuerySet[ReportedMiss]:
        rows = report.misses.filter(system=self.system)
        if self.field:
            rows = rows.filter(field=self.field)
        return rows.filter(cause=self.cause) if self.cause else rows


@dataclass(frozen=True, slots=True)
class Picture:
    """The part of a page around the place of truth and answer, with their marks in pixels of the page's picture."""

    page: Page
    crop: Crop
    truth: tuple[Crop, ...]
    answer: tuple[Crop, ...]


@dataclass(frozen=True, slots=True)
class ShownMiss:
    """A miss with its picture (`None`: the document has no page), and what became of its label; `best` is the current
    one, `known` the newest row of the field that a person wrote (0: none). `mendable`: the field is there still."""

    row: ReportedMiss
    picture: Picture | None
    mending: Mending
    best: Label | None
    known: int
    mendable: bool

    @property
    def cause(self) -> Cause:
        return Cause(self.row.cause)


@dataclass(frozen=True, slots=True)
class Gallery:
    """A part of the misses, the least similar first, and how many the system has by cause and by field."""

    condition: Condition
    misses: tuple[ShownMiss, ...]
    part: Part[ReportedMiss]
    causes: Mapping[Cause, int]
    fields: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.causes.values())


def gallery(project: Project, report: Report, condition: Condition, number: str | int = 1) -> Gallery:
    """The part with that number; a fixed number of queries."""
    counts = report.misses.filter(system=condition.system).values_list("cause", "field").annotate(Count("pk"))
    causes: dict[Cause, int] = dict.fromkeys(Cause, 0)
    fields = defaultdict[str, int](int)
    for cause, field, count in counts.order_by("field"):
        causes[Cause(cause)] += count
        fields[field] += count
    rows = condition.of(report).select_related("document", "label").order_by("similarity", "pk")
    part = Paginator(rows, PAGE).get_page(number)
    return Gallery(condition, shown(project, list(part)), part, causes, fields)


def shown(project: Project, rows: Sequence[ReportedMiss]) -> tuple[ShownMiss, ...]:
    """Misses, which need their documents and labels, as pages show them."""
    pages, best, known = _pages(rows), _best(rows), _known(rows)
    printed = conventions.of(project) if rows else UNKNOWN
    return tuple(
        ShownMiss(
            row,
            _picture(row, pages.get(row.document_id, ())),
            mending(project, row, best.get((row.document_id, row.field)), printed),
            best.get((row.document_id, row.field)),
            known.get((row.document_id, row.field), 0),
            row.field in project.schema,
        )
        for row in rows
    )


def mending(project: Project, row: ReportedMiss, best: Label | None, printed: Conventions) -> Mending:
    if best is None or best.pk == row.label_id or row.field not in project.schema:
        return Mending.OPEN
    field, before = project.schema[row.field], row.label.value if row.label else row.truth
    if agree(field, best.value, before, conventions=printed):
        return Mending.CONFIRMED
    answered = agree(field, best.value, row.printed, conventions=printed)
    return Mending.MENDED_TO_ANSWER if answered else Mending.MENDED


def _pages(rows: Iterable[ReportedMiss]) -> dict[int, list[Page]]:
    pages = defaultdict[int, list[Page]](list)
    for page in Page.objects.filter(document__in={row.document_id for row in rows}).order_by("number"):
        pages[page.document_id].append(page)
    return pages


def _best(rows: Iterable[ReportedMiss]) -> dict[tuple[int, str], Label]:
    found = BestLabel.objects.filter(document__in={row.document_id for row in rows})
    return {(row.document_id, row.field): row.label for row in found.select_related("label__author")}


def _known(rows: Iterable[ReportedMiss]) -> dict[tuple[int, str], int]:
    by_people = Label.objects.filter(
        document__in={row.document_id for row in rows}, source__in=label_sources.names(by_people=True)
    )
    newest = by_people.order_by().values_list("document", "field").annotate(Max("pk"))
    return {(document, field): pk for document, field, pk in newest}


def _picture(row: ReportedMiss, pages: Sequence[Page]) -> Picture | None:
    """Of the page on which the label's value stands, else the answer, else of the first."""
    if not pages:
        return None
    read = as_domain_pages(pages)
    truth = existing(row.label.as_domain().spans if row.label else (), read)
    answer = existing([Span.from_json(span) for span in row.spans], read)
    number = next((span.page for span in (*truth, *answer)), 0)
    boxes = [[box for span in spans if span.page == number for box in span.boxes(read)] for spans in (truth, answer)]
    page = pages[number]
    marks = [tuple(_mark(box, page) for box in held) for held in boxes]
    return Picture(page, crop(boxes[0] or boxes[1], page.width, page.height), marks[0], marks[1])


def _mark(box: Box, page: Page) -> Crop:
    pad = PAD * box.height * page.height
    return Crop(
        round(box.x0 * page.width - pad),
        round(box.y0 * page.height - pad),
        round(box.width * page.width + 2 * pad),
        round(box.height * page.height + 2 * pad),
    )
