"""Dates and amounts as Unicode's locale data writes them: how many are read, and how many are read wrong."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision, get_territory_currencies

from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.quality import training_cache
from extraction.domain.field_types.readers.amounts import parse_money
from extraction.domain.field_types.readers.candidates import DayOrder
from extraction.domain.field_types.readers.date_forms.month_names import LANGUAGES
from extraction.domain.field_types.readers.dates import read_dates
from extraction.domain.progress import Progress, check

TODAY = datetime.date(2026, 6, 1)
WIDTHS = ("long", "medium", "short")
AMOUNTS = ("12.50", "1234.50", "0.99", "1234567.89", "-12.50", "60000", "7")
RIGHT, DOUBT, UNREAD, WRONG = "right", "in doubt", "not read", "silently wrong"


@dataclass(frozen=True, slots=True)
class Written:
    """A value as a locale writes it, with what the readers make of it; more than one meaning is a doubt."""

    language: str
    kind: str
    text: str
    meant: object
    read: tuple[object, ...]

    @property
    def outcome(self) -> str:
        if self.read == (self.meant,):
            return RIGHT
        if len(self.read) > 1 and self.meant in self.read:
            return DOUBT
        return WRONG if self.read else UNREAD


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {"code": training_cache.code("extraction.domain.field_types"), "languages": list(LANGUAGES)}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    written: list[Written] = []
    for number, language in enumerate(LANGUAGES):
        progress.report(number, len(LANGUAGES), language)
        check(progress)
        written += values_of(language, setting.seed)
    progress.report(len(LANGUAGES), len(LANGUAGES))
    kinds = [*(f"date, {width}" for width in WIDTHS), "money"]
    rows = [_row(kind, written, {kind}) for kind in kinds]
    amiss = [value for value in written if value.outcome != RIGHT]
    examples = tuple(f"{value.language}: {value.text!r} {value.outcome}" for value in amiss[:12])
    return [
        Table(
            f"{len(written)} values as {len(LANGUAGES)} languages write them",
            ("kind", RIGHT, DOUBT, UNREAD, WRONG),
            (*rows, _row("all", written, set(kinds))),
            ("Dates are read with the order of parts that their language's short form has.", *examples),
        )
    ]


def _row(title: str, written: Sequence[Written], kinds: set[str]) -> tuple[Cell, ...]:
    counts = Counter(value.outcome for value in written if value.kind in kinds)
    return title, *(counts[outcome] for outcome in (RIGHT, DOUBT, UNREAD, WRONG))


def values_of(language: str, seed: int) -> Iterator[Written]:
    """Twelve dates in three widths and seven amounts in three currencies."""
    rng, locale = random.Random(f"{language}{seed}"), Locale.parse(language)
    order = _order(locale)
    for month in range(1, 13):
        day = datetime.date(rng.randint(2015, 2026), month, rng.randint(1, 28))
        for width in WIDTHS:
            text = format_date(day, width, locale=locale)
            yield Written(language, f"date, {width}", text, day, read_dates(text, today=TODAY, day_order=order))
    for currency in dict.fromkeys((_currency(language), "USD", "EUR")):
        smallest = Decimal(1).scaleb(-get_currency_precision(currency))
        for printed in AMOUNTS:
            amount = Decimal(printed).quantize(smallest)
            text = format_currency(amount, currency, locale=locale)
            read = parse_money(text)
            yield Written(language, "money", text, amount, () if read is None else (read,))


def _order(locale: Locale) -> DayOrder:
    pattern = locale.date_formats["short"].pattern
    year, month, day = (pattern.find(letter) for letter in "yMd")
    return "ymd" if year < day else "dmy" if day < month else "mdy"


def _currency(language: str) -> str:
    """Tender of the country where most speak the language."""
    country = get_global("likely_subtags").get(language, "en_Latn_US").split("_")[-1]
    return next(iter(get_territory_currencies(country)), "USD")


BENCHMARK = Benchmark("values", "dates and amounts as a hundred languages write them", inputs, run)
