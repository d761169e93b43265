"""Reading again of documents that another engine read than the one that reads them now."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.domain.progress import Progress, Silent, check
from extraction.domain.work.deadlines import TooSlow
from extraction.engines.ingest.limits import Refused
from extraction.models import Document, Job, Page, Project
from extraction.services.documents import reading
from extraction.services.documents.jobs import READ_AGAIN
from extraction.services.jobs import queue

# As `engines.ingest.reading` names what needs no engine; its module imports one.
TEXT_LAYER = "text layer"


def on_languages_changed(project: Project, **_: object) -> None:
    """Have the project's documents read again, unless a job that waits will."""
    waiting = queue.active(READ_AGAIN, project.pk).filter(state=Job.State.QUEUED)
    if project.documents.filter(state=Document.State.READY).exists() and not waiting.exists():
        queue.enqueue(READ_AGAIN, project=project, subject=project.pk)


def read_again(project_id: int, progress: Progress) -> None:
    """Read the documents whose pages name another engine; the work of a READ_AGAIN job, and harmless to repeat.

    Labels and what people decided stay. A file that cannot be read any more keeps its pages. Raises `OcrUnavailable`
    and `Cancelled`.
    """
    project = Project.objects.filter(pk=project_id).first()
    documents = list(_read_otherwise(project)) if project else []
    for number, document in enumerate(documents):
        progress.report(number, len(documents), "Reading again")
        check(progress)
        try:
            reading.read(document, Silent())
        except (Refused, TooSlow, FileNotFoundError):
            continue
    progress.report(len(documents), len(documents), "Reading again")


def _read_otherwise(project: Project) -> Iterator[int]:
    """Primary keys of the documents with a page that another engine read."""
    name = reading.engine_of(project).name
    seen: set[int] = set()
    rows = Page.objects.filter(document__project=project, document__state=Document.State.READY).order_by("document_id")
    for document, reader in rows.values_list("document_id", "reader"):
        engine = reader.removeprefix(f"{TEXT_LAYER}, ")
        if document not in seen and engine not in (name, TEXT_LAYER):
            seen.add(document)
            yield document
