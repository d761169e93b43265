"""Digits and signs of a word of the layer, unfolded, against those that OCR reads: amounts and dates depend on them.

OCR is reliable about digits, the sign between two digits, a dash before an amount, a per cent sign and one currency as
against another; what else it reads differently says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extraction.engines.ingest.textlayer.words import ONLY, LayerWord

# A character and the number of its drawing in the font, `ONLY` where there is one.
Unit = tuple[str, int]
# A unit of the layer, or `None` where the layer lacks the character, and the character that is printed.
Contradiction = tuple[Unit | None, str]

DIGITS = frozenset("0123456789")
_POINTS, _BEFORE = frozenset(".,"), frozenset("-+")
_SPELLINGS = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("’‘´`", "'"))
# Letters that stand in an amount only in the place of a digit; behind its digits they are a unit (`0,5l`).
_POSING = frozenset("ABDGIOQSTZbgiloqsz|")
_LETTERS = "".join(sorted(_POSING))
_AMOUNT_WITH_POSING = re.compile(rf"[^\w|]*(?=[^\d]*\d|[OoIl|.,/:]+$)[\d{_LETTERS}]+([.,/:][\d{_LETTERS}]+)+[^\w|]*")
# A nought with a stroke through it is read as an eight. One that is another's second drawing may be an eight.
_STRUCK_NOUGHT = (("0", ONLY), "8")


def figures(word: LayerWord) -> list[Unit]:
    """The characters of a word of the layer in their order, signs that are spelled in several ways as one."""
    return _figures(word.text, word.drawings)


def units(word: LayerWord) -> Set[Unit]:
    """The units of a word that amounts and dates depend on."""
    return _units(word.text, word.drawings)


def _figures(text: str, drawings: Sequence[int]) -> list[Unit]:
    own = drawings or (ONLY,) * len(text)
    return [(character, drawing) for each, drawing in zip(text, own, strict=True) for character in _characters(each)]


@lru_cache(maxsize=4096)
def _units(printed: str, drawings: Sequence[int]) -> Set[Unit]:
    found = _figures(printed, drawings)
    text = "".join(character for character, _ in found)
    if _AMOUNT_WITH_POSING.fullmatch(text):
        return frozenset(unit for unit in found if unit[0] in DIGITS | _POINTS | _POSING or is_currency(unit[0]))
    return frozenset(
        unit for at, unit in enumerate(found) if unit[0] in DIGITS or is_currency(unit[0]) or _is_sign(text, at)
    )


def is_currency(character: str) -> bool:
    return bool(character) and unicodedata.category(character) == "Sc"


def compare(word: LayerWord, read: str) -> tuple[frozenset[Unit], frozenset[Contradiction]]:
    """What the reading confirms of the word's units, and what it contradicts."""
    layer, printed = figures(word), "".join(_characters(read))
    said = "".join(character for character, _ in layer)
    confirmed, contradicted = set[Unit](), set[Contradiction]()
    edits = Levenshtein.editops(said, printed)
    for block in edits.as_matching_blocks():
        confirmed.update(layer[block.a : block.a + block.size])
    for edit in edits:
        own = layer[edit.src_pos] if edit.tag != "insert" else None
        seen = printed[edit.dest_pos] if edit.tag != "delete" else ""
        if (own, seen) != _STRUCK_NOUGHT and _tells(said, edit.src_pos if own else -1, printed, edit.dest_pos, seen):
            contradicted.add((own, seen))
    return frozenset(confirmed - {unit for unit, _ in contradicted}), frozenset(contradicted)


def _tells(said: str, at: int, printed: str, to: int, seen: str) -> bool:
    """Whether OCR is to be believed that `seen`, at `to`, is printed and not the layer's character `at` (-1: none)."""
    own = said[at] if at >= 0 else ""
    if own in DIGITS and (seen in DIGITS or not seen):
        return True
    if seen in DIGITS:
        posing = own in _POSING and at + 1 < len(said) and _AMOUNT_WITH_POSING.fullmatch(said) is not None
        return not own or own in ".,-" or posing
    if seen in _POINTS and seen:
        return not own.isalpha() and own != "'" and _is_between_digits(printed, to)
    if seen == "-":
        return not own.isalpha() and _is_before_amount(printed, to)
    if seen == "%":
        return not own.isalpha() and printed[to - 1 : to] in DIGITS
    return is_currency(seen) and not own.isalpha()


def _characters(text: str) -> Iterator[str]:
    """The characters without white space and marks above letters."""
    if text.isascii():
        yield from "".join(text.split()).replace("`", "'")
        return
    for character in text.translate(_SPELLINGS):
        yield from (
            part
            for part in unicodedata.normalize("NFKC", character)
            if not part.isspace() and not unicodedata.combining(part)
        )


def _is_sign(text: str, at: int) -> bool:
    """Whether the character is a sign that belongs to an amount."""
    if text[at] in _POINTS:
        return _is_between_digits(text, at)
    if text[at] in _BEFORE:
        return _is_before_amount(text, at) or (at == len(text) - 1 and text[at - 1] in DIGITS)
    return text[at] == "%" and text[at - 1 : at] in DIGITS


def _is_between_digits(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] in DIGITS and text[at + 1 : at + 2] in DIGITS


def _is_before_amount(text: str, at: int) -> bool:
    """Whether the place is at the beginning, and a digit or a currency follows."""
    after = text[at + 1 : at + 2]
    return at == 0 and (after in DIGITS or is_currency(after))
