"""Amounts and numbers as documents print them, in any separator convention, and never guessed.

A lone separator before exactly three digits (`1,234`) may group thousands or mark decimals (fuel and scales print
three). It is read only where the currency printed beside it decides, or where it is known which sign stands before
decimals (see `decimal_signs`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from decimal import Decimal
from itertools import accumulate

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.readers import currencies
from extraction.domain.field_types.readers.characters import fold, places
from extraction.domain.field_types.readers.currencies import Codes, DecimalSign
from extraction.domain.field_types.readers.units import without_unit

THOUSANDTHS = 3  # decimals of dinars
PLAIN = gettext_noop("plain")  # the format of digits with a point before the decimals

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    r"|\d{1,3}(?:[' ]\d{3})+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?"
    r"|[.,]\d+)"
)
_FULL = re.compile(rf"{_NUMBER}[.,]?")
# What closes an amount without minor units: `12,-`, `100:-`, `500/-`, `12.--`.
_CLOSING = re.compile(r"(?<=\d)\s?(?:[.,:/=]\s?-{1,2}|[.,]--|--|/=)$")
# Decimals at the end, which tell that a dash behind them closes nothing and is a minus: `12,50-`, `1.234,500-`.
_DECIMALS = re.compile(r"(?:[.,]\d{1,2}|\d,\d{3}\.\d+|\d\.\d{3},\d+)(?:\s?[^\d\s]{1,5})?$")
# Letters that readers of pictures take digits for.
_MISREAD = frozenset("lsoiIO")
# The currency between its units: `12€50`, `1 234 руб. 50 коп.`
_BETWEEN = re.compile(
    r"(?P<whole>\d[\d .,']*?)\s?(?P<sign>[^\d\s.,'()+-]{1,5})\.?\s?"
    r"(?:(?P<minor>\d\d)|(?P<counted>\d\d?)\s?(?P<unit>[^\W\d_]+)\.?)"
)
# The same in a line, with a name of the minor unit.
_SPELLED = re.compile(
    r"(?<![\d.,:/'-])\d{1,3}(?:[ .,']\d{3}|\d){0,8}\s?[^\d\s.,'()+-]{1,5}\.?\s?\d\d?\s?[^\W\d_]{1,6}\.?(?![^\W_])"
)
# A printed amount has at most so many groups of digits; unbounded, a long run of groups takes quadratic time.
_GROUPS = "{1,8}"
_SYMBOL = "[$£¥\u20a0-\u20cf]"
# In a line: decimals, groups, or a currency make a run of digits an amount; `12,-` is one too.
_AMOUNT = re.compile(
    r"(?<![\d,'/:#])(?<!\d[-.])(?<!\b[lI])(?:(?<!\S)-\s|[-(▲△])?"
    rf"(?:\d{{1,3}}(?:[,.' ]?\d{{3}}){{0,8}}{_SYMBOL}\d{{2}}(?![.,:/'-]?\d)"
    rf"|\d{{1,3}}(?:[,.' ]\d{{3}}){_GROUPS}\s?[.,]\s?\d{{2}}"
    rf"|\d{{1,2}}(?:,\d{{2}}){_GROUPS},\d{{3}}\s?\.\s?\d{{2}}|\d+\s?[.,]\s?\d{{2}}"
    rf"|\d{{1,2}}(?:,\d{{2}}){_GROUPS},\d{{3}}|\d{{1,3}}(?:[,.']\d{{3}}){_GROUPS}(?:[.,]-{{1,2}}|/[-=])?|\d+(?:[.,:]-{{1,2}}|/[-=])"
    rf"|\d{{1,3}}(?: \d{{3}}){_GROUPS}(?:[.,:]-{{1,2}}|/[-=]|(?![\d.,]))|\d+"
    r"|(?<![\w.])[.,]\d{2})"
    r"(?:\)|-(?![\w-]))?(?!\d|\s?[%‰])(?![.,:/'-]\d)"
)
# Dinars with groups between spaces, where without a currency the first group may be a number of things.
_GROUPED_DINARS = re.compile(r"(?<![\d.,'/:#-])\d{1,3}(?:[' ]\d{3}){1,8}[.,]\d{3}(?![\d.,:/'-])")
# A whole number of its own in a line, with or without what multiplies it or its unit: `2`, `2x`, `x2`, `Qty:2`, `7%`.
_WHOLE = re.compile(r"(?<![\d.,/'#-])(?<!\d:)(?:(?<!\w)|(?<=\b[xX]))\d{1,5}(?!\d|[.,:/'-]\d)")
# Letters directly before a number.
_CAPITALS = re.compile(r"[A-Z]+$")


def parse_money(text: str, *, decimal_sign: DecimalSign = None) -> Decimal | None:
    """The amount, negative for a minus on either side and for brackets; `None` where it is not certain.

    A dash behind whole units (`1,900-`) closes the amount or is a minus: not read (see `without_closing_dash`).
    """
    body = _clean(text).lstrip("*:= ").rstrip("*: ")
    codes: Codes | None = None
    minus = 0
    for _ in range(4):
        before = body
        body, found = _without_currency(body)
        if found:
            codes = found if codes is None else codes & found
        beside = _without_currency(body[:-1].rstrip())[1] if codes is None and body.endswith("-") else codes
        if _is_doubtful_dash(body, beside):
            return None
        body, signs = _without_sign(body, beside)
        minus += signs
        if body == before:
            break
    if minus > 1 or codes == frozenset():
        return None
    amount = _between(body) if codes is None else None
    if amount is None:
        amount = _closed(body, codes or frozenset(), decimal_sign)
    return amount.copy_negate() if amount and minus else amount


def parse_number(text: str, *, decimal_sign: DecimalSign = None) -> Decimal | None:
    """The number, with or without a unit or per cent sign; `None` where it cannot be read with certainty."""
    body = without_unit(_clean(text))
    if _is_doubtful_dash(body, None):
        return None
    body, minus = _without_sign(body, None)
    number = _read(body, frozenset(), decimal_sign)
    return number.copy_negate() if number and minus else number


def find_amounts(text: str) -> list[tuple[int, int]]:
    """Where amounts stand in a line, as (start, end) character offsets, with the minus and without the currency.

    A whole number counts only beside a currency sign. Readings that exclude each other may overlap.
    """
    return places(_find, text)


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Where numbers stand in a line, as (start, end) character offsets: amounts, and whole numbers of their own."""
    amounts = find_amounts(text)
    return sorted([*amounts, *_apart(places(_find_whole, text), amounts)])


