"""Counters of web processes that answer together: each writes files of its own, and any of them reads all.

`prometheus_client` maps the files into memory, where a full disk would kill the process that counts; so they lie in
memory wherever the system offers that, with room from the start. A process that takes the place of another goes on with
its files: their number does not grow.
"""

import atexit
import fcntl
import logging
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

# Names the folder to `prometheus_client`.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")  # noqa: S108 -- each process makes a folder there that is its user's alone
PREFIX = "kdweb-metrics-"
KINDS = ("counter", "histogram")
# Bytes of each file: every view with its times takes half of it.
ROOM = 2**20
# Processes of one machine, those that are about to end among them.
MOST = 1000


def environment() -> dict[str, str]:
    """Variables for processes that count together: a new folder, removed when this process ends. Without a place for
    it each of them counts for itself."""
    for place in (MEMORY, Path(tempfile.gettempdir())):
        _remove_abandoned(place)
        with suppress(OSError):
            folder = _new_folder(place)
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            return {VARIABLE: str(folder)}
    logger.warning("There is no place for common counters: each web process tells its own requests.")
    return {}


def take_files() -> None:
    """Let this process write files that no other does. Before the application is loaded; where the folder is gone or
    full, this process counts in its own memory."""
    from prometheus_client import values

    if not (folder := os.environ.get(VARIABLE)):
        return
    try:
        number = _free_number(Path(folder))
        for kind in KINDS:
            _reserve(Path(folder), f"{kind}_{number}")
    except OSError as error:
        logger.warning("This web process tells its own requests alone: %s.", error.strerror)
        del os.environ[VARIABLE]
        values.ValueClass = values.MutexValue
    else:
        values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]


def _new_folder(place: Path) -> Path:
    """Locked until this process ends, since the descriptor is never closed; before it has its name."""
    draft = Path(tempfile.mkdtemp(prefix=f".{PREFIX}{os.getpid()}-", dir=place))
    fcntl.flock(os.open(draft, os.O_RDONLY | os.O_CLOEXEC), fcntl.LOCK_EX)
    return draft.rename(place / draft.name.removeprefix("."))


def _remove_abandoned(place: Path) -> None:
    """Folders of processes that were killed. Their numbers tell nothing: containers may share the memory."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def _free_number(folder: Path) -> int:
    """The lowest that no other process has; kept until this one ends, since the descriptor is never closed."""
    for number in range(MOST):
        descriptor = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return number
    raise BlockingIOError(0, "every number is taken")


def _reserve(folder: Path, name: str) -> None:
    """Before it has the name by which others read it: an empty file would be an error to them."""
    place, draft = folder / f"{name}.db", folder / f"{name}.new"
    if place.exists():
        return
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, ROOM)
    finally:
        os.close(descriptor)
    draft.rename(place)
