"""Findings that an audit run made."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.domain.errors import gettext_noop
from extraction.models import AuditRun, Finding, FindingSeverity
from extraction.services import events
from extraction.services.webhooks.events.base import EventKind, Notice, data


class FindingMade(EventKind):
    name = "finding.made"
    title = gettext_noop("Finding made")
    signals = (events.findings_made,)

    def notices(self, subject: AuditRun) -> Iterator[Notice]:
        """One for each that is held against a claim."""
        made = Finding.objects.filter(first_run=subject, current=True, doubtful=False)
        for row in made.exclude(severity=FindingSeverity.INFO).order_by("pk").iterator():
            row.project = subject.project
            yield self.notice(row)

    def notice(self, subject: Finding) -> Notice:
        path = f"/projects/{subject.project.slug}/findings/{subject.pk}"
        value = data(
            subject.project,
            path,
            state=subject.state,
            finding=subject.pk,
            claim=subject.claim_id,
            check=subject.check_name,
        )
        return Notice(subject.project, value)


FINDING_MADE = FindingMade()