def without_closing_dash(text: str) -> tuple[str, ...]:
    """What `1,900-` can stand for: the amount that the dash closes, and the negative one; another text itself."""
    body = _clean(text)
    if not _is_dash_behind(body) or _DECIMALS.search(body.removesuffix("-").rstrip()):
        return (text,)
    return body.removesuffix("-").rstrip(), f"-{body.removesuffix('-')}"


def write_decimal(value: Decimal, least: int) -> str:
    """Plain digits with a point, at least `least` decimals and no zeros beyond them; every digit stays."""
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _find(line: str) -> list[tuple[int, int]]:
    offsets = []
    for match in _AMOUNT.finditer(line):
        start, end = match.span()
        if line[start] == "(" and line[end - 1] != ")":
            start += 1
        if line[end - 1] == ")" and line[start] != "(":
            end -= 1
        whole = line[start:end].strip("-=/()▲△ ").replace(" ", "").isdigit()
        if not whole or (_beside_currency(line, start, end) and not _inside_code(line, start, end)):
            offsets.append((start, end))
            # `1 234.50` may be grouped, or a quantity before an amount, which does not begin like `000`.
            offsets += [(start + space.end(), end) for space in re.finditer(r"(?<=\d) (?!0\d)(?=\d)", line[start:end])]
    dinars = (match.span() for match in _GROUPED_DINARS.finditer(line))
    offsets += [(start, end) for start, end in dinars if _are_dinars(codes_beside(line, start, end))]
    return _with_minor_units(line, sorted(offsets, key=lambda at: (at[0], -at[1])))


def _are_dinars(codes: Codes) -> bool:
    return any(currencies.minor_digits(code) == THOUSANDTHS for code in codes)


