"""Checkpoints of a run: sealed when they are complete, believed only while they are as they were sealed."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

SEAL = "seal.json"  # written last: `{"seconds": …, "begun": …, "files": {name: [bytes, CRC-32]}}`
BLOCK = 1 << 22


def seal(folder: Path, seconds: float, begun: float) -> None:
    """Say that a checkpoint is complete, and how much time the run had taken by then and when its training began."""
    files = {path.name: _print(path) for path in sorted(folder.iterdir()) if path.is_file()}
    # Renamed, so that it is there as a whole or not at all.
    draft = folder / f"{SEAL}.draft"
    draft.write_text(json.dumps({"seconds": seconds, "begun": begun, "files": files}), "utf-8")
    draft.replace(folder / SEAL)


def times(checkpoint: Path) -> tuple[float, float]:
    """How many seconds the run had taken when the checkpoint was sealed, and when its training began."""
    sealed = json.loads((checkpoint / SEAL).read_text("utf-8"))
    return float(sealed["seconds"]), float(sealed.get("begun", 0.0))


def last(folder: Path, say: Callable[[str], None] = lambda line: None) -> Path | None:
    """The newest sound checkpoint. Others are removed: those that a killed process left incomplete, and damaged ones,
    which `say` is told of."""
    for path in sorted(folder.glob("checkpoint-*"), key=step, reverse=True):
        if _sound(path):
            return path
        if (path / SEAL).is_file():
            say(f"The checkpoint of step {step(path)} is damaged, so training goes back to the one before it.")
        shutil.rmtree(path)
    return None


def step(checkpoint: Path) -> int:
    return int(checkpoint.name.rsplit("-", 1)[1])


def _sound(checkpoint: Path) -> bool:
    try:
        sealed = json.loads((checkpoint / SEAL).read_text("utf-8"))
        return all(_print(checkpoint / name) == held for name, held in sealed["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _print(path: Path) -> list[int]:
    size = check = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            size, check = size + len(block), zlib.crc32(block, check)
    return [size, check]
