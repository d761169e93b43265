"""Paper under ink: colour, grain, folds, creases, and how well the printer did its work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from synthdocs.rendering.renderer import Sheet

Colour = tuple[int, int, int]
INKS: tuple[Colour, ...] = ((25, 25, 28), (40, 38, 42), (62, 60, 66), (45, 42, 88), (70, 64, 110), (30, 30, 30))
ACCENTS: tuple[Colour, ...] = ((28, 62, 140), (170, 32, 44), (20, 100, 90), (200, 90, 20), (90, 40, 120), (50, 60, 75))
PAPERS: tuple[Colour, ...] = ((250, 250, 248), (244, 243, 238), (248, 245, 235), (238, 238, 240), (240, 236, 226))


@dataclass(frozen=True, slots=True)
class Wear:
    """0 is new and well printed, 1 hardly readable.

    `fade` is ink that comes and goes, `streaks` dead dots of a thermal head.
    """

    fade: float = 0.0
    streaks: float = 0.0
    creases: float = 0.0
    folds: int = 0
    grain: float = 0.4


def soft_noise(rng: np.random.Generator, size: tuple[int, int], cells: tuple[int, int]) -> Image.Image:
    """A smooth random field ("L") with so many random values across and down."""
    values = rng.integers(0, 256, (max(cells[1], 2), max(cells[0], 2)), dtype=np.uint8)
    return Image.fromarray(values).resize(size, Image.Resampling.BICUBIC)


def scaled(image: Image.Image, low: float, high: float) -> Image.Image:
    """The image's 0–255 mapped to `low`–`high`."""
    return image.point(lambda value: round(low + (high - low) * value / 255))


def lay_down(sheet: Sheet, wear: Wear, rng: np.random.Generator) -> Image.Image:
    """The printed sheet in colour, lying flat under even light."""
    colour = PAPERS[rng.integers(len(PAPERS))]
    paper = Image.new("RGB", sheet.ink.size, colour)
    ink = _worn(sheet.ink, wear, rng)
    paper.paste(INKS[rng.integers(len(INKS))], mask=ink)
    if sheet.accent.getbbox():
        paper.paste(ACCENTS[rng.integers(len(ACCENTS))], mask=scaled(sheet.accent, 0, 225))
    relief = _relief(sheet.ink.size, wear, rng)
    return ImageChops.multiply(paper, Image.merge("RGB", (relief,) * 3)) if relief else paper


def _worn(ink: Image.Image, wear: Wear, rng: np.random.Generator) -> Image.Image:
    width, height = ink.size
    if wear.fade:
        field = soft_noise(rng, ink.size, (3, max(height // 160, 2)))
        ink = ImageChops.multiply(ink, scaled(field, 255 * (1 - wear.fade), 255))
    if wear.streaks:
        columns = np.full((1, width), 255, np.uint8)
        dead = rng.random(width) < wear.streaks * 0.05
        columns[0, dead] = rng.integers(0, 150, int(dead.sum()))
        ink = ImageChops.multiply(ink, Image.fromarray(columns).resize(ink.size, Image.Resampling.NEAREST))
        dots = rng.integers(
            round(255 * (1 - 0.5 * wear.streaks)), 256, (height // 2 + 1, width // 2 + 1), dtype=np.uint8
        )
        ink = ImageChops.multiply(ink, Image.fromarray(dots).resize(ink.size, Image.Resampling.NEAREST))
    return ink


def _relief(size: tuple[int, int], wear: Wear, rng: np.random.Generator) -> Image.Image | None:
    """How bright the surface is: grain, creases and folds catch the light from one side."""
    width, height = size
    relief = scaled(soft_noise(rng, size, (width // 5, height // 5)), 255 - 14 * wear.grain, 255)
    if wear.creases:
        relief = ImageChops.multiply(relief, _creases(size, wear.creases, rng))
    if wear.folds:
        relief = ImageChops.multiply(relief, _folds(size, wear.folds, rng))
    return relief


def _creases(size: tuple[int, int], strength: float, rng: np.random.Generator) -> Image.Image:
    """Facets of crumpled paper: each is lit by its own slope, and they meet where the nearest seed changes."""
    width, height = (max(side // 6, 8) for side in size)
    count = round(10 + 40 * strength)
    seeds = rng.random((count, 2)) * (width, height)
    ys, xs = np.mgrid[0:height, 0:width]
    distance = np.stack([(xs - x) ** 2 + (ys - y) ** 2 for x, y in seeds])
    order = np.partition(distance, 1, axis=0)
    nearest = distance.argmin(axis=0)
    # Within a facet the light changes slowly along its own direction.
    slopes = rng.normal(0, 0.1, (count, 2))[nearest] * np.stack(
        (xs - seeds[nearest, 0], ys - seeds[nearest, 1]), axis=-1
    )
    edge = np.clip((np.sqrt(order[1]) - np.sqrt(order[0])) / 2, 0, 1)
    shade = np.clip(0.09 + 0.05 * slopes.sum(axis=-1), 0, 0.25) + 0.09 * rng.random(count)[nearest] + 0.05 * (1 - edge)
    light = 255 * (1 - strength * shade)
    return (
        Image.fromarray(light.astype(np.uint8))
        .filter(ImageFilter.GaussianBlur(0.8))
        .resize(size, Image.Resampling.BICUBIC)
    )


def _folds(size: tuple[int, int], count: int, rng: np.random.Generator) -> Image.Image:
    """A letter's folds: a dark line with a soft shade at one side."""
    height = size[1]
    shade = Image.new("L", (16, height), 255)
    draw = ImageDraw.Draw(shade)
    for index in range(count):
        y = height * (index + 1) / (count + 1) + rng.normal(0, height * 0.01)
        for depth in range(height // 14):
            draw.line((0, y + depth, 16, y + depth), round(228 + 27 * depth / (height // 14)))
        draw.line((0, y, 16, y + rng.normal(0, 2)), 185, 2)
    return shade.filter(ImageFilter.GaussianBlur(1)).resize(size, Image.Resampling.BILINEAR)
