"""Files of batches below the data folder. Each appears under its name when it is complete."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extraction.models import LabelRun, TeacherBatch
from extraction.services import leftovers, storage

ANSWERS = "answers"


def requests(batch: TeacherBatch) -> Path:
    """The place of a batch's file of requests."""
    return storage.batch_folder(batch.run) / f"{batch.number}.requests"


def answers(run: LabelRun, name: str) -> Path:
    """A file of results that waits to be stored."""
    return storage.batch_folder(run) / ANSWERS / f"{name}.jsonl"


def waiting(run: LabelRun) -> list[Path]:
    """Copies of the files of results that wait to be stored."""
    names = storage.names(storage.relative(storage.batch_folder(run) / ANSWERS))
    return [storage.fetch(name) for name in names if name.endswith(".jsonl")]


def written(batch: TeacherBatch) -> Path | None:
    """A copy of a batch's file of requests; `None` where there is none."""
    try:
        path = storage.fetch(storage.relative(requests(batch)))
    except FileNotFoundError:
        return None
    return path if path.is_file() else None


@contextmanager
def complete(target: Path) -> Iterator[Path]:
    """A file to write to, which becomes `target` at the end."""
    with leftovers.incoming_file() as draft:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        storage.keep(draft, target)


def remove(run: LabelRun) -> None:
    """Delete all batch files of a run."""
    storage.remove(storage.batch_folder(run))
