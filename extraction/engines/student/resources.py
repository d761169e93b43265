"""Full disks and full memory during a training, as errors that say what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import Settings
from extraction.engines.student import checkpoints
from extraction.engines.student.base import CHECKPOINTS, StudentKind
from extraction.engines.student.errors import OutOfMemory, OutOfSpace
from extraction.engines.student.model_folder import MANIFEST

# Texts of libraries that write or allocate by themselves.
NO_SPACE = ("no space left on device", "disk quota exceeded", "database or disk is full")
NO_MEMORY = ("can't allocate memory", "cannot allocate memory", "not enough memory", "out of memory", "bad_alloc",
             "failed to allocate memory")  # fmt: skip
TORN = ("pytorchstreamwriter", "inline_container", "unexpected pos")
# With less than this many bytes free, a file that torch could not write whole means a full disk.
SPARE = 64 << 20


@contextmanager
def resource_errors(kind: StudentKind, settings: Settings, folder: Path) -> Iterator[None]:
    """Turn errors of a full disk or a full memory into `OutOfSpace` and `OutOfMemory` while a model folder is made.

    On a full disk, incomplete files in `folder` are removed, so that there is room to write the reason down.
    """
    try:
        yield
    except Exception as error:
        if _mentions(error, NO_MEMORY) or _has_number(error, errno.ENOMEM) or isinstance(error, MemoryError):
            raise OutOfMemory(
                gettext_noop(
                    "The memory of the machine ran out; start a run with the setting {setting}, or "
                    "free or add memory and go on with this one."
                ),
                setting=kind.less_memory(settings),
            ) from error
        if _is_disk_full(error, folder):
            _remove_incomplete(folder, kind.files)
            raise OutOfSpace(
                gettext_noop(
                    "The disk is full; free some space and go on from the last checkpoint, nothing before it is lost."
                )
            ) from error
        raise


def _is_disk_full(error: BaseException, folder: Path) -> bool:
    if _mentions(error, NO_SPACE) or _has_number(error, errno.ENOSPC, errno.EDQUOT):
        return True
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return _mentions(error, TORN) and shutil.disk_usage(existing).free < SPARE


def _remove_incomplete(folder: Path, files: Sequence[str]) -> None:
    with suppress(OSError):
        checkpoints.last(folder / CHECKPOINTS)
        if not (folder / MANIFEST).is_file():
            for name in files:
                (folder / name).unlink(missing_ok=True)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _mentions(error: BaseException, words: tuple[str, ...]) -> bool:
    return any(word in str(link).lower() for link in _chain(error) for word in words)


def _has_number(error: BaseException, *numbers: int) -> bool:
    return any(isinstance(link, OSError) and link.errno in numbers for link in _chain(error))
