"""Counters of web processes that answer together: each writes a file of its own, and any of them reads all.

`prometheus_client` maps the files into memory, where a full disk would kill the process that counts; so they lie in
memory wherever the system offers that.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Names the folder to `prometheus_client`, when it is imported.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")  # noqa: S108 -- each process makes a folder there that is its user's alone
PREFIX = "kdweb-metrics-"


def environment() -> dict[str, str]:
    """Variables for processes that count together: a new folder, removed when this process ends."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _remove_abandoned(memory)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=memory))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {VARIABLE: str(folder)}


def _remove_abandoned(memory: Path) -> None:
    """Folders of processes that were killed."""
    for folder in memory.glob(f"{PREFIX}*"):
        number = folder.name.removeprefix(PREFIX).split("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(folder, ignore_errors=True)
