"""Model folders: the files of the student's kind, a manifest of them, and the result of the training.

The manifest, `{"kind", "files": {name: {"bytes", "sha256"}}}`, says which kind reads the folder; its hash identifies
the model. The result is written last: a folder that has one is complete.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from extraction.domain.learning.training import TrainingResult
from extraction.engines import digests
from extraction.engines.atomic import atomic_write

MANIFEST, RESULT = "manifest.json", "training.json"
FIRST_KIND = "layout"  # of folders without a manifest, which earlier versions wrote
FIRST_GRAPH = "model.onnx"  # whose hash identifies the model there


def write_manifest(folder: Path, kind: str, files: Sequence[str]) -> None:
    """Raises `FileNotFoundError` where one of the `files` is missing."""
    rows = {name: {"bytes": (folder / name).stat().st_size, "sha256": digests.of_file(folder / name)} for name in files}
    _replace(folder / MANIFEST, json.dumps({"kind": kind, "files": rows}, indent=2))


def kind_of(folder: Path) -> str:
    """Name of the kind that wrote the model in `folder`. Raises `ValueError` for a damaged manifest."""
    path = folder / MANIFEST
    return str(json.loads(path.read_text("utf-8"))["kind"]) if path.is_file() else FIRST_KIND


def identity(folder: Path) -> str:
    """SHA-256 that identifies the model in `folder`, in hexadecimal. Raises `FileNotFoundError` for an empty folder."""
    manifest = folder / MANIFEST
    return digests.of_file(manifest if manifest.is_file() else folder / FIRST_GRAPH)


def read_result(folder: Path) -> TrainingResult | None:
    """Result of a complete training, `None` where the training is not complete."""
    path = folder / RESULT
    return TrainingResult.from_json(json.loads(path.read_text("utf-8"))) if path.is_file() else None


def write_result(folder: Path, result: TrainingResult) -> None:
    _replace(folder / RESULT, json.dumps(result.to_json()))


def _replace(path: Path, text: str) -> None:
    with atomic_write(path) as draft:
        draft.write_text(text, "utf-8")
