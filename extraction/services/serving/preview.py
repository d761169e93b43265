"""Trying a model on a file that is not kept: the answers, and the pages as pictures to show them on."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extraction.models import ModelVersion, Project
from extraction.services.documents import intake
from extraction.services.serving import extractions

if TYPE_CHECKING:
    from PIL import Image

    from extraction.engines.ingest.reading import ReadPage

SHOWN_SIDE = 1000


def try_file(project: Project, name: str, path: Path, *, model: ModelVersion) -> dict[str, Any]:
    """What `extract` prints for the file, and under `pages` `{"number", "width", "height", "picture"}` with a data URL.

    Raises `turns.Busy`, and `Conflict` for a model without files.
    """
    model = extractions.usable_model(project, model.name)
    pages: list[dict[str, Any]] = []

    def keep(page: ReadPage) -> None:
        pages.append(_picture(len(pages), page.image))

    try:
        result = extractions.answer(project, name, path, model=model, seen=keep)
    except intake.Refused as refusal:
        return {"file": name, "error": str(refusal), "fields": None, "timing_ms": None, "pages": []}
    return {**result, "pages": pages}


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
