"""Files into a project, their pages read, and out again."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from extraction.domain.progress import Progress
from extraction.domain.splits import split_of
from extraction.engines.ingest.files.files import Inspection, inspect, is_archive
from extraction.engines.ingest.files.limits import ArchiveLimits, Limits
from extraction.engines.ingest.files.limits import Refused as Refused  # what callers above catch
from extraction.engines.ingest.files.unpacking import members
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.models import Document, Job, Page, Project, Split, User
from extraction.services import events, storage
from extraction.services.documents import duplicates
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.labels import store

if TYPE_CHECKING:
    from extraction.engines.ingest.ocr.base import OcrEngine

CHUNK = 2**20
LIMITS = Limits()
ARCHIVE = ArchiveLimits()
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/avif": "avif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "application/pdf": "pdf",
}


class Upload(Protocol):
    """What an uploaded file offers; so do files opened for reading bytes."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file: its document (`created` if that is new), or why there is none, in one sentence.

    A file of an archive is called `archive.zip/folder/name.jpg`.
    """

    name: str
    document: Document | None = None
    created: bool = False
    error: str | None = None


def add_upload(
    project: Project,
    name: str,
    file: Path | Upload,
    *,
    split: str | None = None,
    actor: User | None = None,
    enqueue: bool = True,
) -> list[Added]:
    """A file, or every file of a ZIP archive, as `add_document`; a refused one harms no other. Raises `Invalid`."""

    def add(name: str, file: Path | Upload) -> Added:
        try:
            document, created = add_document(project, name, file, split=split, actor=actor, enqueue=enqueue)
        except (Refused, Conflict) as refusal:
            return Added(name, error=str(refusal))
        return Added(name, document, created)

    _check_split(split)
    try:
        with stage(file, archives=True) as (staged, _):
            if is_archive(staged):
                return [add(f"{name}/{member.name}", member) for member in members(staged, ARCHIVE)]
            return [add(name, staged)]
    except Refused as refusal:
        return [Added(name, error=str(refusal))]


def add_document(
    project: Project,
    name: str,
    file: Path | Upload,
    *,
    split: str | None = None,
    actor: User | None = None,
    enqueue: bool = True,
) -> tuple[Document, bool]:
    """Store a file and have it read; the document and whether it is new.

    Known content gives the known document; one that could not be read is tried again. `enqueue=False` is for a caller
    that calls `read` itself. Raises `Refused`, `Conflict` for a known document of another split, and `Invalid`.
    """
    _check_split(split)
    with stage(file) as (staged, sha256):
        known = project.documents.filter(sha256=sha256).first()
        if known is None:
            inspection = inspect(staged, LIMITS)
            document = _new(project, name, sha256, inspection, split, actor)
            try:
                return _insert(document, staged, enqueue), True
            except IntegrityError:
                # Somebody else stored the same bytes a moment ago.
                known = project.documents.get(sha256=sha256)
    return _known(known, split, actor, enqueue), False


def read(document_id: int, progress: Progress) -> None:
    """Find pages and words of a stored document; the work of a READ job, and harmless to repeat.

    What cannot be read leaves the document failed with one sentence. Raises `Refused`, `OcrUnavailable`, `Cancelled`.
    """
    document = Document.objects.select_related("project__schema_version").filter(pk=document_id).first()
    if document is None:
        return
    try:
        pages, fingerprint = _read_pages(document, progress)
    except (Refused, OcrUnavailable) as refusal:
        Document.objects.filter(pk=document_id).update(state=Document.State.FAILED, error=str(refusal))
        raise
    if _write_rows(document, pages, fingerprint):
        store.locate_spans(document)
        events.send(events.document_read, document=document)


def delete(document: Document) -> None:
    """The document with its labels, pages and files."""
    folder = storage.document_folder(document)
    trash = _staging_path()
    try:
        with transaction.atomic():
            document.delete()
            # Renamed while the row is locked: bytes stored anew in the meantime are not the ones that are removed.
            if folder.exists():
                folder.rename(trash)
    except BaseException:
        if trash.exists():
            trash.rename(folder)
        raise
    storage.remove(trash)


def engine_of(project: Project) -> OcrEngine:
    """The OCR engine that reads this project's pages. Raises `OcrUnavailable`."""
    from extraction.engines.ingest.ocr.registry import engine

    return engine(project.ocr or settings.KD_OCR, settings.KD_THREADS)


