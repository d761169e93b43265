"""Cross-checks that ended."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import CrossCheck
from extraction.services import events
from extraction.services.training.jobs import CROSS_CHECK
from extraction.services.webhooks.events.base import JobEnd, Notice, data


class CrossCheckEnded(JobEnd):
    name = "cross_check.ended"
    title = gettext_noop("Cross-check ended")
    signals = (events.job_ended,)
    job_kind = CROSS_CHECK.name

    def about(self, subject: int) -> Notice | None:
        check = CrossCheck.objects.select_related("project", "job").filter(pk=subject).first()
        if check is None:
            return None
        path = f"/projects/{check.project.slug}/cross-checks/{check.pk}"
        return Notice(check.project, data(check.project, path, state=check.state, cross_check=check.pk))


CROSS_CHECK_ENDED = CrossCheckEnded()
