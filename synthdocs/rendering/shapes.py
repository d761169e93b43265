"""Shapes that stand on documents beside their text: barcodes, matrix codes, logos, stamps, pen strokes.

Each function returns a mask ("L", white where ink is). The codes look right but do not decode.
"""

from __future__ import annotations

import math
from random import Random

from PIL import Image, ImageDraw

from synthdocs.rendering import fonts


def barcode(rng: Random, width: int, height: int) -> Image.Image:
    mask = Image.new("L", (width, height))
    draw, unit = ImageDraw.Draw(mask), max(width // 110, 1)
    x = 0
    while x < width - 4 * unit:
        bar = unit * rng.choice((1, 1, 2, 3))
        draw.rectangle((x, 0, x + bar - 1, height), 255)
        x += bar + unit * rng.choice((1, 1, 2, 3))
    return mask


def matrix(rng: Random, size: int) -> Image.Image:
    """A QR-like square with its three corner marks."""
    count = rng.choice((21, 25, 29))
    cells = Image.new("L", (count, count))
    cells.putdata([255 * rng.randint(0, 1) for _ in range(count * count)])
    draw = ImageDraw.Draw(cells)
    for x, y in ((0, 0), (count - 7, 0), (0, count - 7)):
        draw.rectangle((x - 1, y - 1, x + 7, y + 7), 0)
        draw.rectangle((x, y, x + 6, y + 6), outline=255)
        draw.rectangle((x + 2, y + 2, x + 4, y + 4), 255)
    return cells.resize((size // count * count or count,) * 2, Image.Resampling.NEAREST)


def logo(rng: Random, size: int, initial: str, face: fonts.Face) -> Image.Image:
    """A sign of the house: a plain figure, often with an initial cut out of it."""
    mask = Image.new("L", (size, size))
    draw, kind = ImageDraw.Draw(mask), rng.choice(("disc", "ring", "square", "diamond", "leaf", "bars", "hexagon"))
    if kind == "bars":
        for index in range(3):
            draw.rectangle(
                (index * size * 0.36, size * (0.5 - 0.22 * index), index * size * 0.36 + size * 0.24, size), 255
            )
        return mask
    if kind == "disc":
        draw.ellipse((0, 0, size - 1, size - 1), 255)
    elif kind == "ring":
        draw.ellipse((0, 0, size - 1, size - 1), outline=255, width=max(size // 10, 2))
    elif kind == "square":
        draw.rounded_rectangle((0, 0, size - 1, size - 1), size // 6, 255)
    elif kind == "leaf":
        draw.pieslice((0, -size, 2 * size, size), 90, 180, 255)
        draw.pieslice((-size, 0, size, 2 * size), 270, 360, 255)
    else:
        draw.polygon(_corners(size / 2, 4 if kind == "diamond" else 6), 255)
    letter = fonts.font(face, round(size * 0.55), bold=True)
    draw.text((size / 2, size / 2), initial, 255 if kind == "ring" else 0, letter, anchor="mm")
    return mask


def stamp(rng: Random, text: str, size: int, face: fonts.Face) -> Image.Image:
    """A rubber stamp, set askew and unevenly inked."""
    letter = fonts.font(face, size, bold=True)
    width, height = round(letter.getlength(text) + size * 1.2), round(size * 1.9)
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle((1, 1, width - 2, height - 2), size // 3, outline=255, width=max(size // 9, 2))
    draw.text((width / 2, height / 2), text, 255, letter, anchor="mm")
    spots = Image.frombytes("L", (width // 6 + 1, height // 6 + 1), rng.randbytes((width // 6 + 1) * (height // 6 + 1)))
    worn = spots.resize(mask.size, Image.Resampling.BILINEAR).point(lambda value: min(90 + value, 255))
    mask = Image.composite(worn, Image.new("L", mask.size), mask)
    return mask.rotate(rng.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True)


def signature(rng: Random, width: int, height: int) -> Image.Image:
    """A scribble of a pen."""
    mask = Image.new("L", (width, height))
    points, phase = [], rng.uniform(0, math.tau)
    for step in range(60):
        share = step / 59
        swing = math.sin(share * rng.uniform(22, 26) + phase) * (1 - 0.6 * share) * height * 0.36
        points.append((width * (0.05 + 0.9 * share) + math.cos(share * 30) * width * 0.03, height / 2 + swing))
    ImageDraw.Draw(mask).line(points, 220, max(height // 28, 2), joint="curve")
    return mask


def loop(rng: Random, width: int, height: int) -> Image.Image:
    """An ellipse drawn by hand around something that matters."""
    mask = Image.new("L", (width, height))
    points = []
    for step in range(48):
        angle = math.tau * step / 42 + 2
        wobble = 0.42 + 0.04 * math.sin(angle * 2 + rng.uniform(-0.2, 0.2)) + 0.0006 * step
        points.append((width / 2 + math.cos(angle) * width * wobble, height / 2 + math.sin(angle) * height * wobble))
    ImageDraw.Draw(mask).line(points, 230, max(height // 22, 2), joint="curve")
    return mask


def _corners(radius: float, count: int) -> list[tuple[float, float]]:
    turns = (math.tau * index / count - math.pi / 2 for index in range(count))
    return [(radius + radius * math.cos(turn), radius + radius * math.sin(turn)) for turn in turns]
