"""What a character may be instead by the characters beside it in its line, each with the odds they give it.

The odds multiply the recogniser's scores. What they were chosen by is in the lab log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

DIGITS = {"O": "0", "o": "0", "I": "1", "l": "1"}
LETTERS = {"0": "Oo", "1": "Il"}
# Units of weight that begin like a digit: `16OZ`.
OUNCES = "Z"
# Odds of a digit among digits and of a letter in a word; of a digit before decimals; of a point that an amount lacks.
# The recogniser gives most points that are hardly printed 0.0005 and more, and gaps between numbers 0.0001 and less.
CLEAR, LIKELY, POINT = 50.0, 5.0, 2500.0
# What stands before and after the place of a point: no further group of digits.
WHOLE = re.compile(r"(?:^|\D )(?:RM|[$€£])?-?\d{1,4}$")
CENTS = re.compile(r"\d\d(?: \D|$)")
DECIMALS = re.compile(r"[.,]\d\d(?!\d)")


def alternatives(text: str, at: int) -> Iterator[tuple[str, float]]:
    """Other characters that the one at this place of a line may be, with odds above one."""
    character = text[at]
    if character in DIGITS:
        if odds := _digit(text, at):
            yield DIGITS[character], odds
    elif character in LETTERS:
        if _in_word(text, at):
            yield from ((letter, CLEAR) for letter in LETTERS[character])
    elif character == " " and WHOLE.search(text[:at]) and CENTS.match(text, at + 1):
        yield from ((sign, POINT) for sign in ".,")


def _digit(text: str, at: int) -> float | None:
    """The odds of a digit; `None` where nothing speaks for one."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if before.isdigit() and (after.isdigit() or not after.isalnum()):
        return CLEAR
    if text[at] not in "Oo":
        return None
    if before.isdigit() and after.isupper() and after != OUNCES:
        return CLEAR
    if after.isdigit() and not before.isalnum():
        return CLEAR
    return LIKELY if DECIMALS.match(text, at + 1) else None


def _in_word(text: str, at: int) -> bool:
    """Whether letters alone, three of them at least, stand beside the character on both sides."""
    before = re.search(r"\w*$", text[:at])
    after = re.match(r"\w*", text[at + 1 :])
    left, right = before.group() if before else "", after.group() if after else ""
    return left.isalpha() and right.isalpha() and len(left + right) >= 3
