"""Typefaces for printing, from Debian's font packages; Pillow's own face where none is installed.

`make setup` installs the packages. Documents of a seed are the same wherever the same faces are installed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True, slots=True)
class Face:
    """File names of a typeface's regular and bold cut."""

    regular: str
    bold: str


TILL = (
    Face("LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf"),
    Face("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    Face("Inconsolata.otf", "Inconsolata.otf"),
    Face("Anonymous Pro.ttf", "Anonymous Pro B.ttf"),
    Face("Courier Prime.otf", "Courier Prime Bold.otf"),
    Face("Courier Prime Sans.otf", "Courier Prime Sans Bold.otf"),
    Face("OCRB.otf", "OCRB.otf"),
)
TEXT = (
    Face("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    Face("LiberationSansNarrow-Regular.ttf", "LiberationSansNarrow-Bold.ttf"),
    Face("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    Face("Lato-Regular.ttf", "Lato-Bold.ttf"),
    Face("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    Face("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
)


@cache
def installed() -> dict[str, Path]:
    """Font files of the machine by name."""
    files = (path for folder in FOLDERS for path in folder.rglob("*.[ot]tf"))
    return {path.name: path for path in sorted(files, reverse=True)}


def available(faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """Those of `faces` that are installed; all of them where none is, for then Pillow's own stands in for each."""
    return tuple(face for face in faces if face.regular in installed()) or faces


@cache
def font(face: Face, size: int, bold: bool = False) -> Font:
    """The face at `size` pixels."""
    path = installed().get(face.bold if bold else face.regular) or installed().get(face.regular)
    if path is None:
        standby = ImageFont.load_default(size)
        if not isinstance(standby, Font):
            raise RuntimeError("Pillow was built without FreeType, so no text can be drawn.")
        return standby
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
