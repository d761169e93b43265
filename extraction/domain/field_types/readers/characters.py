"""One spelling of characters that look alike or cannot be seen, with the way back to the printed text.

Documents print digits of many scripts, a dozen dashes and apostrophes, full-width letters and, out of PDFs, characters
that nobody sees. Readers of values look at the folded text; places are reported in the printed one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

DASHES = "‐‑‒–—―−﹘﹣－"
APOSTROPHES = "’‘ʼʻ‛′´`＇"
# Decompositions that change what a character means: `3²` is no 32, `½` is no 1/2.
MEANINGFUL = ("<super>", "<sub>", "<fraction>")
# Letters of Thai and Lao that everybody types as one, and that NFKC would take apart.
WHOLE = "\u0e33\u0eb3\u0edc\u0edd"
# Joiners spell words in Arabic and Indic scripts, but nothing beside Latin letters, digits or signs.
_JOINER = re.compile(r"(?<![^\x00-\u024f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u024f])")
_JOINERS = "\u200c\u200d"


def compatible(text: str) -> str:
    """Unicode NFKC without the characters whose compatible form means something else or that nobody writes so, which
    stay as they are."""
    if text.isascii():
        return text
    kept = {char for char in text if char in WHOLE or unicodedata.decomposition(char).startswith(MEANINGFUL)}
    if not kept:
        return unicodedata.normalize("NFKC", text)
    parts = re.split(f"([{re.escape(''.join(kept))}])", text)
    return "".join(part if part in kept else unicodedata.normalize("NFKC", part) for part in parts)


def visible(text: str) -> str:
    """The text without characters that cannot be seen: zero-width ones, soft hyphens, marks of direction and of order
    of bytes."""
    if text.isascii():
        return text
    text = _JOINER.sub("", text)
    return "".join(char for char in text if char in _JOINERS or unicodedata.category(char) != "Cf")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` in plain characters; `origins` has for each of them its offset in the printed text, `None` where all are
    at their own offsets."""

    text: str
    origins: tuple[int, ...] | None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the printed text for offsets of `text`; the place must not be empty."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """`text` with digits, full-width letters, spaces, dashes and apostrophes in ASCII, without invisible characters."""
    if text.isascii():
        return Folded(text.replace("`", "'"), None)
    folded = text.translate(_FOLDED)
    if _FOLDED.uneven.isdisjoint(text):
        return Folded(folded, None)
    origins = tuple(at for at, char in enumerate(text) for _ in _FOLDED[ord(char)])
    return Folded(folded, origins)


def places(find: Callable[[str], list[tuple[int, int]]], text: str) -> list[tuple[int, int]]:
    """What `find` finds in the folded text, as offsets of the printed one."""
    folded = fold(text)
    return [folded.place(start, end) for start, end in find(folded.text)]


class _Table(dict[int, str]):
    """Folded form of a character by its code, computed when first asked for."""

    def __init__(self) -> None:
        # Characters that become none or several.
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _folded(char)
        if len(folded) != 1:
            self.uneven.add(char)
        self[code] = folded
        return folded


def _folded(char: str) -> str:
    if char in DASHES:
        return "-"
    if char in APOSTROPHES:
        return "'"
    if unicodedata.category(char) == "Cf":
        return ""
    if char.isspace():
        return " "
    if char in "٫٬":
        # The Arabic signs before decimals and between groups.
        return "." if char == "٫" else ","
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.decomposition(char).startswith("<") and not unicodedata.decomposition(char).startswith(MEANINGFUL):
        return unicodedata.normalize("NFKC", char)
    return char


_FOLDED = _Table()
