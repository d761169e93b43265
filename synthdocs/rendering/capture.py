"""From a flat sheet to a scan or photo: where the sheet lies, how it bends, light, focus, noise.

Every point of the sheet can be followed into the picture, so that the truth's boxes stay true.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from synthdocs.rendering.degradation import scaled, soft_noise

Points = npt.NDArray[np.float64]
MESH = 48


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture is taken; lengths are shares of the sheet's width, `turn` is in degrees clockwise.

    `tilt` is how far corners are moved by perspective, `bend` how far a curling sheet sways sideways, `shadow` how much
    darker parts are (0–1), `blur` the radius in pixels, `noise` its standard deviation in grey levels.
    """

    scene: str
    border: float
    turn: float
    tilt: float
    bend: float
    shadow: float
    blur: float
    noise: float
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Lens:
    """Where points of the sheet stand in the picture. `matrix` is a homography; the bend comes before it."""

    size: tuple[int, int]
    matrix: Points
    bend: float
    wave: float
    phase: float

    def project(self, points: Points) -> Points:
        """Sheet to picture; `points` is n × 2, in pixels."""
        return _apply(self.matrix, self._bent(points, 1))

    def unproject(self, points: Points) -> Points:
        """Picture to sheet."""
        return self._bent(_apply(np.asarray(np.linalg.inv(self.matrix), float), points), -1)

    def _bent(self, points: Points, sign: int) -> Points:
        sway = sign * self.bend * np.sin(math.tau * points[:, 1] / self.wave + self.phase)
        return np.column_stack((points[:, 0] + sway, points[:, 1]))


