"""The part of a large vocabulary that a project needs: its documents' pieces and the likeliest of its scripts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

# Pieces: as many as MiniLM's vocabulary has. Half of them are for other scripts than Latin, where there are any.
SIZE = 32_000
LATIN = "LATIN"  # codes, currencies and brands are Latin everywhere
FEWEST = 0.01  # fraction of the letters that a script has at least: fewer are misread ones


def cut(pieces: Sequence[str], scores: NDArray[np.float32], used: Counter[int], kept: Iterable[str]) -> list[int]:
    """Indices, in order, of the pieces that stay: `kept`, all of `used`, then the single characters of the scripts that
    these are in, then the likeliest of the other pieces, `SIZE` in all unless more are used.

    As no piece that is used goes, the texts that they were counted in are cut as before.
    """
    names = set(kept)
    must = [row for row, piece in enumerate(pieces) if piece in names or row in used]
    allowed = _scripts_of_letters(Counter({pieces[row]: count for row, count in used.items()}))
    likeliest = [row for row in np.argsort(-scores, kind="stable").tolist() if _scripts(pieces[row]) <= allowed]
    single = [row for row in likeliest if len(pieces[row]) == 1]
    other = [row for row in likeliest if _scripts(pieces[row]) - {LATIN}]
    ranked = dict.fromkeys((*must, *single, *other[: SIZE // 2], *likeliest))
    return sorted(list(ranked)[: max(SIZE, len(must))])


def _scripts_of_letters(texts: Counter[str]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    for text, count in texts.items():
        for character in text:
            if character.isalpha():
                counts[_script(character)] += count
    least = FEWEST * counts.total()
    return frozenset({LATIN, *(script for script, count in counts.items() if count >= least)})


def _scripts(piece: str) -> frozenset[str]:
    return frozenset(_script(character) for character in piece if character.isalpha())


@cache
def _script(character: str) -> str:
    """The first word of a letter's name in Unicode, which is that of its script: `GREEK`, `CJK`."""
    return unicodedata.name(character, "").split(" ")[0]
