"""Signs of currencies, and how amounts of a currency are printed where it is legal tender.

Source: Unicode CLDR, through Babel: signs by language, tender and languages by country, separators by language of a
country, minor units. Everyday signs that it does not know are listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import list_currencies

from extraction.domain.field_types.readers.characters import fold
from extraction.domain.field_types.readers.date_forms.month_names import LANGUAGES

Codes = frozenset[str]
# "none": amounts have no decimals, and every sign groups.
DecimalSign = Literal[".", ",", "none"] | None

# Everyday signs, and those by which people outside a country name its currency.
SIGNS = {
    "$": "USD AUD CAD NZD HKD SGD TWD MXN",
    "US$": "USD", "AU$": "AUD", "A$": "AUD", "CA$": "CAD", "C$": "CAD NIO", "NZ$": "NZD", "HK$": "HKD",
    "NT$": "TWD", "S$": "SGD", "MX$": "MXN", "MEX$": "MXN", "R$": "BRL", "RD$": "DOP", "J$": "JMD", "TT$": "TTD",
    "N$": "NAD", "B$": "BSD BND", "BDS$": "BBD", "Z$": "ZWL", "CLP$": "CLP", "COL$": "COP", "AR$": "ARS",
    "£": "GBP EGP LBP", "E£": "EGP", "£E": "EGP", "LE": "EGP", "L.E": "EGP", "€": "EUR", "Euro": "EUR",
    "Euros": "EUR", "EURO": "EUR", "ευρώ": "EUR", "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY TWD",
    "圓": "TWD", "CN¥": "CNY", "RMB": "CNY", "원": "KRW", "RM": "MYR", "R": "ZAR", "P": "PHP BWP",
    "Rs": "INR PKR LKR NPR MUR", "₨": "INR PKR LKR NPR MUR", "रु": "INR NPR", "Rp": "IDR",
    "kr": "SEK NOK DKK ISK", "Fr": "CHF", "SFr": "CHF", "Frs": "CHF XOF", "zł": "PLN", "zl": "PLN", "Kč": "CZK",
    "Kc": "CZK", "Ft": "HUF", "lei": "RON MDL", "лв": "BGN", "руб": "RUB", "р": "RUB", "грн": "UAH", "тг": "KZT",
    "ден": "MKD", "дин": "RSD", "Din": "RSD", "KM": "BAM", "сум": "UZS", "TL": "TRY", "Bs": "BOB VES",
    "S/": "PEN", "S/.": "PEN", "Q": "GTQ", "L": "HNL MDL", "₡": "CRC", "B/": "PAB", "₲": "PYG", "Gs": "PYG",
    "Dh": "AED MAD", "Dhs": "AED MAD", "SR": "SAR", "QR": "QAR", "KD": "KWD", "BD": "BHD", "JD": "JOD", "OR": "OMR",
    "K.D": "KWD", "B.D": "BHD", "J.D": "JOD", "R.O": "OMR", "L.D": "LYD", "D.T": "TND",
    "DT": "TND", "DA": "DZD", "NIS": "ILS", "₪": "ILS", "ש״ח": "ILS", "KSh": "KES", "KES": "KES", "TSh": "TZS",
    "USh": "UGX", "₦": "NGN", "GH₵": "GHS", "GHC": "GHS", "Br": "ETB BYN", "FCFA": "XOF XAF", "CFA": "XOF XAF",
    "F CFA": "XOF XAF", "Ar": "MGA", "MK": "MWK", "บาท": "THB", "฿": "THB", "dong": "VND", "đ": "VND", "đồng": "VND",
    "VNĐ": "VND", "৳": "BDT", "Tk": "BDT", "ریال": "IRR", "تومان": "IRR", "ريال": "SAR QAR OMR", "درهم": "AED MAD",
    "جنيه": "EGP", "دينار": "KWD JOD IQD",
}  # fmt: skip
# Signs of a letter or two that are words and measures as well: only directly beside an amount.
TIGHT = frozenset({"p", "k", "s", "f", "l", "q", "r", "or", "da", "ar", "le", "all", "top", "try", "cup", "mop"})
# Per cent of a country's people.
MAJORITY = 50
MINOR_UNITS = frozenset(["коп", "к", "c", "ct", "cts", "cent", "cents", "gr", "gr", "hal", "øre", "öre", "p", "santim"])


@cache
def by_sign() -> dict[str, Codes]:
    """The currencies that a sign, name or code may stand for; signs without case and the dot at their end."""
    found: dict[str, set[str]] = {}
    for code in list_currencies():
        found.setdefault(key(code), set()).add(code)
    for language in LANGUAGES:
        for code, sign in Locale.parse(language).currency_symbols.items():
            if code in _in_use() and not key(sign).isdigit():
                found.setdefault(key(sign), set()).add(code)
    for sign, codes in SIGNS.items():
        found[key(sign)] = set(codes.split())
    return {sign: frozenset(codes) for sign, codes in found.items() if sign and sign != "¤"}


@cache
def codes() -> Codes:
    """The codes of all currencies that are tender today."""
    return _in_use()


def likeliest(sign: str) -> tuple[str, ...]:
    """The currencies that a sign, name or code may stand for, the one that is meant most often first."""
    listed = {key(each): tuple(some.split()) for each, some in SIGNS.items()}
    return listed.get(key(sign)) or tuple(sorted(by_sign().get(key(sign), ())))


@cache
def longest() -> int:
    """Characters of the longest sign."""
    return max(map(len, by_sign()))


def dinars(line: str) -> bool:
    """Whether a folded line names a currency with three decimals, as a word of its own."""
    return bool(_dinars().search(line))


@cache
def _dinars() -> re.Pattern[str]:
    signs = {key(sign) for sign, codes in by_sign().items() if any(minor_digits(code) == 3 for code in codes)} - TIGHT
    spelled = "|".join(re.escape(sign.upper()) for sign in sorted(signs, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{spelled})(?![^\W_])")


def key(sign: str) -> str:
    """A sign as it is looked up."""
    return fold(sign).text.strip().casefold().rstrip(".")


def minor_digits(code: str) -> int:
    """Decimals that are printed of a currency; 0 where its minor unit is out of use (CLDR's digits of cash)."""
    return int(_fractions().get(code, _fractions()["DEFAULT"])[2])


@cache
def separators(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """Signs that group thousands and signs before decimals where the currency is tender."""
    groups, decimals = set(), set()
    for locale in _locales(code):
        signs = locale.number_symbols.get("latn", {})
        groups.add(fold(signs.get("group", ",")).text)
        decimals.add(fold(signs.get("decimal", ".")).text)
    return frozenset(groups), frozenset(decimals)


def _locales(code: str) -> Iterator[Locale]:
    """Languages of the country that issues the currency, else of all in which it is tender today."""
    tenders = get_global("territory_currencies")
    countries = [
        country
        for country, rows in tenders.items()
        if any(name == code and end is None and tender for name, _, end, tender in rows)
    ]
    for country in [country for country in countries if code.startswith(country)] or countries:
        for language in _languages(country):
            try:
                yield Locale.parse(f"{language}_{country}")
            except (UnknownLocaleError, ValueError):
                continue


def _languages(country: str) -> list[str]:
    """Official languages of at least half of the people, else that of most."""
    official = {
        language: facts["population_percent"]
        for language, facts in get_global("territory_languages").get(country, {}).items()
        if facts["official_status"] in ("official", "de_facto_official")
    }
    by_people = sorted(official, key=official.__getitem__, reverse=True)
    return [language for language in by_people if official[language] >= MAJORITY] or by_people[:1]


@cache
def _in_use() -> Codes:
    tenders = get_global("territory_currencies").values()
    return frozenset(code for rows in tenders for code, _, end, tender in rows if end is None and tender)


@cache
def _fractions() -> dict[str, tuple[int, int, int, int]]:
    return dict(get_global("currency_fractions"))
