"""A page as one run of characters, each knowing where it is printed; white space and case are gone.

OCR joins and splits words freely (`SDNBHD`, `BOOK TA .K`), so values are looked for among characters, not words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extraction.domain.pages import Box, Page, Span

COLUMN_GAP = 2.0  # line heights between two words of a line that belong to different columns
LINE_GAP = 1.6  # line heights between two lines of the same block
# Blocks that a segment may continue: those that grew last. No page has as many columns.
MOST_OPEN = 100


def fold(character: str) -> str:
    """The character as it is compared: always exactly one, so that offsets hold."""
    plain = unicodedata.normalize("NFKC", character).casefold()
    return plain if len(plain) == 1 else character


def compact(text: str) -> str:
    """`text` as it is compared."""
    return "".join(fold(character) for character in text if not character.isspace())


@dataclass(frozen=True)
class Stream:
    """`text[i]` is character `offset[i]` of the page's word `word[i]`, on the run of words `row[i]`."""

    text: str
    word: NDArray[np.int32]
    offset: NDArray[np.int32]
    row: NDArray[np.int32]

    @classmethod
    def of(cls, page: Page, rows: Sequence[Sequence[int]]) -> Stream:
        """The words of `rows` (indices into the page's words), one row after the other."""
        places = [
            (fold(character), index, offset, number)
            for number, row in enumerate(rows)
            for index in row
            for offset, character in enumerate(page.words[index].text)
            if not character.isspace()
        ]
        text = "".join(place[0] for place in places)
        table = np.array([place[1:] for place in places], dtype=np.int32).reshape(-1, 3)
        return cls(text, table[:, 0], table[:, 1], table[:, 2])

    def spans(self, page: Page, number: int, characters: Sequence[int]) -> tuple[Span, ...]:
        """The printed places of `characters` (ascending indices), a span for each run of neighbouring words."""
        words = list(dict.fromkeys(int(self.word[index]) for index in characters))
        breaks = [0, *(at + 1 for at, (a, b) in enumerate(pairwise(words)) if b != a + 1), len(words)]
        runs = [words[a:b] for a, b in pairwise(breaks)]
        start = int(self.offset[characters[0]])
        end: int | None = int(self.offset[characters[-1]]) + 1
        if end == len(page.words[words[-1]].text):
            end = None
        return tuple(
            Span(number, run[0], run[-1], start if at == 0 else 0, end if at == len(runs) - 1 else None)
            for at, run in enumerate(runs)
        )


@lru_cache(maxsize=64)
def streams(page: Page) -> tuple[Stream, ...]:
    """The page in reading order and, where it has columns, also column by column."""
    by_line = [list(line) for line in page.lines]
    blocks = _blocks(page)
    orders = [by_line]
    if [index for row in blocks for index in row] != [index for row in by_line for index in row]:
        orders.append(blocks)
    return tuple(Stream.of(page, order) for order in orders)


def _blocks(page: Page) -> list[list[int]]:
    """The page's line segments, each block of segments below one another in a run."""
    blocks: list[list[tuple[Box, list[int]]]] = []
    # Places in `blocks`, in the order in which they grew.
    growing: list[int] = []
    for segment in _segments(page):
        above = [place for place in growing if _continues(blocks[place][-1][0], segment[0])]
        if above:
            best = min(above, key=lambda place: (segment[0].y0 - blocks[place][-1][0].y1, place))
            blocks[best].append(segment)
            growing.remove(best)
        else:
            best = len(blocks)
            blocks.append([segment])
        growing = [*growing[-MOST_OPEN:], best]
    return [row for block in blocks for _, row in block]


def _segments(page: Page) -> list[tuple[Box, list[int]]]:
    """The page's lines, cut where a wide gap parts two columns."""
    segments: list[list[int]] = []
    for line in page.lines:
        segments.append([line[0]])
        for left, right in pairwise(line):
            a, b = page.words[left].box, page.words[right].box
            height = max(a.height, b.height) * page.height
            if (b.x0 - a.x1) * page.width > COLUMN_GAP * height:
                segments.append([])
            segments[-1].append(right)
    return [(Box.around(page.words[index].box for index in row), row) for row in segments]


def _continues(above: Box, below: Box) -> bool:
    """Whether `below` is the next line of the block that ends with `above`."""
    overlap = min(above.x1, below.x1) - max(above.x0, below.x0)
    height = max(above.height, below.height)
    return overlap > 0.5 * min(above.width, below.width) and -0.5 * height < below.y0 - above.y1 < LINE_GAP * height
