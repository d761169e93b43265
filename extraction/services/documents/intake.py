"""Documents of a project: files in, and documents with their files out again."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.splits import split_of
from extraction.engines.ingest.files import Inspection, inspect, is_archive
from extraction.engines.ingest.limits import Refused as Refused  # caught by web and API, which import no engine
from extraction.engines.ingest.unpacking import members
from extraction.models import AuditAction, Deletion, Document, Project, Split, User
from extraction.services import events, leftovers, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.documents import messages, staging
from extraction.services.documents.jobs import READ
from extraction.services.documents.staging import Upload, stage
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue

# Media type → ending of the stored original.
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


@dataclass(frozen=True, slots=True)
class Added:
    """Result of adding one file: its document (`created` if that is new), or the reason for none in one sentence.

    A file of an archive is named `archive.zip/folder/name.jpg`.
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
    """Add a file, or every file of a ZIP archive, as `add_document` does; a refused file does not affect the others.

    Raises `Invalid` for an unknown split.
    """

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
                return [add(f"{name}/{member.name}", member) for member in members(staged, staging.ARCHIVE)]
            return [add(name, staged)]
    except Refused as refusal:
        return [Added(name, error=str(refusal))]


def add_document(
    project: Project,
    name: str,
    file: Path | Upload,
    *,
    split: str | None = None,
    origin: Document.Origin = Document.Origin.UPLOAD,
    actor: User | None = None,
    enqueue: bool = True,
) -> tuple[Document, bool]:
    """Store a file and have it read; the document and whether it is new.

    Known content gives the known document; one that could not be read is tried again. `enqueue=False` is for a caller
    that calls `reading.read` itself. Raises `Refused`, `Conflict` for a known document of another split, and `Invalid`
    for an unknown split.
    """
    _check_split(split)
    with stage(file) as (staged, sha256):
        known = project.documents.filter(sha256=sha256).first()
        if known is None:
            inspection = inspect(staged, staging.LIMITS)
            document = _new(project, name, sha256, inspection, split, actor)
            document.origin = origin
            try:
                return _insert(document, staged, enqueue), True
            except IntegrityError:
                # Another request stored the same bytes a moment ago.
                known = project.documents.get(sha256=sha256)
    return _known(known, split, actor, enqueue), False


def delete(document: Document, *, actor: User | None = None, cause: Deletion.Cause = Deletion.Cause.PERSON) -> None:
    """Delete the document with its labels and pages, and then its files. What else holds something of it follows
    (`services.privacy`).

    Raises `Conflict` under a legal hold.
    """
    with leftovers.changing(storage.document_folder(document)), transaction.atomic():
        # Trainings that begin to read wait: afterwards the document is gone, before it was learned from.
        project = Project.objects.select_for_update(no_key=True).filter(pk=document.project_id).first()
        if project is None:
            return  # it was deleted as a whole
        if project.held or Document.objects.filter(pk=document.pk, held=True).exists():
            raise Conflict(messages.HELD, name=document.name)
        events.send_now(events.document_deleting, document=document, actor=actor, cause=cause)
        gone = copy(document)
        document.delete()
        changes = {"sha256": gone.sha256, "cause": cause.value}
        audit_log.record(AuditAction.DOCUMENT_DELETED, gone, project=gone.project, changes=changes)


def take_back(document: Document) -> None:
    """Delete a document that turned out to be refused as it came in: no hold keeps it, and nothing has learned it."""
    with leftovers.changing(storage.document_folder(document)), transaction.atomic():
        document.delete()


def is_unread(document: Document) -> bool:
    """Whether a document could not be read, or waits although no job is about it any more."""
    if document.state == Document.State.QUEUED:
        return not queue.active(READ, document.pk).exists()
    return document.state == Document.State.FAILED


def _check_split(split: str | None) -> None:
    if split is not None and split not in Split.values:
        raise Invalid(
            gettext_noop("There is no split {split!r}; known are {known}."), split=split, known=", ".join(Split.values)
        )


def _new(
    project: Project, name: str, sha256: str, inspection: Inspection, split: str | None, actor: User | None
) -> Document:
    document = Document(
        project=project,
        name=staging.clean_name(name),
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


def _insert(document: Document, staged: Path, enqueue: bool) -> Document:
    original = storage.path(document.original)
    with leftovers.changing(original.parent), transaction.atomic():
        document.save(force_insert=True)
        storage.keep(staged, original)
        if enqueue:
            _enqueue(document, document.author)
    return document


def _known(document: Document, split: str | None, actor: User | None, enqueue: bool) -> Document:
    if split is not None and split != document.split:
        raise Conflict(
            gettext_noop("{name} is already in split {split} and cannot be loaded into {asked}."),
            name=document.name,
            split=document.split,
            asked=split,
        )
    if is_unread(document):
        with transaction.atomic():
            document.state, document.error = Document.State.QUEUED, ""
            document.save(update_fields=["state", "error"])
            if enqueue:
                _enqueue(document, actor)
    return document


def _enqueue(document: Document, actor: User | None) -> None:
    queue.enqueue(READ, project=document.project, subject=document.pk, author=actor)
