"""Issues of a run's label audit, with the documents and labels that they refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.learning.label_audit import IssueReason, LabelAudit, LabelIssue
from extraction.models import Document, Label, TrainingRun, as_domain_pages


@dataclass(frozen=True, slots=True)
class DocumentIssue:
    """A doubtful label, on a document that is still there; `label` is `None` where it was deleted.

    Where the student contradicts, it does so with `confidence` (0–1): by `answer` (`None`: its words are no longer
    there), or, where `empty`, by saying that the field is not on the document.
    """

    document: Document
    field: str
    label: Label | None
    reasons: Sequence[IssueReason]
    answer: str | None = None
    empty: bool = False
    confidence: float | None = None


def issues(run: TrainingRun, audit: LabelAudit) -> list[DocumentIssue]:
    """The listed issues whose documents are still there; a fixed number of queries."""
    hashes = {issue.document for issue in audit.listed}
    rows = Document.objects.filter(project=run.project_id, sha256__in=hashes).prefetch_related("pages")
    documents = {document.sha256: document for document in rows}
    labels = _labels(run, {document.pk for document in documents.values()})
    return [
        _issue(issue, document, labels.get((document.pk, issue.field)))
        for issue in audit.listed
        if (document := documents.get(issue.document))
    ]


def _issue(issue: LabelIssue, document: Document, label: Label | None) -> DocumentIssue:
    # A label follows its field to another name; the audit keeps the one of the training.
    field = label.field if label else issue.field
    if issue.answer is None:
        return DocumentIssue(document, field, label, issue.reasons)
    answer = issue.answer.text(as_domain_pages(document.pages.all()))
    return DocumentIssue(document, field, label, issue.reasons, answer, issue.answer.empty, issue.answer.confidence)


def _labels(run: TrainingRun, documents: set[int]) -> dict[tuple[int, str], Label]:
    """The labels of these documents that the run was trained on, by document and field."""
    keys = {
        (item.document, name): pk
        for item in (run.snapshot.documents if run.snapshot else [])
        if item.document in documents
        for name, pk in item.labels.items()
    }
    rows = Label.objects.in_bulk(list(keys.values()))
    return {key: rows[pk] for key, pk in keys.items() if pk in rows}
