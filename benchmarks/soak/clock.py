"""The wall clock of an installation's processes, which may jump while they run."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
BYTES = 8


class JumpingClock:
    """A clock that is `jump` seconds off for every process with `variables` in its environment.

    Raises `CalledProcessError` where the C compiler fails.
    """

    def __init__(self, folder: Path) -> None:
        self._jump, library = folder / "clock", folder / "clock.so"
        self.jump(0)
        subprocess.run([compiler(), "-shared", "-fPIC", "-O1", "-o", library, SOURCE], check=True)
        self.variables: Mapping[str, str] = {"LD_PRELOAD": str(library), "SOAK_CLOCK": str(self._jump)}

    def jump(self, seconds: int) -> None:
        # In place, for processes hold the file itself.
        with self._jump.open("r+b" if self._jump.exists() else "wb") as file:
            file.write(seconds.to_bytes(BYTES, "little", signed=True))


def compiler() -> str:
    """The C compiler; empty where there is none."""
    return shutil.which("cc") or ""
