"""Files, folders and label files into a project, read in this process: what the command `load` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from extraction.domain.progress import Progress
from extraction.models import Document, Project
from extraction.services.documents import intake
from extraction.services.errors import Invalid
from extraction.services.labels import jsonl

# What lies beside documents in a folder; everything else is tried, and refused with its reason.
BESIDE = frozenset({".jsonl", ".json", ".toml", ".csv", ".txt", ".md"})


class _Quiet:
    """Passes on whether to stop, not the steps inside one document."""

    def __init__(self, progress: Progress) -> None:
        self.cancelled = progress.cancelled

    def report(self, done: int, total: int, message: str = "") -> None:
        pass


def load(
    project: Project,
    paths: Sequence[Path],
    *,
    labels: Path | None = None,
    source: str | None = None,
    split: str | None = None,
    progress: Progress,
) -> dict[str, Any]:
    """What `load --json` prints; without `paths` the files that the label file names are loaded.

    The label file is checked to its last line before anything is stored. Raises `Invalid`.
    """
    if (labels is None) != (source is None):
        raise Invalid("A label file and its source go together.")
    if not paths and labels is None:
        raise Invalid("Name files or folders to load, or a label file.")
    parsed = jsonl.parse(project, labels) if labels is not None else None
    files = list(_files(paths)) if paths else sorted(parsed.files) if parsed else []
    documents = _add(project, files, split, progress)
    stored = jsonl.store(project, parsed, source) if parsed is not None and source is not None else None
    return {
        "documents": documents,
        "labels": stored.to_json() if stored else {"new": 0, "known": 0, "refused": []},
    }


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(found for found in path.rglob("*") if found.is_file())
            yield from (found for found in inside if found.suffix.lower() not in BESIDE and not _hidden(found, path))
        elif path.exists():
            yield path
        else:
            raise Invalid(f"There is no file or folder {path}.")


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _add(project: Project, files: Sequence[Path], split: str | None, progress: Progress) -> dict[str, Any]:
    counts: dict[str, Any] = {"new": 0, "known": 0, "refused": []}
    for done, file in enumerate(files):
        progress.report(done, len(files), file.name)
        try:
            # The files of an archive are stored before the first of them is read.
            for added in intake.add_upload(project, str(file), file, split=split, enqueue=False):
                progress.report(done, len(files), added.name)
                _count(counts, _read(added, progress))
        except OSError as error:
            _count(counts, intake.Added(str(file), error=f"{error.strerror}."))
    progress.report(len(files), len(files))
    return counts


def _count(counts: dict[str, Any], added: intake.Added) -> None:
    if added.error:
        counts["refused"].append({"file": added.name, "reason": added.error})
    else:
        counts["new" if added.created else "known"] += 1


def _read(added: intake.Added, progress: Progress) -> intake.Added:
    """The file after reading, which may yet refuse it."""
    document = added.document
    if document is None or document.state != Document.State.QUEUED:
        return added
    try:
        intake.read(document.pk, _Quiet(progress))
    except intake.Refused as refusal:
        if added.created:
            intake.delete(document)
        return intake.Added(added.name, error=str(refusal))
    return added
