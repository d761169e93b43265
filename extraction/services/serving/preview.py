"""Preview of a model on a file: its answers, and the pages as pictures to show them on. Nothing is kept, save where the
teacher is asked, too, or the project keeps files whose answers are unsure."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.domain.results.extraction import FileResult
from extraction.engines import digests
from extraction.models import ModelVersion, Project, User
from extraction.services.documents import intake
from extraction.services.serving import extractions

if TYPE_CHECKING:
    from PIL import Image

    from extraction.engines.ingest.reading import ReadPage

SHOWN_SIDE = 1000


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """A page from 0; width and height in pixels of `picture`, a data URL."""

    number: int
    width: int
    height: int
    picture: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The result of a file and its pages, none for a refused one. `kept`: the project holds the file as a document."""

    result: FileResult
    pages: tuple[PreviewPage, ...] = ()
    kept: bool = False


def preview_file(
    project: Project, name: str, path: Path, *, model: ModelVersion, author: User | None = None
) -> Preview:
    """Raises `slots.Busy`, and `Conflict` for a model without files."""
    model = extractions.usable_model(project, model.name)
    pages: list[PreviewPage] = []

    def keep(page: ReadPage) -> None:
        pages.append(_page(len(pages), page.image))

    try:
        answered = extractions.extract_in_slot(project, name, path, model=model, author=author, on_page=keep)
    except intake.Refused as refusal:
        return Preview(FileResult(name, error=str(refusal)))
    sha256 = digests.of_file(path)
    return Preview(answered.result, tuple(pages), kept=project.documents.filter(sha256=sha256).exists())


def _page(number: int, image: Image.Image) -> PreviewPage:
    small = image.convert("RGB")
    small.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    encoded = base64.b64encode(buffer.getvalue()).decode()
    return PreviewPage(number, small.width, small.height, f"data:image/jpeg;base64,{encoded}")
