"""Checkpoints of a training: complete once they have a manifest, used only while their files agree with it."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from extraction.domain.errors import filled, gettext_noop
from extraction.engines.atomic import atomic_write

# Written last: `{"seconds", "begun", "files": {name: [bytes, CRC-32]}}`. Its name and keys are those of earlier
# versions, so that a run continues over an upgrade.
MANIFEST = "seal.json"
BLOCK = 1 << 22  # bytes
DAMAGED = gettext_noop("The checkpoint of step {step} is damaged, so training goes back to the one before it.")


@dataclass(frozen=True, slots=True)
class CheckpointTimes:
    """Seconds that a run had taken when the checkpoint was complete, and when its training began; over all attempts."""

    seconds: float = 0.0
    begun: float = 0.0


def write_manifest(checkpoint: Path, times: CheckpointTimes) -> None:
    """Mark the files in the folder `checkpoint` as complete. Raises `OSError`."""
    files = {path.name: _fingerprint(path) for path in sorted(checkpoint.iterdir()) if path.is_file()}
    with atomic_write(checkpoint / MANIFEST) as draft:
        draft.write_text(json.dumps({"seconds": times.seconds, "begun": times.begun, "files": files}), "utf-8")


def times(checkpoint: Path) -> CheckpointTimes:
    """Raises `OSError` and `ValueError` for a checkpoint without a readable manifest."""
    manifest = json.loads((checkpoint / MANIFEST).read_text("utf-8"))
    return CheckpointTimes(float(manifest["seconds"]), float(manifest.get("begun", 0.0)))


def last(folder: Path, log: Callable[[str], None] = lambda line: None) -> Path | None:
    """The newest sound checkpoint in `folder`. Removes those that a killed process left incomplete, and damaged ones,
    each of which gets a line in `log`."""
    for path in sorted(folder.glob("checkpoint-*"), key=step, reverse=True):
        if _is_sound(path):
            return path
        if (path / MANIFEST).is_file():
            log(filled(DAMAGED, step=step(path)))
        shutil.rmtree(path)
    return None


def step(checkpoint: Path) -> int:
    """Number of training steps done, by the folder's name."""
    return int(checkpoint.name.rsplit("-", 1)[1])


def _is_sound(checkpoint: Path) -> bool:
    try:
        manifest = json.loads((checkpoint / MANIFEST).read_text("utf-8"))
        return all(_fingerprint(checkpoint / name) == expected for name, expected in manifest["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _fingerprint(path: Path) -> list[int]:
    """Size in bytes and CRC-32."""
    size = crc = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            size, crc = size + len(block), zlib.crc32(block, crc)
    return [size, crc]
