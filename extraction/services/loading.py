"""Files, folders and label files into a project, read in this process: what the command `load` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from extraction.domain.progress import Progress
from extraction.ingest.files import Refused
from extraction.models import Document, Project, Source
from extraction.services import ingest, labelling
from extraction.services.errors import Conflict, Invalid

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
    parsed = labelling.parse(project, labels) if labels is not None else None
    files = list(_files(paths)) if paths else sorted(parsed.files) if parsed else []
    documents = _add(project, files, split, progress)
    stored = labelling.store(project, parsed, Source(source)) if parsed is not None and source is not None else None
    return {
        "documents": documents,
        "labels": stored.export() if stored else {"new": 0, "known": 0, "refused": []},
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
            new = _add_one(project, file, split, progress)
        except (Refused, Conflict) as refusal:
            counts["refused"].append({"file": str(file), "reason": str(refusal)})
        except OSError as error:
            counts["refused"].append({"file": str(file), "reason": f"{error.strerror}."})
        else:
            counts["new" if new else "known"] += 1
    progress.report(len(files), len(files))
    return counts


def _add_one(project: Project, file: Path, split: str | None, progress: Progress) -> bool:
    document, new = ingest.add_document(project, file.name, file, split=split, enqueue=False)
    if document.state == Document.State.QUEUED:
        try:
            ingest.read(document.pk, _Quiet(progress))
        except Refused:
            if new:
                ingest.delete(document)
            raise
    return new
