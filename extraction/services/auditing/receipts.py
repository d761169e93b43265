"""What was read on documents, as receipts that claims are compared with: the best labels with their probabilities.

Claimed values are left out: a claim would prove itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from extraction.domain.auditing.reading import receipts as reading
from extraction.domain.auditing.reading.roles import Roles
from extraction.domain.auditing.values import Receipt
from extraction.domain.field_types import Conventions
from extraction.domain.prediction import FieldValue
from extraction.engines.teacher.rules.vocabulary.amounts import amount_kind
from extraction.models import Document, Label, Page, Project, Source, as_domain_pages
from extraction.services.labels import alternatives, conventions, ranking

# Documents that are in memory at a time with their words and labels.
BATCH = 100
# What a person says is taken as said.
SAID_BY_PEOPLE = 1.0


def of_documents(project: Project, numbers: Sequence[int]) -> Iterator[Receipt]:
    """The receipts of documents, by their primary keys, in that order; a fixed number of queries a batch."""
    roles, known = Roles.of(project.schema), conventions.of(project)
    for start in range(0, len(numbers), BATCH):
        part = numbers[start : start + BATCH]
        rows = Document.objects.in_bulk(part)
        pages = _pages(part)
        labels = _labels(part, project)
        for number in part:
            if number in rows:
                yield _receipt(rows[number], roles, pages.get(number, []), labels.get(number, []), project, known)


def _receipt(
    row: Document, roles: Roles, pages: Sequence[Page], labels: Sequence[Label], project: Project, known: Conventions
) -> Receipt:
    best = ranking.best_labels(labels, project.teacher)
    others = alternatives.of_document(best, labels)
    source = reading.Source(str(row.pk), row.sha256, row.name, fingerprint=row.fingerprint)
    return reading.receipt(
        source,
        roles,
        {name: _answer(label) for name, label in best.items()},
        as_domain_pages(pages),
        amount_kind,
        others={name: [_answer(other.label) for other in some] for name, some in others.items()},
        conventions=known,
    )


def _answer(label: Label) -> FieldValue:
    sure = SAID_BY_PEOPLE if label.source_kind.by_people else label.probability
    return replace(label.as_domain(), confidence=sure)


def _pages(numbers: Sequence[int]) -> Mapping[int, list[Page]]:
    rows = Page.objects.filter(document__in=numbers).order_by("document_id", "number")
    return {number: list(pages) for number, pages in groupby(rows, key=lambda page: page.document_id)}


def _labels(numbers: Sequence[int], project: Project) -> Mapping[int, list[Label]]:
    rows = Label.objects.filter(document__in=numbers, field__in=project.schema.names).exclude(source=Source.CLAIM)
    ordered = rows.select_related("quality").order_by("document_id", "pk")
    return {number: list(labels) for number, labels in groupby(ordered, key=lambda label: label.document_id)}
