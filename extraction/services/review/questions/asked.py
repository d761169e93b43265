"""What people see of a question: the value, its place on the picture, why it is asked, and other values to choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extraction.domain import pages as domain
from extraction.domain.field_types import Meaning, read
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.alternatives import MOST, Alternative, alternatives
from extraction.domain.label_quality.crops import Crop, crop
from extraction.domain.label_quality.vendors import vendor_field
from extraction.domain.pages import Box, Span
from extraction.models import BestLabel, Label, Page, Project, Question, as_domain_pages
from extraction.services.labels import conventions
from extraction.services.labels.alternatives import of_field
from extraction.services.quality.collecting import by_rules
from extraction.services.quality.reasons import Reasons, reasons
from extraction.services.review import values
from extraction.services.review.messages import source_name
from extraction.services.review.questions import messages
from extraction.services.review.sheet import Place


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its field, the name of the vendor as printed (empty: unknown), the page on which the value stands
    (else the first), and its boxes there."""

    question: Question
    field: Field
    vendor: str
    page: Page
    boxes: tuple[Box, ...]

    @property
    def label(self) -> Label:
        return self.question.label

    @property
    def sentence(self) -> str:
        return messages.asked(self.field, self.label.value)

    @property
    def correcting(self) -> str:
        return messages.correcting(self.field, self.label.value)

    @property
    def normalized(self) -> str | None:
        """The value in the field's format, where that is another text."""
        return self.label.normalized if self.label.normalized != self.label.value else None

    @property
    def choices(self) -> tuple[Meaning, ...]:
        """What the text can mean, where that is several things."""
        return read(self.field, self.label.value or "").choices

    @property
    def crop(self) -> Crop:
        return crop(self.boxes, self.page.width, self.page.height)

    @property
    def marks(self) -> list[Crop]:
        """The boxes in pixels of the picture, a little larger than the words."""
        width, height = self.page.width, self.page.height
        found = []
        for box in self.boxes:
            pad = 0.12 * box.height * height
            corner = round(box.x0 * width - pad), round(box.y0 * height - pad)
            found.append(Crop(*corner, round(box.width * width + 2 * pad), round(box.height * height + 2 * pad)))
        return found

    @property
    def why(self) -> tuple[str, ...]:
        """Half sentences: drawn at random, or what speaks against the label."""
        return (str(messages.AT_RANDOM),) if self.question.random else self.evidence.opposing

    @property
    def evidence(self) -> Reasons:
        return reasons(self.label)


@dataclass(frozen=True, slots=True)
class Offered:
    """Another value for the field (`None`: not on the document), who says so, and its words where they are known.
    `reading`: what the text means in the field's format, where it can mean several things."""

    value: str | None
    source: str
    spans: tuple[Span, ...] | None = None
    reading: str | None = None

    def to_json(self) -> JsonObject:
        spans = None if self.spans is None else [span.to_json() for span in self.spans]
        return {"value": self.value, "source": self.source, "spans": spans, "reading": self.reading}


def show(project: Project, questions: Sequence[Question]) -> list[Asked]:
    """What is shown of questions about documents with pages; two queries."""
    documents = {question.label.document_id for question in questions}
    pages: dict[int, list[Page]] = {}
    for page in Page.objects.filter(document__in=documents).order_by("document_id", "number"):
        pages.setdefault(page.document_id, []).append(page)
    names = _vendors(project, documents)
    return [
        _asked(project, question, pages[question.label.document_id], names.get(question.label.document_id, ""))
        for question in questions
        if question.label.document_id in pages and question.label.field in project.schema
    ]


def offered(question: Question, pages: Sequence[domain.Page]) -> list[Offered]:
    """Other values: what else the text can mean, those of other teachers, the student and claims, of the rules, then
    what the pages hold. Raises `Invalid` for a field that is no longer there."""
    project, label = question.project, question.label
    values.check_field(label.document, label.field)
    field, place = project.schema[label.field], label.as_domain().spans
    meant = [
        Offered(label.value, messages.means(meaning), place, meaning.normalized)
        for meaning in read(field, label.value or "").choices
        if meaning.normalized != label.normalized
    ]
    labels = list(label.document.labels.select_related("author"))
    others = of_field(label, [each for each in labels if each.field == label.field])
    known = [
        Offered(other.label.value, ", ".join(map(source_name, other.said_by)), other.label.as_domain().spans)
        for other in others
    ]
    if (value := by_rules(project, pages, labels).get(label.field)) is not None:
        known.append(Offered(value, messages.rules()))
    found = alternatives(
        field,
        label.value,
        pages,
        [Alternative(each.value, each.spans) for each in known],
        place=place,
        conventions=conventions.of(project),
    )
    sources = {each.value: each.source for each in reversed(known)}
    read_otherwise = [Offered(each.value, sources.get(each.value, messages.on_page()), each.spans) for each in found]
    return [*meant, *read_otherwise][:MOST]


def _vendors(project: Project, documents: Iterable[int]) -> dict[int, str]:
    field = vendor_field(project.schema)
    if field is None:
        return {}
    rows = BestLabel.objects.filter(document__in=documents, field=field.name)
    return {pk: value or "" for pk, value in rows.values_list("document_id", "label__value")}


def _asked(project: Project, question: Question, pages: Sequence[Page], vendor: str) -> Asked:
    place = Place.of(question.label.as_domain().spans, as_domain_pages(pages))
    number = place.boxes[0].page if place.boxes else 0
    boxes = tuple(box.box for box in place.boxes if box.page == number)
    return Asked(question, project.schema[question.label.field], vendor, pages[number], boxes)
