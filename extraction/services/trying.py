"""Trying a model on a file that is not kept: the answers, and the pages as pictures to show them on."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extraction.models import ModelVersion, Project
from extraction.services import extracting, registry
from extraction.services.errors import Conflict
from extraction.services.turns import Turns

if TYPE_CHECKING:
    from PIL import Image

    from extraction.ingest.read import ReadPage

# What one person may ask of the web process at once; whole archives go through the documents page or the command.
PAGES = 10
SHOWN_SIDE = 1000
turns = Turns(waiting=3, patience=30)


def try_file(project: Project, name: str, path: Path, *, model: ModelVersion) -> dict[str, Any]:
    """What `extract` prints for the file, and under `pages` `{"number", "width", "height", "picture"}` with a data URL.

    Raises `turns.Busy`, and `Conflict` for a model without files.
    """
    if not registry.files(model):
        raise Conflict(f"The files of the model {model} are gone.")
    from extraction.ingest.ocr import OcrUnavailable

    refusal = _refusal(path)
    if refusal:
        return {"file": name, "error": refusal, "fields": None, "timing_ms": None, "pages": []}
    pages: list[dict[str, Any]] = []

    def keep(read: Sequence[ReadPage]) -> None:
        pages.extend(_picture(number, page.image) for number, page in enumerate(read))

    with turns.take():
        try:
            result = extracting.extract_file(project, name, path, model=model, seen=keep)
        except OcrUnavailable as error:
            raise Conflict(str(error)) from None
    return {**result, "pages": pages}


def _refusal(path: Path) -> str:
    """Why the file cannot be tried, before a turn is taken for it; empty where it can."""
    from extraction.ingest.files import Limits, Refused, inspect

    try:
        inspect(path, Limits(pages=PAGES))
    except Refused as refusal:
        return str(refusal)
    return ""


def _picture(number: int, image: Image.Image) -> dict[str, Any]:
    small = image.convert("RGB")
    small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    held = io.BytesIO()
    small.save(held, "JPEG", quality=80)
    encoded = base64.b64encode(held.getvalue()).decode()
    return {
        "number": number,
        "width": small.width,
        "height": small.height,
        "picture": f"data:image/jpeg;base64,{encoded}",
    }
