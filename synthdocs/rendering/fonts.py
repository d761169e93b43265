"""Typefaces for printing, from Debian's font packages; Pillow's own face where none is installed.

`make setup` installs the packages. Documents of a seed are the same wherever the same faces are installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from extraction.domain.errors import UserError

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
VIETNAMESE = (
    Face("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    Face("Lato-Regular.ttf", "Lato-Bold.ttf"),
    Face("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
)
JAPANESE_TILL = (
    Face("VL-Gothic-Regular.ttf", "VL-Gothic-Regular.ttf"),
    Face("ipag.ttf", "ipag.ttf"),
)
JAPANESE_TEXT = (
    Face("VL-PGothic-Regular.ttf", "VL-PGothic-Regular.ttf"),
    Face("ipagp.ttf", "ipagp.ttf"),
    Face("ipam.ttf", "ipam.ttf"),
)

Script = Literal["latin", "accented", "vietnamese", "greek", "japanese"]


@dataclass(frozen=True, slots=True)
class Typefaces:
    """What tills and what offices print a script with. `package`: a Debian package without which none can."""

    till: tuple[Face, ...]
    text: tuple[Face, ...]
    package: str = ""


TYPEFACES: Mapping[Script, Typefaces] = {
    "latin": Typefaces(TILL, TEXT),
    # OCR-B has plain letters only.
    "accented": Typefaces(TILL[:-1], TEXT),
    "vietnamese": Typefaces(VIETNAMESE, VIETNAMESE, "fonts-dejavu-core"),
    "greek": Typefaces((*TILL[:2], TILL[3]), TEXT, "fonts-dejavu-core"),
    "japanese": Typefaces(JAPANESE_TILL, JAPANESE_TEXT, "fonts-vlgothic"),
}


class NoTypeface(UserError):
    """No installed typeface holds the letters of a script."""


@cache
def installed() -> dict[str, Path]:
    """Font files of the machine by name."""
    files = (path for folder in FOLDERS for path in folder.rglob("*.[ot]tf"))
    return {path.name: path for path in sorted(files, reverse=True)}


def available(faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """Those of `faces` that are installed; all of them where none is, for then Pillow's own stands in for each."""
    return tuple(face for face in faces if face.regular in installed()) or faces


def can_print(script: Script) -> bool:
    """Whether a typeface for the script is installed; Pillow's own prints Latin letters."""
    faces = TYPEFACES[script]
    return not faces.package or all(
        any(face.regular in installed() for face in group) for group in (faces.till, faces.text)
    )


def typefaces(script: Script) -> Typefaces:
    """Those of the script. Raises `NoTypeface` where its letters cannot be printed on this machine."""
    faces = TYPEFACES[script]
    if not can_print(script):
        raise NoTypeface(f"No typeface for {script.capitalize()} is installed; the package {faces.package} holds one.")
    return faces


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