def _with_minor_units(line: str, offsets: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places, those of an amount whose minor unit is printed by its name as one: `12 zł 50 gr`."""
    spelled = [match.span() for match in _SPELLED.finditer(line) if parse_money(match[0]) is not None]
    if not spelled:
        return offsets
    return sorted([*spelled, *_apart(offsets, spelled)], key=lambda at: (at[0], -at[1]))


def _apart(offsets: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places that overlap none of `taken`, in time n log n: a line may hold as many as characters."""
    taken = sorted(taken)
    starts = [start for start, _ in taken]
    reached = [0, *accumulate((end for _, end in taken), max)]
    return [(start, end) for start, end in offsets if reached[bisect_left(starts, end)] <= start]


def _find_whole(line: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WHOLE.finditer(line)]


def _clean(text: str) -> str:
    """Digits and signs in ASCII, no spaces around separators (readers of pictures insert them)."""
    text = re.sub(r"(?<=\d)\s*([.,'])\s*(?=\d)", r"\1", fold(text.replace("٬", "")).text)
    return re.sub(r"\s+", " ", text).strip()


def _without_sign(body: str, codes: Codes | None) -> tuple[str, int]:
    """The rest, and how many signs make it negative."""
    if body.startswith("(") and body.endswith(")"):
        return body[1:-1].strip(), 1
    if body.startswith(("-", "▲", "△")):
        return body[1:].strip(), 1
    if _is_dash_behind(body):
        return body[:-1].strip(), 0 if _are_whole(codes) else 1
    return body.removeprefix("+").strip(), 0


def _is_no_currency(text: str, size: int) -> bool:
    """Whether the letter at the end stands for thousands or pence, as `50k` and `99p`; `12 K` are kyats."""
    letter = text[-size:].strip()
    return letter in ("k", "p") or (letter == "K" and not text[-2:-1].isspace())


def _is_dash_behind(body: str) -> bool:
    return body.endswith("-") and body[:1] not in ("-", "(", "▲", "△") and not _CLOSING.search(body)


def _is_doubtful_dash(body: str, codes: Codes | None) -> bool:
    """Whether a dash behind whole units closes the amount or is a minus."""
    return _is_dash_behind(body) and not _are_whole(codes) and not _DECIMALS.search(body[:-1].rstrip())


def _are_whole(codes: Codes | None) -> bool:
    """Whether the currency has no minor units: nothing but a closing dash follows the yen (`¥1,234-`). Of a sign for
    several at least half have none."""
    known = codes or frozenset()
    return bool(known) and 2 * sum(currencies.minor_digits(code) == 0 for code in known) >= len(known)


def _without_currency(text: str) -> tuple[str, Codes]:
    """The text without the sign that it begins with, else without the one that it ends with, and what that stands
    for; empty where there is none."""
    signs = currencies.by_sign()
    for size in range(min(currencies.longest() + 1, len(text) - 1), 0, -1):
        rest, sign = text[size:].lstrip(". "), currencies.key(text[:size])
        ends = text[size - 1] not in ". " and text[:size] not in _MISREAD
        if ends and sign in signs and rest and not (rest[0].isalpha() and sign[-1].isalpha()):
            # `Rs.75`, but `$.75`.
            body = text[size:] if unicodedata.category(sign[-1]) == "Sc" else text[size:].removeprefix(".")
            return body.strip(), signs[sign]
        rest = text[:-size].rstrip()
        sign = "" if _is_no_currency(text, size) else currencies.key(text[-size:])
        if sign in signs and rest and not (rest[-1].isalpha() and sign[0].isalpha()):
            return rest, signs[sign]
    return text, frozenset()


def _beside_currency(text: str, start: int, end: int) -> bool:
    """Whether a currency stands before `start` or after `end`, as a word of its own.

    Looks at a few characters only: a line may hold as many amounts as it has characters.
    """
    return bool(codes_beside(text, start, end))


def codes_beside(text: str, start: int, end: int) -> Codes:
    """The currencies that the longest sign beside a place in a line may stand for; empty without one."""
    longest = currencies.longest()
    before = text[max(start - longest - 4, 0) : start].removesuffix("-")
    tight_before = not before[-1:].isspace()
    before = before.rstrip()[-longest - 2 :].removesuffix(".")
    lone = not text[end + 1 : end + 2].isalpha() and _is_no_currency(text[: end + 1], 1)
    after = "" if lone else text[end : end + longest + 2]
    tight_after = not after[:1].isspace()
    after = after.lstrip()
    for size in range(longest, 0, -1):
        left, right = before[-size:], after[:size]
        if _is_sign(left, tight_before) and not before[-size - 1 : -size].isalpha():
            return currencies.by_sign()[left.casefold()]
        if _is_sign(right, tight_after) and not after[size : size + 1].isalpha():
            return currencies.by_sign()[right.casefold()]
    return frozenset()


def _inside_code(text: str, start: int, end: int) -> bool:
    """Whether letters on both sides make the digits a part of a code, although one may be a sign: `NWBKGB2L`."""
    word = _CAPITALS.search(text, max(start - currencies.longest() - 1, 0), start)
    return word is not None and text[end : end + 1].isalpha() and word[0].casefold() not in currencies.by_sign()


def _is_sign(text: str, tight: bool) -> bool:
    folded = text.casefold()
    return folded in currencies.by_sign() and (tight or folded not in currencies.TIGHT)


def _between(body: str) -> Decimal | None:
    match = _BETWEEN.fullmatch(body)
    if match is None or currencies.key(match["sign"]) not in currencies.by_sign():
        return None
    if match["unit"] is None and (match["sign"].isalpha() or " " in body[len(match["whole"]) :]):
        return None
    if match["unit"] is not None and (
        match["unit"].casefold() not in currencies.MINOR_UNITS or currencies.key(match["sign"]) in currencies.TIGHT
    ):
        return None
    # The currency shows where decimals begin: every sign before it groups.
    whole = _read(match["whole"], frozenset(), "none")
    minor = match["minor"] or match["counted"]
    return None if whole is None or whole % 1 else Decimal(f"{whole}.{minor.zfill(2)}")


def _closed(body: str, codes: Codes, decimal_sign: DecimalSign) -> Decimal | None:
    """The amount without what closes it; `1.234,-` shows its decimal sign there."""
    closing = _CLOSING.search(body)
    if closing is None:
        return _read(body, codes, decimal_sign)
    shown = closing[0].strip()[0]
    return _read(body[: closing.start()], codes, "," if shown == "," else "." if shown == "." else "none")


def _read(body: str, codes: Codes, decimal_sign: DecimalSign) -> Decimal | None:
    if not _FULL.fullmatch(body):
        return None
    number = body[:-1] if body.endswith((".", ",")) else body
    lone = re.fullmatch(r"(\d{1,3})([.,])(\d{3})", number)
    if lone and not lone[1].startswith("0"):
        return _lone_separator(lone, codes, decimal_sign)
    if lone or re.fullmatch(r"\d*[.,]?\d+", number):
        return Decimal(number.replace(",", "."))
    return _grouped(number)


def _lone_separator(lone: re.Match[str], codes: Codes, decimal_sign: DecimalSign) -> Decimal | None:
    """`1,234` and `1.234`: thousands, thousandths, or `None` in doubt."""
    whole, separator, digits = lone.groups()
    grouping = groups_thousands(separator, codes)
    known = decimal_sign in (".", ",")
    if grouping is None and decimal_sign is not None:
        grouping = separator != decimal_sign
    elif grouping is False and known and separator != decimal_sign and _may_group(separator, codes):
        return None
    if grouping is None:
        return None
    return Decimal(whole + digits) if grouping else Decimal(f"{whole}.{digits}")


def groups_thousands(separator: str, codes: Codes) -> bool | None:
    """Whether the separator before three digits groups them in amounts of all the currencies; `None` in doubt."""
    readings = {_groups(separator, code) for code in codes}
    return readings.pop() if len(readings) == 1 else None


def _may_group(separator: str, codes: Codes) -> bool:
    return any(separator in currencies.separators(code)[0] for code in codes)


def _groups(separator: str, code: str) -> bool | None:
    """Whether the separator before three digits groups them in amounts of the currency; `None` in doubt."""
    digits = currencies.minor_digits(code)
    if digits == 0:
        return True
    groups, decimals = currencies.separators(code)
    if digits == THOUSANDTHS:
        # Dinars are printed with three decimals, in Tunis behind a point as well as behind a comma.
        return False if separator == "." or separator not in groups else None
    return True if separator in groups and separator not in decimals else None


def _grouped(number: str) -> Decimal:
    """The first separator groups; a different one after it marks the decimals."""
    group = re.search(r"\D", number)
    separator = group[0] if group else ","
    return Decimal(number.replace(separator, "").replace(",", "."))
