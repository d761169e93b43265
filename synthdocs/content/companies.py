"""Invented companies and people, named and addressed as their country does it."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from functools import cache
from random import Random

from faker import Faker

from synthdocs.languages.base import City, Language, Market, Trade

SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "đ": "d", "ł": "l"}
ENDINGS = {
    "US": "com",
    "GB": "co.uk",
    "AU": "com.au",
    "MY": "com.my",
    "BR": "com.br",
    "ID": "co.id",
    "JP": "co.jp",
    "VN": "com.vn",
}


@dataclass(frozen=True, slots=True)
class Company:
    """`address` is a list of printed lines."""

    name: str
    address: tuple[str, ...]
    phone: str
    tax_number: str
    site: str


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale, providers=["faker.providers.person"])


class People:
    """Names of people of a market, drawn with `rng`."""

    def __init__(self, rng: Random, market: Market) -> None:
        self._rng, self._surnames, self._given_names = rng, market.surnames, market.given_names
        self._faker = _faker(market.faker)
        self._faker.seed_instance(rng.getrandbits(32))

    def last(self) -> str:
        return self._rng.choice(self._surnames) if self._surnames else str(self._faker.last_name())

    def first(self) -> str:
        return self._rng.choice(self._given_names) if self._given_names else str(self._faker.first_name())


def fill(rng: Random, pattern: str) -> str:
    """`#` becomes a digit, `@` a capital letter."""
    replacements = {"#": string.digits, "@": "ABCDEFGHJKLMNPRSTUVWXY"}
    return "".join(rng.choice(replacements[char]) if char in replacements else char for char in pattern)


def company(rng: Random, market: Market, trade: Trade, people: People) -> Company:
    city = rng.choice(market.cities)
    name = rng.choice(trade.names)
    while "{last}" in name:
        name = name.replace("{last}", people.last(), 1)
    name = name.replace("{first}", people.first()).replace("{city}", city.name.split()[0])
    suffix = rng.choice(market.suffixes)
    full = suffix.format(name=name) if "{name}" in suffix else f"{name} {suffix}".strip()
    tax_number = fill(rng, rng.choice(market.tax_number)).replace("{n}", "")
    return Company(
        full, address(rng, market, city), fill(rng, rng.choice(market.phone)), tax_number, _site(name, market)
    )


def address(rng: Random, market: Market, city: City | None = None) -> tuple[str, ...]:
    """Street, town and what else the country writes, a printed line each."""
    city = city or rng.choice(market.cities)
    parts = {
        "number": str(rng.choice((rng.randint(1, 99), rng.randint(1, 240)))),
        "unit": str(rng.randint(1, 40)),
        "street": rng.choice(market.streets),
        "city": city.name,
        "code": fill(rng, city.code),
        "region": city.region,
    }
    return tuple(row.format(**parts) for row in rng.choice(market.address))


def customer(rng: Random, language: Language, market: Market, people: People) -> tuple[str, ...]:
    """Name and address of somebody who gets an invoice."""
    if rng.random() < 0.5:
        return (_person(language, people), *address(rng, market))
    buyer = company(rng, market, rng.choice((*language.suppliers, *language.shops)), people)
    return (buyer.name, *([_person(language, people)] if rng.random() < 0.4 else []), *buyer.address)


def _person(language: Language, people: People) -> str:
    first, last = people.first(), people.last()
    return language.person.format(first=first, last=last)


def _site(name: str, market: Market) -> str:
    """Address of its web site; none for a name without Latin letters."""
    plain = name.lower().translate({ord(char): spelt for char, spelt in SPELT.items()})
    letters = "".join(char for char in unicodedata.normalize("NFD", plain) if char in string.ascii_lowercase)[:18]
    return f"www.{letters}.{ENDINGS.get(market.code, market.code.lower())}" if letters else ""
