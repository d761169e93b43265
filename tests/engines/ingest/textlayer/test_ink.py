"""Ink of a page: strokes and edges of any contrast, rules and frames of any length, pages of any size."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from extraction.engines.ingest.textlayer.ink import CONTRAST, RULE_ACROSS, RULE_DOWN, SHRINK, ink_of, without_rules


@pytest.mark.parametrize("length", [1, 2, 44, 45, 46, 59, 60, 61, 97, 120])
@pytest.mark.parametrize("at", [0, 1, 17, 80])
def test_straight_strokes_from_a_length_on_are_rules(length: int, at: int) -> None:
    across = np.zeros((200, 200), dtype=bool)
    across[30, at : at + length] = True
    assert without_rules(across).any() == (length < RULE_ACROSS)
    down = np.zeros((200, 200), dtype=bool)
    down[at : at + length, 30] = True
    assert without_rules(down).any() == (length < RULE_DOWN)


def test_all_of_a_rule_goes_and_nothing_beside_it() -> None:
    ink = np.zeros((150, 150), dtype=bool)
    text = np.zeros_like(ink)
    text[11:40:3, 10:140:4] = True
    ink[10, 20:130] = ink[100, :] = ink[:, 3] = ink[50:149, 149] = True
    assert (without_rules(ink | text) == text).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shape", [(1, 1), (2, 60), (45, 2), (61, 59), (130, 90), (50, 200)])
def test_pixels_in_a_long_run_are_those_that_a_count_finds(shape: tuple[int, int], seed: int) -> None:
    ink = np.random.default_rng(seed).random(shape) < 0.97

    def long(row: list[bool], least: int) -> list[bool]:
        text = "".join("#" if pixel else " " for pixel in row)
        kept = [part if len(part) >= least else " " * len(part) for part in text.split(" ")]
        return [pixel == "#" for pixel in " ".join(kept)]

    rules = np.array([long(list(row), RULE_ACROSS) for row in ink])
    rules |= np.array([long(list(column), RULE_DOWN) for column in ink.T]).T
    assert (without_rules(ink) == (ink & ~rules)).all()


@pytest.mark.parametrize(("dark", "light"), [(0, 255), (100, 100 + CONTRAST + 1), (0, CONTRAST), (200, 255), (255, 0)])
def test_ink_is_where_neighbours_differ_either_way(dark: int, light: int) -> None:
    image = Image.new("RGB", (40 * SHRINK, 40 * SHRINK), (light,) * 3)
    image.paste((dark,) * 3, (10 * SHRINK, 10 * SHRINK, 30 * SHRINK, 30 * SHRINK))
    ink = ink_of(image)
    assert ink.shape == (40, 40)
    assert ink.any() == (abs(dark - light) > CONTRAST)
    assert not ink[12:28, 12:28].any()
    assert not ink[:9, :9].any()


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 500), (SHRINK, SHRINK)])
def test_pages_of_a_few_pixels(size: tuple[int, int]) -> None:
    assert not without_rules(ink_of(Image.new("RGB", size, "white"))).any()
