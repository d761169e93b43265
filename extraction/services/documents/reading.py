"""Reading of stored documents: from the original file to rows of pages with words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from extraction.domain.progress import Progress
from extraction.domain.work import deadlines
from extraction.engines.ingest.limits import Refused
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.models import Document, Page, Project
from extraction.services import events, leftovers, storage
from extraction.services.documents import duplicates, layouts, staging
from extraction.services.jobs import claims
from extraction.services.labels import store
from extraction.services.projects import languages

if TYPE_CHECKING:
    from extraction.engines.ingest.ocr.base import OcrEngine
    from extraction.engines.ingest.reading import ReadPage


@dataclass(frozen=True, slots=True)
class ReadResult:
    """Unsaved rows of a document's pages, whose pictures are written, and the fingerprint of the first page (hex).

    `language` is the code of that page's language, empty where its words do not tell, `None` if nobody asked.
    """

    pages: list[Page]
    fingerprint: str
    language: str | None

    @property
    def pictures(self) -> list[Path]:
        """The pictures and thumbnails of the pages."""
        return [storage.path(name) for page in self.pages for name in (page.image, page.thumbnail)]


def read(document_id: int, progress: Progress) -> None:
    """Find pages and words of a stored document; the work of a READ job, and harmless to repeat.

    A document that is gone is left alone; one that cannot be read becomes failed, with one sentence. Raises `Refused`,
    `OcrUnavailable`, `TooSlow` and `Cancelled`.
    """
    document = Document.objects.select_related("project__schema_version").filter(pk=document_id).first()
    if document is not None:
        limit = deadlines.within(settings.KD_DOCUMENT_SECONDS)
        with leftovers.changing(storage.document_folder(document)), limit:
            _read(document, progress)


def _read(document: Document, progress: Progress) -> None:
    try:
        result = _read_pages(document, progress)
        if _learn_language(document, result):
            result = _read_pages(document, progress)
    except (Refused, OcrUnavailable, deadlines.TooSlow) as refusal:
        # One that is read again keeps the pages that it has.
        unread = Document.objects.filter(pk=document.pk).exclude(state=Document.State.READY)
        unread.update(state=Document.State.FAILED, error=str(refusal))
        raise
    before = document.domain_pages()
    storage.publish(result.pictures)
    if _store(document, result):
        _remove_drafts(document, result)
        store.locate_spans(document, before)
        events.send(events.document_read, document=document)


def engine_of(project: Project) -> OcrEngine:
    """The OCR engine that reads this project's pages. Raises `OcrUnavailable`."""
    from extraction.engines.ingest.ocr.registry import engine

    return engine(project.ocr or settings.KD_OCR, settings.KD_THREADS, project.languages)


def _learn_language(document: Document, result: ReadResult) -> bool:
    """Note the document's language, if it was looked for; whether another engine reads the project's pages since."""
    if result.language is None:
        return False
    before = engine_of(document.project)
    languages.learn(document, result.language)
    return engine_of(document.project) is not before


def _language(page: ReadPage) -> str:
    """The code of a page's language; empty where its words do not tell."""
    from extraction.engines.ingest.ocr.identification import language_on

    found = language_on(page.image, page.page.words, settings.KD_THREADS)
    return found.code if found else ""


def _read_pages(document: Document, progress: Progress) -> ReadResult:
    from extraction.engines.ingest.quality import fingerprint
    from extraction.engines.ingest.reading import read_pages

    original, engine = storage.fetch(document.original), engine_of(document.project)
    first_fingerprint, rows, language = "", [], None
    for number, page in enumerate(read_pages(original, engine, staging.LIMITS, progress)):
        first_fingerprint = first_fingerprint or fingerprint(page.image)
        if number == 0 and languages.is_looked_for(document):
            language = _language(page)
        rows.append(_row(document, number, page))
    return ReadResult(rows, first_fingerprint, language)


def _row(document: Document, number: int, read: ReadPage) -> Page:
    """The unsaved row of page `number`; writes its picture and thumbnail."""
    from extraction.engines.ingest.page_images import save_page

    image, thumbnail = save_page(read.image, storage.document_folder(document) / "pages", number)
    return Page(
        document=document,
        number=number,
        image=storage.relative(image),
        thumbnail=storage.relative(thumbnail),
        width=read.page.width,
        height=read.page.height,
        rotation=read.rotation,
        focus=read.focus,
        reader=read.reader,
        seconds=read.seconds,
        words=read.page.to_json()["words"],
    )


def _remove_drafts(document: Document, result: ReadResult) -> None:
    """Remove what a killed worker left among the pictures of the pages."""
    storage.keep_only(storage.document_folder(document) / "pages", result.pictures)


def _store(document: Document, result: ReadResult) -> bool:
    """Replace the pages of an earlier attempt; false if the document was deleted meanwhile.

    Raises `Cancelled` where another worker reads it now, or has read it.
    """
    duplicate_of = duplicates.find(document, result.fingerprint, result.pages[0])
    with transaction.atomic():
        claims.confirm()
        if not Document.objects.select_for_update(no_key=True).filter(pk=document.pk).exists():
            return False
        document.pages.all().delete()
        document.out_of_fold.all().delete()
        Page.objects.bulk_create(result.pages)
        document.state, document.error = Document.State.READY, ""
        document.page_count = len(result.pages)
        document.empty_pages = sum(not page.words for page in result.pages)
        document.focus = min(page.focus for page in result.pages)
        document.fingerprint = result.fingerprint
        document.duplicate_of = duplicate_of
        document.save(
            update_fields=["state", "error", "page_count", "empty_pages", "focus", "fingerprint", "duplicate_of"]
        )
        layouts.store(document, result.pages[0])
    return True
