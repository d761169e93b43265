"""Files of answers that a person brings: checked as a whole, then kept until a job has stored them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extraction.engines import digests
from extraction.engines.teacher.batching import Batches, NoResult, Outcome
from extraction.models import Job, LabelRun, Project, TeacherBatch, TeacherBatchEntry
from extraction.services import leftovers, storage
from extraction.services.documents.staging import Upload
from extraction.services.errors import Invalid
from extraction.services.teaching.batches import answers, files, messages, runs, writing
from extraction.services.teaching.batches.answers import Line

MB = 2**20
MOST_BYTES = 256 * MB
CHUNK = MB
# What stands among the first bytes of the files that this program writes.
SEEN = 400
REQUEST_WORDS = (b'{"requests"', b'"method":"POST"')


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file brings: `answers` that were not known, `failed` requests, lines that are `doubled`, and answers about
    documents that were `deleted`."""

    answers: int = 0
    known: int = 0
    failed: int = 0
    doubled: int = 0
    deleted: int = 0

    @property
    def sentence(self) -> str:
        return messages.imported(self.answers, self.known, self.failed, self.doubled, self.deleted)


def take(run: LabelRun, file: Path | Upload, *, send: bool = True) -> tuple[Imported, Job]:
    """Keep a file of answers of this run; the job stores them. Raises `Invalid` with a line that does not belong there,
    in which case nothing is kept."""
    _, batches = runs.find(run)
    with leftovers.changing(storage.project_folder(run.project)), _staged(file) as (path, digest):
        imported = _check(run, batches, path)
        with files.complete(files.answers(run, digest)) as draft:
            path.rename(draft)
        return imported, runs.take_in(run, send=send)


def run_of(project: Project, file: Path) -> LabelRun:
    """The run whose batches a file answers, by its first id. Raises `Invalid`."""
    with file.open("rb") as lines:
        for number, text in enumerate(lines, 1):
            if match := writing.ID.search(text):
                rows = LabelRun.objects.filter(project=project, batches__key=match["key"].decode())
                if run := rows.select_related("project", "schema_version", "prompt_version").first():
                    return run
                raise Invalid(messages.OTHER_RUN, line=number)
    raise Invalid(messages.NO_ANSWERS)


@contextmanager
def _staged(file: Path | Upload) -> Iterator[tuple[Path, str]]:
    """A copy on the disk of the data folder, and its SHA-256 in hex."""
    with leftovers.incoming_file() as staged:
        if isinstance(file, Path):
            with file.open("rb") as opened:
                yield staged, _copy(opened, staged)
        else:
            yield staged, _copy(file, staged)


def _copy(source: Upload, target: Path) -> str:
    hashing = digests.Hashing(source)
    with target.open("wb") as out:
        while chunk := hashing.read(CHUNK):
            if hashing.bytes > MOST_BYTES:
                raise Invalid(messages.TOO_LARGE, limit=MOST_BYTES // MB)
            out.write(chunk)
    return hashing.sha256


def _check(run: LabelRun, batches: Batches, path: Path) -> Imported:
    """Counts of a file all of whose lines answer this run. Raises `Invalid`."""
    with path.open("rb") as opened:
        begin = opened.read(SEEN)
    if any(words in begin for words in REQUEST_WORDS):
        raise Invalid(messages.REQUESTS)
    counts = dict.fromkeys(("answers", "known", "failed", "doubled", "deleted"), 0)
    seen: set[tuple[str, int]] = set()
    entries = _entries(run)
    try:
        for line in answers.read(path, batches):
            entry = _entry(run, entries, line)
            place = (line.id.key, line.id.number) if line.id else ("", 0)
            counts[_kind(entry, line, repeated=place in seen)] += 1
            seen.add(place)
    except NoResult as problem:
        raise Invalid(messages.NO_RESULT, line=problem.args[0]) from None
    except UnicodeDecodeError:
        raise Invalid(messages.NOT_TEXT) from None
    if not seen:
        raise Invalid(messages.NO_ANSWERS)
    return Imported(**counts)


def _entries(run: LabelRun) -> dict[str, dict[int, TeacherBatchEntry]]:
    """The entries of a run by the key of their batch and their number."""
    found: dict[str, dict[int, TeacherBatchEntry]] = {batch.key: {} for batch in run.batches.all()}
    for entry in TeacherBatchEntry.objects.filter(batch__run=run).select_related("batch"):
        found[entry.batch.key][entry.number] = entry
    return found


def _entry(run: LabelRun, entries: dict[str, dict[int, TeacherBatchEntry]], line: Line) -> TeacherBatchEntry:
    """Raises `Invalid` for a line that answers no entry of the run."""
    if line.id is not None:
        if found := entries.get(line.id.key, {}).get(line.id.number):
            return found
        if TeacherBatch.objects.filter(key=line.id.key).exclude(run=run).exists():
            raise Invalid(messages.OTHER_RUN, line=line.number)
    raise Invalid(messages.OTHER_ID, line=line.number, id=line.result.id)


def _kind(entry: TeacherBatchEntry, line: Line, *, repeated: bool) -> str:
    if repeated:
        return "doubled"
    if entry.state == TeacherBatchEntry.State.ANSWERED:
        return "known"
    if line.result.outcome != Outcome.ANSWERED:
        return "failed"
    return "answers" if entry.document_id else "deleted"
