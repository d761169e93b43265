"""Review of callers' files: what people decided about the document that a file is in its project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extraction.domain.results.extraction import ExtractionResult
from extraction.domain.results.review import FileReview, ReviewedValue, ReviewState
from extraction.models import BestLabel, Document, Extraction, Project

# Documents that nobody has decided about wait, with labels or without.
_STATES = {
    Document.Review.ACCEPTED: ReviewState.ACCEPTED,
    Document.Review.REJECTED: ReviewState.REJECTED,
}


def result(row: Extraction) -> ExtractionResult:
    """The extraction with the review of its file; two queries at most."""
    return results(row.project, [row])[0]


def results(project: Project, rows: Sequence[Extraction]) -> list[ExtractionResult]:
    """Those of extractions of `project`, in their order; as many queries for many as for one."""
    found = _by_file(project, rows)
    return [replace(row.as_domain(), review=found.get(row.sha256)) for row in rows]


def _by_file(project: Project, rows: Sequence[Extraction]) -> dict[str, FileReview]:
    """By the hash of the file."""
    hashes = {row.sha256 for row in rows if row.sha256}
    columns = ("pk", "sha256", "review", "reviewed", "rejection")
    documents = list(project.documents.filter(sha256__in=hashes).only(*columns)) if hashes else []
    values = _values(project, [each.pk for each in documents if each.review == Document.Review.ACCEPTED])
    return {each.sha256: _review(each, values.get(each.pk)) for each in documents}


def _review(document: Document, values: Mapping[str, ReviewedValue] | None) -> FileReview:
    state = _STATES.get(Document.Review(document.review), ReviewState.WAITING)
    return FileReview(
        document.pk,
        state,
        None if state is ReviewState.WAITING else document.reviewed,
        document.rejection or None if state is ReviewState.REJECTED else None,
        dict(values or {}) if state is ReviewState.ACCEPTED else None,
    )


def _values(project: Project, documents: Sequence[int]) -> dict[int, dict[str, ReviewedValue]]:
    """The values of accepted documents by field, in the order of the fields in force."""
    if not documents:
        return {}
    place = {name: number for number, name in enumerate(project.schema.names)}
    rows = BestLabel.objects.filter(document__in=documents, field__in=place).select_related("label")
    found: dict[int, dict[str, ReviewedValue]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: place[row.field]):
        found[row.document_id][row.field] = ReviewedValue(row.label.value, row.label.normalized)
    return found
