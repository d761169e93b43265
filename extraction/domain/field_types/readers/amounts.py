"""Amounts and numbers as documents print them, in any separator convention, and never guessed.

A lone separator before exactly three digits (`1,234`) may group thousands or mark decimals (fuel and scales print
three). It is read only where the currency printed beside it decides.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache

from babel.numbers import list_currencies

PLAIN = "plain"  # the format of digits with a point before the decimals
# Everyday signs that neither Unicode nor ISO 4217 knows as currencies.
SIGNS = (
    *(
        "RM",
        "R",
        "Rs",
        "Rp",
        "kr",
        "Fr",
        "SFr",
        "zł",
        "zl",
        "Kč",
        "Kc",
        "Ft",
        "lei",
        "лв",
        "руб",
        "р",
        "TL",
        "Bs",
        "S/",
    ),
    *("Q", "L", "Dh", "Dhs", "KSh", "TSh", "SR", "元", "円", "원", "dong", "Euro", "Euros", "Din", "KM"),
)
DOLLAR_COUNTRIES = ("", "US", "AU", "CA", "NZ", "HK", "NT", "MX", "R", "S", "A", "C")
SYMBOLS = "".join(chr(code) for code in range(0x20A0, 0x20C1)) + "£¥¢฿€"
# Currencies whose printing leaves no second reading of a lone separator before three digits.
COMMA_GROUPS = frozenset(
    (
        *("$", "US$", "A$", "AU$", "C$", "CA$", "NZ$", "HK$", "NT$", "S$", "£", "¥", "₩", "₹", "₱", "฿", "RM", "RS"),
        *("MYR", "USD", "GBP", "AUD", "NZD", "CAD", "SGD", "HKD", "TWD", "INR", "JPY", "KRW", "CNY", "THB", "PHP"),
    )
)
POINT_GROUPS = frozenset({"RP", "IDR", "R$", "BRL", "₺", "TL", "TRY", "KR", "DKK", "VND", "₫", "CLP", "COP", "ARS"})
THOUSANDTHS = frozenset({"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"})

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    r"|\d{1,3}(?:['’ ]\d{3})+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?"
    r"|[.,]\d+)"
)
_FULL = re.compile(rf"(?P<number>{_NUMBER})(?P<dash>[.,](?:-{{1,2}})?)?")
_UNIT = re.compile(r"\s*(?:%|x|kgs?|g|l|ml|pcs?|nos?|units?|pkts?|ea|hrs?)\.?$|^x\s*", re.IGNORECASE)
# A printed amount has at most so many groups of digits; unbounded, a long run of groups takes quadratic time.
_GROUPS = "{1,8}"
# In a line: decimals, groups, or a currency make a run of digits an amount; `12,-` is one too.
_AMOUNT = re.compile(
    r"(?<![\d,'/:#])(?<!\d[-–.])[-(]?"
    rf"(?:\d{{1,3}}(?:[,.'’ ]\d{{3}}){_GROUPS}\s?[.,]\s?\d{{2}}"
    rf"|\d{{1,2}}(?:,\d{{2}}){_GROUPS},\d{{3}}\s?\.\s?\d{{2}}|\d+\s?[.,]\s?\d{{2}}"
    rf"|\d{{1,2}}(?:,\d{{2}}){_GROUPS},\d{{3}}|\d{{1,3}}(?:[,.'’]\d{{3}}){_GROUPS}|\d+[.,]-{{1,2}}|\d+)"
    r"(?:\)|-(?![\w-]))?(?![\d%])(?![.,:/'-]\d)"
)


def parse_money(text: str) -> Decimal | None:
    """The amount, negative for a minus on either side and for brackets; `None` where it is not certain."""
    body, currency = _without_currency(_clean(text).strip("*:= "))
    negative, body = _sign(body)
    if not currency:
        body, currency = _without_currency(body)
        more, body = _sign(body)
        if negative and more:
            return None
        negative = negative or more
    amount = _read(body, currency)
    return amount.copy_negate() if amount and negative else amount


def parse_number(text: str) -> Decimal | None:
    """The number, with or without a unit or per cent sign; `None` where it cannot be read with certainty."""
    negative, body = _sign(_UNIT.sub("", _clean(text)).strip())
    number = _read(body, "")
    return number.copy_negate() if number and negative else number


def find_amounts(text: str) -> list[tuple[int, int]]:
    """Where amounts stand in a line, as (start, end) character offsets, with the minus and without the currency.

    A whole number counts only beside a currency sign. Readings that exclude each other may overlap.
    """
    offsets = []
    for match in _AMOUNT.finditer(text):
        start, end = match.span()
        if text[start] == "(" and text[end - 1] != ")":
            start += 1
        if text[end - 1] == ")" and text[start] != "(":
            end -= 1
        if not text[start:end].strip("-()").isdigit() or _beside_currency(text, start, end):
            offsets.append((start, end))
            # `1 234.50` may be grouped, or a quantity before an amount.
            offsets += [(start + space.end(), end) for space in re.finditer(r" (?=\d)", text[start:end])]
    return offsets


def write_decimal(value: Decimal, places: int) -> str:
    """Plain digits with a point, at least `places` decimals and no zeros beyond them; every digit stays."""
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _clean(text: str) -> str:
    """Digits and signs in ASCII, no spaces around separators (readers of pictures insert them)."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    text = text.translate({ord("−"): "-", ord("–"): "-", ord("—"): "-", ord("٫"): ".", ord("٬"): ",", ord("`"): "'"})
    text = re.sub(r"(?<=\d)\s*([.,'’])\s*(?=\d)", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()


def _sign(body: str) -> tuple[bool, str]:
    """Whether it is negative, and the rest."""
    if body.startswith("(") and body.endswith(")"):
        return True, body[1:-1].strip()
    if body.startswith("-"):
        return True, body[1:].strip()
    if body.endswith("-") and not body.endswith((",-", ".-", "--")):
        return True, body[:-1].strip()
    return False, body.removeprefix("+").strip()


def _without_currency(text: str) -> tuple[str, str]:
    """The text without its currency, and the currency's sign or code in capitals; empty where there is none."""
    leading, trailing = _currency_patterns()
    before = leading.match(text)
    if before:
        text = text[before.end() :]
    after = trailing.search(text)
    if after:
        text = text[: after.start()]
    currency = before or after
    return text.strip(), currency.group(1).upper() if currency else ""


def _beside_currency(text: str, start: int, end: int) -> bool:
    """Whether a currency stands before `start` or after `end`, as a word of its own.

    Looks at a few characters only: a line may hold as many amounts as it has characters.
    """
    signs, longest = _currencies()
    before = text[max(start - longest - 4, 0) : start].removesuffix("-")
    before = before[:-1] if before[-1:].isspace() else before
    before = before.removesuffix(".")
    after = text[end : end + longest + 2]
    after = after[1:] if after[:1].isspace() else after
    return any(
        (before[-size:].casefold() in signs and not before[-size - 1 : -size].isalpha())
        or (after[:size].casefold() in signs and not after[size : size + 1].isalpha())
        for size in range(1, longest + 1)
    )


@cache
def _currencies() -> tuple[frozenset[str], int]:
    """Every sign and code of a currency without regard to case, and the length of the longest."""
    signs = {f"{country}$" for country in DOLLAR_COUNTRIES} | {*SYMBOLS, *list_currencies(), *SIGNS}
    return frozenset(sign.casefold() for sign in signs), max(map(len, signs))


@cache
def _currency_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A currency before an amount and after one, where the text is nothing else."""
    words = sorted({*list_currencies(), *SIGNS}, key=len, reverse=True)
    dollars = rf"(?:{'|'.join(filter(None, DOLLAR_COUNTRIES))})?\$"
    sign = rf"(?i:{dollars}|[{SYMBOLS}]|{'|'.join(re.escape(word) for word in words)})"
    return re.compile(rf"({sign})\.?\s*(?=[-(\d.,])"), re.compile(rf"(?<=[\d)-])\s*({sign})\.?$")


def _read(body: str, currency: str) -> Decimal | None:
    match = _FULL.fullmatch(body)
    if not match:
        return None
    number = match["number"]
    lone = re.fullmatch(r"(\d{1,3})([.,])(\d{3})", number)
    if lone and not lone[1].startswith("0"):
        return _lone_separator(lone, currency)
    if lone or re.fullmatch(r"\d*[.,]?\d+", number):
        return Decimal(number.replace(",", "."))
    return _grouped(number)


def _lone_separator(lone: re.Match[str], currency: str) -> Decimal | None:
    """`1,234` and `1.234`: thousands, thousandths, or `None` in doubt."""
    whole, separator, digits = lone.groups()
    if (separator == "," and currency in COMMA_GROUPS) or (separator == "." and currency in POINT_GROUPS):
        return Decimal(whole + digits)
    if separator == "." and currency in THOUSANDTHS:
        return Decimal(f"{whole}.{digits}")
    return None


def _grouped(number: str) -> Decimal:
    """The first separator groups; a different one after it marks the decimals."""
    group = re.search(r"\D", number)
    separator = group[0] if group else ","
    return Decimal(number.replace(separator, "").replace(",", "."))
