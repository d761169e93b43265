"""Files of extractions that people decided about in review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

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
    signals = (events.documents_decided,)

    def notices(self, subject: Sequence[Document]) -> Iterator[Notice]:
        """One for each extraction of the files, the newest first; one query however many documents there are."""
        documents = {document.sha256: document for document in subject}
        if not documents:
            return
        project, told = subject[0].project, Counter[str]()
        done = project.extractions.filter(sha256__in=documents, state=Extraction.State.DONE).order_by("-pk")
        for sha256, public_id in done.values_list("sha256", "public_id").iterator():
            told[sha256] += 1
            if told[sha256] <= MOST:
                yield _notice(documents[sha256], str(public_id))

    def notice(self, subject: Sequence[Document]) -> Notice | None:
        return next(self.notices(subject), None)


def _notice(document: Document, extraction: str) -> Notice:
    project, path = document.project, f"/extractions/{extraction}"
    return Notice(project, data(project, path, state=document.review, extraction=extraction, document=document.pk))


EXTRACTION_REVIEWED = ExtractionReviewed()
