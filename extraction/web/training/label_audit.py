"""Label audit of a run, as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext

from extraction.domain import label_sources
from extraction.domain.learning.label_audit import IssueReason, LabelAudit
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
class IssueGroup:
    """Labels of one field that are doubted for the same reasons, which one row says of all."""

    field: str
    reason: str
    issues: list[DocumentIssue]


@dataclass(frozen=True, slots=True)
class LabelAuditView:
    """What `training/_label_audit.html` shows; `sources` and `reasons` are titles with numbers of labels.

    `issues` are the labels that the student contradicts, `groups` hold the others.
    """

    run: int
    audit: LabelAudit
    sources: list[tuple[str, int]]
    reasons: list[tuple[str, int]]
    groups: list[IssueGroup]
    issues: list[IssueRow]
    advice: list[AdviceRow]

    @property
    def listed(self) -> int:
        return len(self.issues) + sum(len(group.issues) for group in self.groups)


def view(run: TrainingRun, project: Project, access: Access) -> LabelAuditView | None:
    """`None` for a run without a label audit."""
    audit = run.audit
    if audit is None:
        return None
    titles = {source.name: gettext(source.title) for source in label_sources.known()}
    doubted = label_audit.issues(run, audit)
    plain = [issue for issue in doubted if not _is_grouped(issue)]
    return LabelAuditView(
        run=run.pk,
        audit=audit,
        sources=[(titles.get(source, source), count) for source, count in audit.sources.items()],
        reasons=[(capfirst(messages.of_reason(reason)), count) for reason, count in audit.reasons.items()],
        groups=_groups(doubted),
        issues=[IssueRow(issue, messages.of_issue(issue)) for issue in plain],
        advice=[advice.row(piece, project, access) for piece in advice_service.of_run(run)],
    )


def _groups(issues: Sequence[DocumentIssue]) -> list[IssueGroup]:
    """By reasons and field, the most labels first."""
    rows: dict[tuple[tuple[IssueReason, ...], str], list[DocumentIssue]] = defaultdict(list)
    for issue in filter(_is_grouped, issues):
        rows[tuple(issue.reasons), issue.field].append(issue)
    groups = [
        IssueGroup(field, ", ".join(messages.of_reason(reason) for reason in reasons), held)
        for (reasons, field), held in rows.items()
    ]
    return sorted(groups, key=lambda group: -len(group.issues))


def _is_grouped(issue: DocumentIssue) -> bool:
    """What the student contradicts is looked at one by one; other faults are the same on each document."""
    return IssueReason.CONTRADICTED not in issue.reasons
