"""The words of a line that name what is bought: without numbers of articles, quantities, prices and codes of taxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extraction.domain.text import UNSPACED
from extraction.engines.teacher.rules.lines import COLUMN
from extraction.engines.teacher.rules.tables.lines import Line, Number, is_currency

_LETTERS = re.compile(r"[^\W\d_]{2,}|[^\W\d_]\b.*[^\W\d_]{2,}")
# What may stand before a name: its number on the document, the article's number, a code of a tax before that.
_LEADING = re.compile(
    r"^(?:\d{1,3}[.)]\s+|\([A-Z]?\d{2,}\)\s*|(?:SR|ZRL?|[SZ])[.:]\s*|-(?=\S)|#?\s?(?:[A-Z]{1,2}\s)?[A-Z]?[\dO~_-]{4,}[A-Z]?\s?[-:]?\s+|(?:Art\.?(?:-?Nr\.?)?|Item|SKU)\s?[\d#]\S*\s*|[-*•]\s+)+"
)
# Between the numbers of a row: signs of products, units.
_JOINT = re.compile(
    r"^(?:[xX×@*=/:.,+-]|\(|\)|pcs?|ea(?:ch)?|unit|st(?:k|ck|ück)?\.?|kg|nos?|à|[xX]@)+$", re.IGNORECASE
)
# Codes of taxes behind a name or an amount.
_TAX = re.compile(r"^\*[A-Z]$")
_CODE = re.compile(r"^[*#(]?\s?(?:[A-Z]{1,2}|[A-Z]RL|ZRE|TX\d?)?\s?[*)]?$")
_MEASURE = re.compile(r"\d[\d.,]*(?:\s?[xX]\s?\d[\d.,]*)?\s?(?:g|gr|kg|ml|cl|l|mm|cm|m)\.?", re.IGNORECASE)
_ARTICLE = re.compile(r"^\W*(?:[A-Z]{0,4}\d[\w./_-]*|[\d\W]+)\W*$")


def names(line: Line) -> bool:
    """Whether it has words that may name an article."""
    words = text_of(line, ()).split()
    return any(_LETTERS.search(word) and not _JOINT.match(word) for word in words) or _names_unspaced(words)


@lru_cache(maxsize=4096)
def text_of(line: Line, taken: tuple[Number, ...]) -> str:
    """The name in the line, where these of its numbers are something else."""
    end = line.amount.start if line.amount else len(line.text)
    numbers = sorted({*taken, *(number for number in line.numbers if number.money)}, key=lambda number: number.start)
    starts = [number.start for number in numbers if number.start < end]
    ends = [number.end for number in numbers if number.start < end]
    pieces = [line.text[a:b] for a, b in zip([0, *ends], [*starts, end], strict=True)]
    said = [name for name in (_stripped(piece) for piece in pieces) if _LETTERS.search(name)]
    return " ".join(said)


def _names_unspaced(words: Sequence[str]) -> bool:
    return any(UNSPACED.search(word) for word in words)


def article(text: str) -> bool:
    """Whether it is the number of an article, or other codes without a word."""
    words = text.split()
    return all(_ARTICLE.match(word) or len(word) < 2 for word in words)


def _stripped(piece: str) -> str:
    parts = [part for part in piece.split(COLUMN) if part.strip()]
    while len(parts) > 1 and _CODE.match(parts[-1].strip()):
        parts.pop()
    while len(parts) > 1 and article(parts[0]):
        parts.pop(0)
    text = _LEADING.sub("", " ".join(" ".join(parts).split()) + " ").strip()
    words = text.split()
    while words and (
        (_JOINT.match(words[-1]) and not _measures(words)) or _is_sign(words[-1]) or _TAX.match(words[-1])
    ):
        words.pop()
    while words and (_JOINT.match(words[0]) or (is_currency(words[0]) and not words[0].isalpha())):
        words.pop(0)
    return " ".join(words).strip(" :*=|")


def _measures(words: Sequence[str]) -> bool:
    """Whether a unit behind a number ends the name: `Plasters 20 pcs`."""
    return len(words) > 1 and words[-1].strip(".").isalpha() and len(words[-1]) > 1 and words[-2][-1:].isdigit()


def measure(text: str) -> bool:
    """Whether it says how much of an article is in one of it."""
    return bool(_MEASURE.fullmatch(text.strip()))


def _is_sign(word: str) -> bool:
    """Of a currency: a word of small letters is none."""
    return is_currency(word) and word == word.upper() and (len(word) > 1 or not word.isascii() or not word.isalpha())


def described(texts: Sequence[str]) -> str | None:
    return " ".join(text for text in texts if text) or None
