"""What a machine runs out of while a student is trained, told so that people know what to do."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extraction.domain.errors import UserError
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.predictor import DESCRIPTION, GRAPH, WEIGHTS
from extraction.engines.student.layout.training import checkpoints

CHECKPOINTS = "checkpoint"  # folder of checkpoints within a model's folder
# Libraries that write or allocate by themselves tell it only in their own words.
NO_SPACE = ("no space left on device", "disk quota exceeded", "database or disk is full")
NO_MEMORY = ("can't allocate memory", "cannot allocate memory", "not enough memory", "out of memory", "bad_alloc",
             "failed to allocate memory")  # fmt: skip
TORN = ("pytorchstreamwriter", "inline_container", "unexpected pos")
# A file that torch could not write whole while less than this is free: the disk is full.
SPARE = 64 << 20


class OutOfSpace(UserError):
    """The disk is full; the message is one sentence."""


class OutOfMemory(UserError):
    """The memory is used up; the message is one sentence."""


@contextmanager
def told(folder: Path, config: StudentConfig) -> Iterator[None]:
    """Turn what a full disk or a full memory raises while the model folder `folder` is made into `OutOfSpace` or
    `OutOfMemory`. What was only half written is removed, so that the reason itself can be written down."""
    try:
        yield
    except Exception as error:
        if _says(error, NO_MEMORY) or _is(error, errno.ENOMEM) or isinstance(error, MemoryError):
            raise OutOfMemory(_smaller(config)) from error
        if _full(error, folder):
            _tidy(folder)
            raise OutOfSpace(
                "The disk is full; free some space and go on from the last checkpoint, nothing before it is lost."
            ) from error
        raise


def _full(error: BaseException, folder: Path) -> bool:
    if _says(error, NO_SPACE) or _is(error, errno.ENOSPC, errno.EDQUOT):
        return True
    held = next(path for path in (folder, *folder.parents) if path.exists())
    return _says(error, TORN) and shutil.disk_usage(held).free < SPARE


def _smaller(config: StudentConfig) -> str:
    if config.batch != 1:
        now = f" (now {config.batch})" if config.batch else ""
        how = f"the setting batch = {max(config.batch // 2, 1)}{now}"
    else:
        how = f"the setting window = {max(config.window // 2, 16)} (now {config.window})"
    return f"The memory of the machine ran out; start a run with {how}, or free or add memory and go on with this one."


def _tidy(folder: Path) -> None:
    with suppress(OSError):
        checkpoints.last(folder / CHECKPOINTS)
        if not (folder / DESCRIPTION).is_file():
            for name in (GRAPH, WEIGHTS):
                (folder / name).unlink(missing_ok=True)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _says(error: BaseException, words: tuple[str, ...]) -> bool:
    return any(word in str(link).lower() for link in _chain(error) for word in words)


def _is(error: BaseException, *numbers: int) -> bool:
    return any(isinstance(link, OSError) and link.errno in numbers for link in _chain(error))
