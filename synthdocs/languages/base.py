"""What a language and a country contribute to a document. A new language is one module with a `LANGUAGE` like these."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from synthdocs.rendering.fonts import Script


@dataclass(frozen=True, slots=True)
class Ware:
    """Something sold. `low` and `high` bound its price in whole units of a currency near the euro."""

    name: str
    low: float
    high: float
    reduced: bool = False


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of business. In `names`, `{last}` is a family name, `{first}` a given name, `{city}` a city."""

    names: tuple[str, ...]
    wares: tuple[Ware, ...]
    table: bool = False


def wares(table: str) -> tuple[Ware, ...]:
    """From lines `name | low | high`, with `| reduced` for what is taxed at the reduced rate."""
    rows = ([part.strip() for part in line.split("|")] for line in table.strip().splitlines())
    return tuple(Ware(name, float(low), float(high), bool(reduced)) for name, low, high, *reduced in rows)


def listed(text: str) -> tuple[str, ...]:
    """From words with commas between them."""
    return tuple(part.strip() for part in text.split(","))


def variants(text: str) -> tuple[str, ...]:
    """From words that mean the same, with bars between them; nothing behind the last bar is a variant too."""
    return tuple(part.strip() for part in text.split("|"))


def cities(table: str) -> tuple[City, ...]:
    """From `name | postal code | region; …`."""
    return tuple(City(*(part.strip() for part in row.split("|"))) for row in table.split(";"))


@dataclass(frozen=True, slots=True)
class Wording:
    """The printed words of a language; each entry lists variants that mean the same."""

    receipt: tuple[str, ...]
    invoice: tuple[str, ...]
    receipt_number: tuple[str, ...]
    invoice_number: tuple[str, ...]
    order_number: tuple[str, ...]
    customer_number: tuple[str, ...]
    date: tuple[str, ...]
    invoice_date: tuple[str, ...]
    due_date: tuple[str, ...]
    delivery_date: tuple[str, ...]
    time: tuple[str, ...]
    cashier: tuple[str, ...]
    till: tuple[str, ...]
    table: tuple[str, ...]
    guests: tuple[str, ...]
    item: tuple[str, ...]
    quantity: tuple[str, ...]
    price: tuple[str, ...]
    amount: tuple[str, ...]
    item_count: tuple[str, ...]
    subtotal: tuple[str, ...]
    total: tuple[str, ...]
    invoice_total: tuple[str, ...]
    discount: tuple[str, ...]
    service: tuple[str, ...]
    net: tuple[str, ...]
    gross: tuple[str, ...]
    includes: tuple[str, ...]
    rounding: tuple[str, ...]
    cash: tuple[str, ...]
    change: tuple[str, ...]
    card: tuple[str, ...]
    approved: tuple[str, ...]
    phone: tuple[str, ...]
    bill_to: tuple[str, ...]
    ship_to: tuple[str, ...]
    terms: tuple[str, ...]
    bank: tuple[str, ...]
    thanks: tuple[str, ...]
    small_print: tuple[str, ...]
    letter: tuple[str, ...]
    paid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """How a country writes amounts. `signs` may be empty; `after` puts the sign behind the number."""

    signs: tuple[str, ...]
    point: str = "."
    thousands: str = ","
    after: bool = False
    decimals: int = 2

    @property
    def unit(self) -> Decimal:
        """The smallest amount."""
        return Decimal(1).scaleb(-self.decimals)

    def format(self, amount: Decimal) -> str:
        """With the country's number of decimals, without a sign of currency."""
        text = f"{amount:,.{self.decimals}f}"
        return text.translate({ord(","): self.thousands, ord("."): self.point})


@dataclass(frozen=True, slots=True)
class City:
    """`code` is a postal code; `#` stands for a digit, `@` for a letter."""

    name: str
    code: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Market:
    """A country's conventions.

    `dates` are format strings of d, dd, m, mm, mon, month, yy, yyyy, and of Japan's era with its year. `rates` are tax
    rates in per cent: the usual one, then the reduced one. `inclusive` prices hold their tax. `suffixes` are legal
    forms; where one stands before the name or touches it, `{name}` says so. Prices are multiples of `price_step` where
    it is given. Cash totals are rounded to `cash_step`; `notes` are what people round up to when they pay. `scale`
    turns the prices of a `Ware` into this currency. `surnames` and `given_names` stand in where faker knows none of the
    country. `comma` stands between the lines of an address that is printed in one.
    """

    code: str
    faker: str
    money: Money
    dates: tuple[str, ...]
    times: tuple[str, ...]
    tax: tuple[str, ...]
    rates: tuple[Decimal, ...]
    inclusive: bool
    suffixes: tuple[str, ...]
    streets: tuple[str, ...]
    address: tuple[tuple[str, ...], ...]
    cities: tuple[City, ...]
    phone: tuple[str, ...]
    tax_number: tuple[str, ...]
    cash_step: Decimal = Decimal("0.01")
    scale: float = 1.0
    weight: int = 1
    surnames: tuple[str, ...] = ()
    given_names: tuple[str, ...] = ()
    comma: str = ", "
    price_step: Decimal | None = None
    notes: tuple[int, ...] = (5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Language:
    """Words, trades and the markets where they are used.

    `script` chooses the typefaces that hold its letters. `person` is the order of a person's names. `bare_capitals`:
    whether capitals are printed without the accents of small letters.
    """

    code: str
    wording: Wording
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    shops: tuple[Trade, ...]
    restaurants: tuple[Trade, ...]
    suppliers: tuple[Trade, ...]
    markets: tuple[Market, ...]
    script: Script = "latin"
    person: str = "{first} {last}"
    bare_capitals: bool = False

    def capitals(self, text: str) -> str:
        if not self.bare_capitals:
            return text.upper()
        letters = (char for char in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(char))
        return unicodedata.normalize("NFC", "".join(letters))

    def date(self, day: datetime.date, pattern: str) -> str:
        return pattern.format(
            d=day.day,
            dd=f"{day.day:02}",
            m=day.month,
            mm=f"{day.month:02}",
            mon=self.short_months[day.month - 1],
            month=self.months[day.month - 1],
            yy=f"{day.year % 100:02}",
            yyyy=day.year,
            era=_of_era(day),
        )


def _of_era(day: datetime.date) -> str:
    """The era and its year, whose first one has a name of its own."""
    era, first = ("令和", 2019) if day >= datetime.date(2019, 5, 1) else ("平成", 1989)
    year = day.year - first + 1
    return era + ("元" if year == 1 else str(year))
