"""Extractions that were done, and those that failed."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop
from extraction.models import Extraction
from extraction.services import events
from extraction.services.webhooks.events.base import EventKind, Notice, data


class ExtractionEnded(EventKind):
    """Extractions that ended in `state`, at once in the web process or later by a worker."""

    signals = (events.extraction_done,)
    state: Extraction.State

    def notice(self, subject: Extraction) -> Notice | None:
        if subject.state != self.state:
            return None
        public_id, model = str(subject.public_id), subject.model.name
        told = data(
            subject.project, f"/extractions/{public_id}", state=subject.state, extraction=public_id, model=model
        )
        return Notice(subject.project, told)


class ExtractionDone(ExtractionEnded):
    name = "extraction.done"
    title = gettext_noop("Extraction done")
    state = Extraction.State.DONE


class ExtractionFailed(ExtractionEnded):
    name = "extraction.failed"
    title = gettext_noop("Extraction failed")
    state = Extraction.State.FAILED


EXTRACTION_DONE, EXTRACTION_FAILED = ExtractionDone(), ExtractionFailed()
