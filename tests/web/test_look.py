"""The colours: every pair of text and ground that the style sheets use can be read, in light and in dark (WCAG AA)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "extraction/static/extraction/base.css").read_text()
TEXT = 4.5
SHAPE = 3.0
PAIRS = [
    *(("text", ground, TEXT) for ground in ("bg", "surface", "sunken", "accent-soft", "warn-soft", "bad-soft")),
    *(("text-2", ground, TEXT) for ground in ("bg", "surface", "sunken", "accent-soft")),
    *(("accent", ground, TEXT) for ground in ("bg", "surface", "sunken", "accent-soft")),
    *(("bad", ground, TEXT) for ground in ("bg", "surface", "bad-soft")),
    ("good", "good-soft", TEXT),
    ("warn", "warn-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    *(("line-strong", ground, SHAPE) for ground in ("bg", "surface")),
]


def palette(scheme: str) -> dict[str, str]:
    found = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    colours: dict[str, str] = {}
    for block in found[: 1 if scheme == "light" else 2]:
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    return colours


def luminance(colour: str) -> float:
    shares = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_told_apart(scheme: str) -> None:
    colours = palette(scheme)
    weak = {
        (front, ground): round(contrast(colours[front], colours[ground]), 2)
        for front, ground, least in PAIRS
        if contrast(colours[front], colours[ground]) < least
    }
    assert weak == {}
