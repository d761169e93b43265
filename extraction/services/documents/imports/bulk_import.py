"""Bulk import: files, folders and label files into a project, read in this process, for the command `load`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from extraction.domain.errors import quoted
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress
from extraction.domain.work.deadlines import TooSlow
from extraction.models import AuditAction, Document, Project
from extraction.services.audit_log import log as audit_log
from extraction.services.documents import intake, reading, rereading
from extraction.services.documents.claims import loading
from extraction.services.documents.claims.loading import ClaimsFile, LoadedClaims
from extraction.services.documents.intake import Added, Refused
from extraction.services.errors import Invalid
from extraction.services.labels.label_files import jsonl, storing
from extraction.services.labels.label_files.formats import conversion
from extraction.services.labels.label_files.formats.conversion import FieldNames
from extraction.services.labels.label_files.formats.protocol import LabelFormat
from extraction.services.projects import languages
from extraction.services.projects.messages import missing_data

# Endings of files that lie beside documents in a folder; all others are tried, and refused with a reason.
BESIDE = frozenset({".jsonl", ".json", ".toml", ".csv", ".txt", ".md"})


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that did not become a document, with the reason in one sentence."""

    file: str
    reason: str

    def to_json(self) -> dict[str, str]:
        return {"file": self.file, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """How many files were new and known to the project, and those that were refused."""

    new: int = 0
    known: int = 0
    refused: tuple[RefusedFile, ...] = ()

    @classmethod
    def of(cls, files: Sequence[Added]) -> Self:
        refused = tuple(RefusedFile(added.name, added.error) for added in files if added.error)
        new = sum(added.created for added in files if not added.error)
        return cls(new, len(files) - new - len(refused), refused)

    def __add__(self, other: DocumentCounts) -> DocumentCounts:
        return DocumentCounts(self.new + other.new, self.known + other.known, self.refused + other.refused)

    def to_json(self) -> JsonObject:
        return {"new": self.new, "known": self.known, "refused": [file.to_json() for file in self.refused]}


@dataclass(frozen=True, slots=True)
class BulkImport:
    """Result of a bulk import; without a label file the counts of labels are zero.

    `note` says what could not be read for want of data; `claims` is the import of a table; `passed_over` counts the
    names in files of another format that fill no field.
    """

    documents: DocumentCounts
    labels: storing.LoadResult
    note: str = ""
    claims: LoadedClaims | None = None
    passed_over: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        """The JSON object of `load --json`."""
        note: JsonObject = {"note": self.note} if self.note else {}
        claims: JsonObject = {"claims": self.claims.to_json()} if self.claims else {}
        passed_over: JsonObject = {"passed_over": dict(self.passed_over)} if self.passed_over else {}
        labels = self.labels.to_json()
        return {"documents": self.documents.to_json(), "labels": labels, **note, **claims, **passed_over}


class _CancelOnly:
    """Progress that passes on cancellation, but not the steps inside one document."""

    def __init__(self, progress: Progress) -> None:
        self.cancelled = progress.cancelled

    def report(self, done: int, total: int, message: str = "") -> None:
        pass


def load(
    project: Project,
    paths: Sequence[Path],
    *,
    labels: Sequence[Path] = (),
    source: str | None = None,
    format: LabelFormat | None = None,
    names: Mapping[str, str] | None = None,
    claims: ClaimsFile | None = None,
    split: str | None = None,
    progress: Progress,
) -> BulkImport:
    """Add and read files and folders, and store label files; without `paths`, the files that the label files name.
    A table of `claims` comes last, when the documents that it names are there.

    Label files are JSONL, or of another `format`, whose names fill the fields that `names` chooses. They are checked to
    their last lines before anything is stored. Raises `Invalid` for wrong arguments, a
    path that does not exist and a label file with a bad line, and `Cancelled`.
    """
    if bool(labels) != (source is not None):
        raise Invalid("A label file and its source go together.")
    if not paths and not labels and claims is None:
        raise Invalid("Name files or folders to load, a label file, or a table of claims.")
    fields = FieldNames(project.schema, names or {})
    with TemporaryDirectory() as folder:
        parsed = [_parsed(project, path, format, fields, Path(folder, str(n))) for n, path in enumerate(labels)]
        files = list(_files(paths)) if paths else sorted({file for each in parsed for file in each.files})
        documents = DocumentCounts.of(list(_add(project, files, split, progress)))
        if documents.new:
            # The first documents were read before their languages were known.
            rereading.read_again(project.pk, _CancelOnly(progress))
            project.refresh_from_db(fields=["languages_set", "languages_found"])
        stored = storing.LoadResult()
        if source is not None:
            stored = storing.store(project, parsed, source)
            if stored.new:
                audit_log.record(AuditAction.LABELS_LOADED, project=project, changes={"source": source})
    imported = None if claims is None else loading.load(project, claims, progress)
    note = missing_data(languages.missing(project))
    return BulkImport(documents, stored, note, imported, fields.passed_over)


def _parsed(
    project: Project, path: Path, format: LabelFormat | None, names: FieldNames, folder: Path
) -> jsonl.LabelFile:
    """The checked label file; of another format the JSONL made of it, in a new folder."""
    if format is None:
        return jsonl.parse(project, path)
    folder.mkdir()
    if not conversion.convert(format, path, names, folder / path.name):
        known = ", ".join(quoted(name) for name in list(names.passed_over)[:10])
        raise Invalid(f"{path.name} names no field of the project; say with --map NAME=FIELD what these mean: {known}.")
    return jsonl.parse(project, folder / path.name, format.unit)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            yield from (file for file in inside if file.suffix.lower() not in BESIDE and not _hidden(file, path))
        elif path.exists():
            yield path
        else:
            raise Invalid(f"There is no file or folder {path}.")


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _add(project: Project, files: Sequence[Path], split: str | None, progress: Progress) -> Iterator[Added]:
    for done, file in enumerate(files):
        progress.report(done, len(files), file.name)
        try:
            # The files of an archive are stored before the first of them is read.
            for added in intake.add_upload(project, str(file), file, split=split, enqueue=False):
                progress.report(done, len(files), added.name)
                yield _read(added, progress)
        except OSError as error:
            yield Added(str(file), error=f"{error.strerror}.")
    progress.report(len(files), len(files))


def _read(added: Added, progress: Progress) -> Added:
    """The file after reading, which may still refuse it."""
    document = added.document
    if document is None or document.state != Document.State.QUEUED:
        return added
    try:
        reading.read(document.pk, _CancelOnly(progress))
    except (Refused, TooSlow) as refusal:
        if added.created:
            intake.take_back(document)
        return Added(added.name, error=str(refusal))
    return added
