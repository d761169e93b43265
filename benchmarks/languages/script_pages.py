"""Pages of clean printed words in any language of Unicode's locale data, for scripts that have no generator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from babel import Locale
from PIL import Image, ImageDraw, ImageFont

from extraction.domain.languages import Language, Script

# Lines of a page, pixels of its width and margin.
LINES, WIDTH, MARGIN = 24, 1000, 60
LEADING = 1.9
_FOLDERS = (Path("/usr/share/fonts/truetype"),)
# Typefaces by script: Debian's fonts-dejavu-core, fonts-noto-core and fonts-vlgothic.
_FACES: dict[Script, tuple[str, ...]] = {
    Script.THAI: ("noto/NotoSansThai-Regular.ttf", "noto/NotoSerifThai-Regular.ttf"),
    Script.DEVANAGARI: ("noto/NotoSansDevanagari-Regular.ttf", "noto/NotoSerifDevanagari-Regular.ttf"),
    Script.ARABIC: ("dejavu/DejaVuSans.ttf", "noto/NotoNaskhArabic-Regular.ttf"),
    Script.HEBREW: ("dejavu/DejaVuSans.ttf", "noto/NotoSerifHebrew-Regular.ttf"),
    Script.JAPANESE: ("vlgothic/VL-Gothic-Regular.ttf",),
    Script.CHINESE: ("vlgothic/VL-Gothic-Regular.ttf",),
}
_OTHERS = ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSansMono.ttf")


class NoTypeface(LookupError):
    """No installed typeface holds the script; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class ScriptPage:
    """An RGB picture and its lines from the top, in logical order."""

    image: Image.Image
    lines: tuple[str, ...]


def page(language: Language, seed: int) -> ScriptPage:
    """A page of names of months and countries with amounts, the same for equal seeds. Raises `NoTypeface`."""
    rng = Random(f"{language.code}/{seed}")
    size = rng.randint(20, 30)
    font = ImageFont.truetype(rng.choice(_faces(language)), size)
    lines = tuple(_lines(language, rng))
    image = Image.new("RGB", (WIDTH, round(2 * MARGIN + LINES * LEADING * size)), "white")
    draw = ImageDraw.Draw(image)
    leftward = language.script in (Script.ARABIC, Script.HEBREW)
    for number, line in enumerate(lines):
        place = (WIDTH - MARGIN if leftward else MARGIN, MARGIN + number * LEADING * size)
        draw.text(place, line, "black", font, "ra" if leftward else "la", direction="rtl" if leftward else None)
    return ScriptPage(image, lines)


def _faces(language: Language) -> Sequence[Path]:
    names = _FACES.get(language.script, _OTHERS)
    found = [path for folder in _FOLDERS for name in names if (path := folder / name).exists()]
    if not found:
        raise NoTypeface(f"No typeface here prints {language.name}; install fonts-dejavu-core and fonts-noto-core.")
    return found


def _lines(language: Language, rng: Random) -> Sequence[str]:
    locale = Locale(language.code)
    countries = [name for code, name in locale.territories.items() if len(code) == 2 and len(name) < 25]
    months = list(locale.months["format"]["wide"].values())
    lines = []
    for _ in range(LINES):
        words = f"{rng.choice(countries)} {rng.choice(months)}"
        lines.append(f"{words} {rng.randint(100, 99999) / 100:.2f}" if rng.random() < 0.5 else words)
    return lines