def _check_split(split: str | None) -> None:
    if split is not None and split not in Split.values:
        raise Invalid(f"There is no split {split!r}; known are {', '.join(Split.values)}.")


@contextmanager
def stage(file: Path | Upload, *, archives: bool = False) -> Iterator[tuple[Path, str]]:
    """A copy of the file on the disk of the data folder, and its hash; removed afterwards unless it was moved.

    `archives` may be larger than documents. Raises `Refused` for a file that is too large.
    """
    staged = _staging_path()
    try:
        if isinstance(file, Path):
            with file.open("rb") as opened:
                digest = _copy(opened, staged, archives)
        else:
            digest = _copy(file, staged, archives)
        yield staged, digest
    finally:
        staged.unlink(missing_ok=True)


def _copy(source: Upload | IO[bytes], target: Path, archives: bool) -> str:
    digest = hashlib.sha256()
    size, most = 0, LIMITS.bytes
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            if size == 0 and archives and is_archive(chunk):
                most = ARCHIVE.bytes
            size += len(chunk)
            if size > most:
                raise Refused(f"The file is too large (at most {most // 2**20} MB).")
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _staging_path() -> Path:
    folder = storage.root() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / uuid.uuid4().hex


def _new(
    project: Project, name: str, sha256: str, inspection: Inspection, split: str | None, actor: User | None
) -> Document:
    document = Document(
        project=project,
        name=clean_name(name),
        sha256=sha256,
        media_type=inspection.media_type,
        bytes=inspection.bytes,
        page_count=inspection.pages,
        split=split or split_of(sha256),
        author=actor,
    )
    original = storage.document_folder(document) / f"original.{_ENDINGS[inspection.media_type]}"
    document.original = storage.relative(original)
    return document


def clean_name(name: str) -> str:
    """The last part of a name or path as somebody sent it, of printable characters, at most 255."""
    printable = "".join(character for character in name.replace("\\", "/") if character.isprintable())
    return Path(printable).name[-255:] or "document"


def _insert(document: Document, staged: Path, enqueue: bool) -> Document:
    original = storage.path(document.original)
    with transaction.atomic():
        document.save(force_insert=True)
        original.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(original)
        if enqueue:
            _enqueue(document, document.author)
    return document


def _known(document: Document, split: str | None, actor: User | None, enqueue: bool) -> Document:
    if split is not None and split != document.split:
        raise Conflict(f"{document.name} is already in split {document.split} and cannot be loaded into {split}.")
    if document.state == Document.State.FAILED:
        with transaction.atomic():
            document.state, document.error = Document.State.QUEUED, ""
            document.save(update_fields=["state", "error"])
            if enqueue:
                _enqueue(document, actor)
    return document


def _enqueue(document: Document, actor: User | None) -> None:
    queue.enqueue(Job.Kind.READ, project=document.project, subject=document.pk, author=actor)


def _read_pages(document: Document, progress: Progress) -> tuple[list[Page], str]:
    """Unsaved rows of the pages, whose pictures are written, and the fingerprint of the first one."""
    from extraction.engines.ingest.page_images import save_page
    from extraction.engines.ingest.quality import fingerprint
    from extraction.engines.ingest.reading import read_pages

    folder = storage.document_folder(document) / "pages"
    found, rows = "", []
    for number, read in enumerate(
        read_pages(storage.path(document.original), engine_of(document.project), LIMITS, progress)
    ):
        image, thumbnail = save_page(read.image, folder, number)
        found = found or fingerprint(read.image)
        rows.append(
            Page(
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
        )
    return rows, found


def _write_rows(document: Document, pages: list[Page], fingerprint: str) -> bool:
    """Replace what an earlier attempt left; False if the document was deleted meanwhile."""
    twin = duplicates.find(document, fingerprint, pages[0])
    with transaction.atomic():
        if not Document.objects.select_for_update(no_key=True).filter(pk=document.pk).exists():
            return False
        document.pages.all().delete()
        Page.objects.bulk_create(pages)
        document.state, document.error = Document.State.READY, ""
        document.page_count = len(pages)
        document.focus = min(page.focus for page in pages)
        document.fingerprint = fingerprint
        document.duplicate_of = twin
        document.save(update_fields=["state", "error", "page_count", "focus", "fingerprint", "duplicate_of"])
    return True
