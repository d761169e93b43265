"""Files of extractions that people decided about in review."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Extraction
from extraction.services import events
from extraction.services.webhooks.events.base import EventKind, Notice, data

# The newest extractions of one file that are told of.
MOST = 100


class ExtractionReviewed(EventKind):
    """The file of an extraction was accepted or rejected, by `state`; anew each time that somebody decides."""

    name = "extraction.reviewed"
    title = gettext_noop("Extraction reviewed")
    signals = (events.document_decided,)

    def notices(self, subject: Document) -> Iterator[Notice]:
        """One for each extraction of the file."""
        project = subject.project
        done = project.extractions.filter(sha256=subject.sha256, state=Extraction.State.DONE)
        for public_id in done.order_by("-pk").values_list("public_id", flat=True)[:MOST]:
            yield self.notice(subject, str(public_id))

    def notice(self, subject: Document, extraction: str = "") -> Notice:
        path = f"/extractions/{extraction}"
        return Notice(
            subject.project,
            data(subject.project, path, state=subject.review, extraction=extraction, document=subject.pk),
        )


EXTRACTION_REVIEWED = ExtractionReviewed()
