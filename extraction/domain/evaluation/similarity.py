"""Similarity of two answers: ANLS of texts, ANLS* of lists.

Definitions: Biten et al., *Scene Text Visual Question Answering*, 2019 (ANLS); Peer et al., *ANLS\\**, 2024 (groups).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from anls_star import anls_score
from rapidfuzz.distance import Levenshtein

from extraction.domain.field_types.readers.texts import alike

TAU = 0.5
# Values of one list times those of another, and levels of lists and objects, up to which rows are matched: the time
# grows with the first and doubles with the second.
MOST_PAIRS, DEEPEST_ROWS = 250_000, 6

Answer = str | list[Any] | None


def nls(a: Answer, b: Answer) -> float:
    """Normalised Levenshtein similarity, 0–1, without regard to what makes no difference between texts: case, runs of
    white space, invisible characters, Unicode composition, the kinds of dashes and quotation marks.

    Two empty answers score 1, one empty answer 0. Lists (groups) score by ANLS*, `a` being the truth; those that are
    too long or deep to match each row with each are compared as texts.
    """
    if isinstance(a, list) or isinstance(b, list):
        (size, depth), (other, deep) = _extent(a), _extent(b)
        if size * other <= MOST_PAIRS and max(depth, deep) <= DEEPEST_ROWS:
            score: Any = anls_score(_leaves(a) or None, _leaves(b) or None)
            return float(score)
        a, b = (json.dumps(each) if isinstance(each, list) else each for each in (a, b))
    first, second = plain(a), plain(b)
    if not first or not second:
        return float(first == second)
    return 1 - float(Levenshtein.distance(first, second)) / max(len(first), len(second))


def anls(a: Answer, b: Answer, tau: float = TAU) -> float:
    """`nls`, where less than `tau` counts 0; for lists ANLS* as it is, whose threshold is 0.5 for every leaf."""
    similarity = nls(a, b)
    return similarity if isinstance(a, list) or isinstance(b, list) or similarity >= tau else 0.0


def plain(text: str | None) -> str:
    """The text as similarities compare it."""
    return alike(text or "")


def _leaves(value: Any) -> Any:
    """The value with its texts as they are compared."""
    if isinstance(value, Mapping):
        return {key: _leaves(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner) for inner in value]
    return plain(value) if isinstance(value, str) else value


def _extent(value: object) -> tuple[int, int]:
    """How many values a list holds, with those inside them and with lists and objects, and on how many levels."""
    count = depth = 0
    level = [value]
    while level:
        count, depth = count + len(level), depth + 1
        level = [inner for each in level for inner in _inside(each)]
    return count, depth


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()
