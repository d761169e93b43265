"""Findings that an audit run made."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import Finding
from extraction.services import events
from extraction.services.webhooks.events.base import EventKind, Notice, data


class FindingMade(EventKind):
    name = "finding.made"
    title = gettext_noop("Finding made")
    signals = (events.finding_made,)

    def notice(self, subject: Finding) -> Notice | None:
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
