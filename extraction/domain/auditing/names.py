"""Names of merchants, as they are typed and as they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from extraction.domain.field_types.readers.texts import alike, letters

# Letters from which a name may be a part of another one, and initials that stand for a name.
SHORTEST_PART, FEWEST_INITIALS = 4, 2
# Words that say nothing about whose name it is.
LEGAL_FORMS = frozenset(
    (
        *("ag", "bhd", "bv", "co", "company", "corp", "gmbh", "inc", "kg", "limited", "llc", "llp", "ltd", "nv", "oy"),
        *("plc", "pte", "pty", "sa", "sarl", "sas", "sdn", "se", "spa", "srl", "the", "und", "and"),
    )
)


@lru_cache(maxsize=4096)
def category(name: str) -> str:
    """The name of a category as it is compared."""
    return alike(name)


def is_called(name: str, names: Iterable[str], least: float) -> bool:
    """Whether one of `names` is at least so like the name (0–1), in whatever order its words stand."""
    return any(likeness(name, other) >= least for other in names)


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """How alike two names are (0–1): by their common words, by their letters in a row, or by their initials."""
    a, b = letters(one), letters(other)
    if not a or not b:
        return 0.0
    if _is_short_for(a, other) or _is_short_for(b, one):
        return 1.0
    glued = fuzz.partial_ratio(a, b) if min(len(a), len(b)) >= SHORTEST_PART else 0.0
    return max(float(fuzz.token_set_ratio(words(one), words(other))), glued) / 100


def words(name: str) -> str:
    """The words of a name, lower case, without signs between them and, where others are left, without legal forms."""
    found = "".join(each if each.isalnum() else " " for each in alike(name)).split()
    return " ".join([word for word in found if word not in LEGAL_FORMS] or found)


def _is_short_for(short: str, name: str) -> bool:
    """`dbs` for `Development Bank of Singapore`: the initials of its words."""
    initials = "".join(word[0] for word in words(name).split())
    return len(short) >= FEWEST_INITIALS and initials.startswith(short)
