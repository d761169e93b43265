"""Collecting what is known about labels: of documents with their pages, all labels, responses and vendors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from extraction.domain import label_sources
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.label_quality.evidence import Stated, StudentAnswer, evidence, is_right
from extraction.domain.label_quality.signals import measures
from extraction.domain.label_quality.vendors import Vendors, meaning, vendor_field
from extraction.domain.line_items.rows import rows_of, summary
from extraction.domain.pages import Page
from extraction.domain.work import deadlines
from extraction.engines.teacher import registry
from extraction.engines.teacher.protocol import Reading
from extraction.models import (
    BestLabel,
    Document,
    Label,
    LabelQuality,
    OutOfFoldReading,
    Project,
    Response,
    Source,
    as_domain_pages,
)
from extraction.services.labels import conventions

# The teacher that reads every document as well, where it has not labelled it: it costs nothing and reads differently.
RULES = "rules"
# Documents of the vendors of a batch that are compared with it.
MOST_OF_VENDORS = 1000


@dataclass(frozen=True, slots=True)
class Collected:
    """A label with its signals; `right` says whether it agrees with what a person said, `None` where nobody did;
    `student` is what one read that did not learn from it, of a group its cells as text."""

    label: Label
    signals: Mapping[str, float]
    right: bool | None
    student: StudentAnswer | None


def sources() -> list[str]:
    """The sources whose labels are assessed: people answer for others, and a student knows how sure it is."""
    return label_sources.names(by_people=False, learned_from=True)


def collect(project: Project, documents: Sequence[int]) -> list[Collected]:
    """The current labels of the documents; a fixed number of queries."""
    rows = Document.objects.filter(pk__in=documents, state=Document.State.READY).prefetch_related("pages", "labels")
    vendors = KnownVendors.of(project, documents)
    printed, quoted, read = conventions.of(project), _quotes(documents), _out_of_fold(documents)
    collected = []
    for document in rows:
        pages = as_domain_pages(document.pages.all())
        labels = _current(document, project)
        rules = by_rules(project, pages, labels)
        for label in labels:
            if label.source in sources():
                part = project.schema[label.field]
                student = read.get((document.pk, part.name))
                known = evidence(
                    part,
                    Stated(
                        label.value, label.unsure, label.confidence, quoted.get((label.run_id, document.pk, part.name))
                    ),
                    pages,
                    others=[other.value for other in _others(label, labels)],
                    rules=rules.get(part.name) if label.teacher != RULES else None,
                    vendor=vendors.compare(document.pk, part, label, printed),
                    student=student,
                    conventions=printed,
                )
                right = _judged(part, label, labels, printed)
                collected.append(Collected(label, measures(known), right, student and _shown(part, student)))
    return collected


def judge(project: Project, documents: Sequence[int]) -> list[LabelQuality]:
    """The assessments of labels of the documents that are right now, or wrong, and were not before; not saved."""
    printed, changed = conventions.of(project), []
    rows = LabelQuality.objects.filter(label__document__in=documents).select_related("label")
    known = {row.label_id: row for row in rows}
    for document in Document.objects.filter(pk__in=documents).prefetch_related("labels"):
        labels = _current(document, project)
        for label in labels:
            if row := known.get(label.pk):
                right = _judged(project.schema[label.field], label, labels, printed)
                if right != row.right:
                    row.right = right
                    changed.append(row)
    return changed


def _current(document: Document, project: Project) -> list[Label]:
    """The newest label of each source for each field in force, of several teachers those of each."""
    newest = {
        (label.field, label.source, label.teacher): label
        for label in sorted(document.labels.all(), key=lambda label: label.pk)
        if label.field in project.schema
    }
    return [label for label in newest.values() if not label.withdrawn]


def _others(label: Label, labels: Iterable[Label]) -> list[Label]:
    """What other sources that are assessed say about the same field: what people said is what is to be foreseen."""
    return [
        other
        for other in labels
        if other.field == label.field
        and other.pk != label.pk
        and other.source in sources()
        # Rules that have labelled the document count as rules, see `by_rules`.
        and (other.teacher != RULES or label.teacher == RULES)
    ]


def _judged(part: Field, label: Label, labels: Sequence[Label], printed: Conventions) -> bool | None:
    people = [each for each in labels if each.field == label.field and each.source_kind.by_people and not each.unseen]
    if not people:
        return None
    said = min(people, key=lambda each: (each.source_kind.rank, -each.pk))
    return is_right(part, label.value, said.value, printed)


def by_rules(project: Project, pages: Sequence[Page], labels: Iterable[Label]) -> dict[str, str]:
    """The values that rules find on the document: of their labels, else by reading it now."""
    labelled = {
        label.field: label.value for label in labels if label.source == Source.TEACHER and label.teacher == RULES
    }
    if not labelled:
        try:
            with deadlines.within(settings.KD_DOCUMENT_SECONDS):
                answers = registry.teacher(RULES).label(Reading(tuple(pages)), project.schema).answers
        except deadlines.TooSlow:
            return {}
        labelled = {name: answer.value for name, answer in answers.items()}
    return {name: value for name, value in labelled.items() if value is not None}


def _quotes(documents: Sequence[int]) -> dict[tuple[int | None, int, str], str]:
    """What teachers quoted as evidence, by run, document and field."""
    quotes: dict[tuple[int | None, int, str], str] = {}
    rows = Response.objects.filter(document__in=documents, run__sample=None).only("run_id", "document_id", "answers")
    for row in rows:
        for name, answer in row.answers.items():
            if quote := answer.get("evidence"):
                quotes[row.run_id, row.document_id, name] = quote
    return quotes


def _out_of_fold(documents: Sequence[int]) -> dict[tuple[int, str], StudentAnswer]:
    """What students read that did not learn from the documents, by document and field."""
    rows = OutOfFoldReading.objects.filter(document__in=documents)
    return {(row.document_id, row.field): StudentAnswer(row.value, row.confidence) for row in rows}


def _shown(part: Field, answer: StudentAnswer) -> StudentAnswer:
    rows = rows_of(part, answer.value) if part.kind.has_parts else None
    return answer if rows is None else replace(answer, value=summary(rows))


@dataclass(frozen=True)
class KnownVendors:
    """The vendors of some documents, with what other documents of theirs say."""

    vendors: Vendors
    constant: frozenset[str]
    vendor: Mapping[int, str]
    own: Mapping[tuple[int, str], str]

    @classmethod
    def of(cls, project: Project, documents: Sequence[int]) -> KnownVendors:
        """Two queries; of a project whose fields name no vendor there are none."""
        field = vendor_field(project.schema)
        if field is None:
            return cls(Vendors(), frozenset(), {}, {})
        named = BestLabel.objects.filter(project=project, field=field.name).exclude(text="")
        texts = set(named.filter(document__in=documents).values_list("text", flat=True))
        newest = named.filter(text__in=texts).order_by("-document_id").values_list("document_id", "text")
        vendor = dict(newest[:MOST_OF_VENDORS])
        kept = {
            part.name: part for part in project.schema.fields if part.name != field.name and not part.kind.has_parts
        }
        rows = BestLabel.objects.filter(document__in=vendor, field__in=kept)
        said = rows.values_list("document_id", "field", "label__normalized", "label__value")
        own = {(pk, name): meaning(kept[name], normalized or value) for pk, name, normalized, value in said}
        vendors = Vendors.of((vendor[pk], name, value) for (pk, name), value in own.items())
        return cls(vendors, vendors.constant_fields, vendor, own)

    def compare(self, document: int, part: Field, label: Label, printed: Conventions) -> tuple[int, int]:
        """Other documents of the vendor with the label's value and with another, in fields that vendors keep."""
        if part.name not in self.constant or document not in self.vendor:
            return 0, 0
        value = meaning(part, label.normalized or label.value, printed)
        return self.vendors.compare(self.vendor[document], part.name, value, self.own.get((document, part.name)))
