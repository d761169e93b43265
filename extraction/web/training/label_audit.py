"""Label audit of a run, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain import label_sources
from extraction.domain.learning.label_audit import LabelAudit
from extraction.models import Project, TrainingRun
from extraction.services.training import advice as advice_service
from extraction.services.training import label_audit, messages
from extraction.services.training.label_audit import DocumentIssue
from extraction.web.access import Access
from extraction.web.training import advice
from extraction.web.training.advice import AdviceRow


@dataclass(frozen=True, slots=True)
class IssueRow:
    """A doubtful label with a sentence for each reason."""

    issue: DocumentIssue
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class LabelAuditView:
    """What `training/_label_audit.html` shows; `sources` and `reasons` are titles with numbers of labels."""

    audit: LabelAudit
    sources: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    issues: list[IssueRow]
    advice: list[AdviceRow]


def view(run: TrainingRun, project: Project, access: Access) -> LabelAuditView | None:
    """`None` for a run without a label audit."""
    audit = run.audit
    if audit is None:
        return None
    titles = dict(label_sources.choices())
    return LabelAuditView(
        audit=audit,
        sources=[(titles.get(source, source), count) for source, count in audit.sources.items()],
        reasons=[(messages.REASONS[reason].capitalize(), count) for reason, count in audit.reasons.items()],
        issues=[IssueRow(issue, messages.of_issue(issue)) for issue in label_audit.issues(run, audit)],
        advice=[advice.row(piece, project, access) for piece in advice_service.of_run(run)],
    )
