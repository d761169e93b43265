"""What a student read on documents whose labels it contradicts, from the label audit of its training run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.learning.label_audit import IssueReason, LabelAudit
from extraction.domain.pages import Page
from extraction.models import Document, Project, TrainingRun
from extraction.services.projects import schema_versions


@dataclass(frozen=True, slots=True)
class StudentReading:
    """The student's answer for a field with its confidence (0–1).

    `value` is `None` where it says that the field is not on the document (`empty`), and where the words on which its
    answer stood are no longer there.
    """

    field: str
    value: str | None
    empty: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Contradictions:
    """Labels that the student of a run contradicts, of those that the run lists."""

    run: TrainingRun
    labels: int


def of_run(project: Project, run: int, document: Document, pages: Sequence[Page]) -> list[StudentReading]:
    """Of one document; empty for an unknown run, or where it contradicts nothing there."""
    row = project.training_runs.filter(pk=run).select_related("snapshot__schema_version").first()
    if row is None or row.audit is None:
        return []
    names = schema_versions.translation(row.snapshot.schema_version) if row.snapshot else {}
    return [
        StudentReading(
            names.get(issue.field, issue.field), issue.answer.text(pages), issue.answer.empty, issue.answer.confidence
        )
        for issue in row.audit.listed
        if issue.document == document.sha256 and issue.answer is not None
    ]


def latest(project: Project) -> Contradictions | None:
    """Of the newest run with a label audit; `None` where its student contradicts nothing that is still to decide."""
    rows = project.training_runs.filter(label_audit__isnull=False).only("name", "label_audit", "created")
    run = rows.first()
    if run is None or run.audit is None:
        return None
    labels = _open(project, run, run.audit)
    return Contradictions(run, labels) if labels else None


def _open(project: Project, run: TrainingRun, audit: LabelAudit) -> int:
    """Contradicted labels on documents about which nobody has decided since the run began."""
    hashes = [issue.document for issue in audit.listed if IssueReason.CONTRADICTED in issue.reasons]
    documents = project.documents.filter(sha256__in=hashes)
    left = set(documents.exclude(reviewed__gte=run.created).values_list("sha256", flat=True))
    return sum(document in left for document in hashes)