def take(sheet: Image.Image, shot: Shot, rng: np.random.Generator) -> tuple[Image.Image, Lens]:
    """The picture of the sheet, and where things stand in it."""
    lens = _aim(sheet.size, shot, rng)
    backdrop = _backdrop(shot.scene, lens.size, rng)
    edge = _warp(_outline(sheet.size, rng), lens) if shot.torn else _corners(sheet.size, lens)
    if shot.scene != "lid":
        offset = max(round(sheet.width * 0.012), 3)
        # Soft things are drawn small and enlarged, which is much faster and looks the same.
        small = edge.resize((edge.width // 4, edge.height // 4), Image.Resampling.BOX)
        dark = ImageChops.offset(small, offset // 4, offset // 2).filter(ImageFilter.GaussianBlur(offset * 0.4))
        backdrop.paste((0, 0, 0), mask=scaled(dark, 0, 120).resize(edge.size, Image.Resampling.BILINEAR))
    backdrop.paste(_warp(sheet, lens), mask=edge)
    return _develop(backdrop, shot, rng), lens


def _aim(size: tuple[int, int], shot: Shot, rng: np.random.Generator) -> Lens:
    width, height = size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    turn = math.radians(shot.turn)
    rotation = np.array([(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))])
    placed = (corners - corners.mean(axis=0)) @ rotation + rng.uniform(-1, 1, (4, 2)) * shot.tilt * width
    border = shot.border * width * rng.uniform(0.5, 1.0, (2, 2)) + shot.bend * width
    placed += border[0] - placed.min(axis=0)
    across, down = np.ceil(placed.max(axis=0) + border[1]).astype(int)
    wave, phase = height * rng.uniform(0.6, 1.8), rng.uniform(0, math.tau)
    return Lens((int(across), int(down)), _homography(corners, placed), shot.bend * width, wave, phase)


def _homography(source: Points, target: Points) -> Points:
    """The 3 × 3 matrix that takes four points to four points."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1).reshape(3, 3)


def _apply(matrix: Points, points: Points) -> Points:
    mapped = np.column_stack((points, np.ones(len(points)))) @ matrix.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def _warp(image: Image.Image, lens: Lens) -> Image.Image:
    """The flat image as the lens sees it, black where there is nothing of it."""
    width, height = lens.size
    columns = [*range(0, width, width if not lens.bend else MESH * 4), width]
    rows = [*range(0, height, MESH), height]
    if not lens.bend:
        inverse = np.linalg.inv(lens.matrix)
        coefficients = tuple((inverse / inverse[2, 2]).flatten()[:8])
        return image.transform(lens.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR)
    mesh = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            quad = lens.unproject(np.array([(left, top), (left, bottom), (right, bottom), (right, top)], float))
            mesh.append(((left, top, right, bottom), tuple(quad.flatten())))
    return image.transform(lens.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def _corners(size: tuple[int, int], lens: Lens) -> Image.Image:
    """What a sheet with straight edges covers in the picture, less its outermost pixel, which is mixed with black."""
    right, bottom = size[0] - 1.5, size[1] - 1.5
    mask = Image.new("L", lens.size)
    corners = lens.project(np.array([(1.5, 1.5), (right, 1.5), (right, bottom), (1.5, bottom)], float))
    ImageDraw.Draw(mask).polygon([(float(x), float(y)) for x, y in corners], 255)
    return mask


def _outline(size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """What a piece of a roll covers, flat: its ends are serrated by the cutter."""
    width, height = size
    mask, tooth = Image.new("L", size), max(width // 70, 4)
    slant = rng.uniform(-0.012, 0.012) * width
    tops = [(x, (x // tooth % 2) * tooth * 0.5 + max(slant, 0) * x / width) for x in range(0, width + tooth, tooth)]
    bottoms = [(x, height - 1 - y + abs(slant) * 0.3) for x, y in reversed(tops)]
    ImageDraw.Draw(mask).polygon([*tops, *bottoms], 255)
    return mask


def _backdrop(scene: str, size: tuple[int, int], rng: np.random.Generator) -> Image.Image:
    """What the sheet lies on: the lid of a scanner, a wooden or plain table, cloth, stone."""
    if scene == "lid":
        grey = int(rng.choice((255, 252, 246, 214, 190, 40)))
        return Image.new("RGB", size, (grey, grey, grey))
    tones = {
        "wood": ((92, 62, 40), (158, 116, 78)),
        "dark wood": ((48, 34, 26), (84, 60, 44)),
        "table": ((186, 184, 178), (206, 204, 200)),
        "cloth": ((52, 66, 92), (76, 90, 118)),
        "stone": ((96, 96, 100), (150, 150, 152)),
    }
    dark, light = tones[scene]
    width, height = size
    cells = {
        "wood": (70, 3),
        "dark wood": (50, 3),
        "cloth": (width // 3, height // 3),
        "stone": (width // 6, height // 6),
    }
    grain = soft_noise(rng, size, cells.get(scene, (8, 8)))
    if "wood" in scene:
        grain = Image.blend(grain, soft_noise(rng, size, (12, 2)), 0.5)
    channels = [scaled(grain, low, high) for low, high in zip(dark, light, strict=True)]
    return Image.merge("RGB", channels)


def _develop(picture: Image.Image, shot: Shot, rng: np.random.Generator) -> Image.Image:
    """Light, focus, colour and noise."""
    if shot.shadow:
        light = _light(picture.size, shot.shadow, rng)
        picture = ImageChops.multiply(picture, Image.merge("RGB", [scaled(light, 0, 255 * tint) for tint in shot.tint]))
    if shot.blur > 0.25:
        picture = picture.filter(ImageFilter.BoxBlur(shot.blur))
    if shot.noise:
        picture = _noisy(picture, shot.noise, rng)
    return ImageEnhance.Contrast(picture).enhance(rng.uniform(0.9, 1.1)) if shot.scene != "lid" else picture


def _light(size: tuple[int, int], depth: float, rng: np.random.Generator) -> Image.Image:
    """Brightness over the picture: a slow gradient, and the soft edge of somebody's shadow."""
    light = scaled(soft_noise(rng, size, (2, 3)), 255 * (1 - depth * 0.8), 255)
    if rng.random() < 0.5:
        width, height = (side // 8 for side in size)
        shadow = Image.new("L", (width, height), 255)
        x, slope = rng.uniform(0.1, 0.9) * width, rng.uniform(-0.5, 0.5) * width
        side = 0 if rng.random() < 0.5 else width
        ImageDraw.Draw(shadow).polygon(
            [(x, 0), (x + slope, height), (side, height), (side, 0)], round(255 * (1 - depth * 0.7))
        )
        soft = shadow.filter(ImageFilter.GaussianBlur(width * 0.05)).resize(size, Image.Resampling.BICUBIC)
        light = ImageChops.multiply(light, soft)
    return light


def _noisy(picture: Image.Image, deviation: float, rng: np.random.Generator) -> Image.Image:
    """Grain of the sensor: one tile, repeated at random offsets, the same in all channels."""
    tile = rng.normal(0, deviation, (256, 256)).astype(np.int16)
    values = np.asarray(picture).astype(np.int16)
    rows, columns = (-(-side // 256) for side in values.shape[:2])
    noise = np.tile(tile, (rows, columns))[: values.shape[0], : values.shape[1], None]
    return Image.fromarray(np.clip(values + noise, 0, 255).astype(np.uint8))
