"""What pages print beside the fields that were asked for: amounts, their currency, numbers, names at the head."""

from __future__ import annotations

import datetime
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from extraction.domain.alignment import candidates
from extraction.domain.auditing.values import AmountKind, Candidate, PrintedAmount, Reading
from extraction.domain.field_types import Conventions
from extraction.domain.field_types.readers import currencies
from extraction.domain.field_types.readers.amounts import codes_beside, find_amounts, parse_money
from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.pages import Page, PageBox, Span

# Tells what an amount is by its label.
LabelKind = Callable[[str], AmountKind]
# Printed amounts that are kept of a document.
MOST = 120
# Hashes of a sketch: two sketches agree in about as large a share of them as the documents do of their numbers.
HASHES = 32
# Numbers that tell documents apart; shorter ones, such as quantities, are on all of them.
TELLING = re.compile(r"\d\D*\d\D*\d")
FEWEST_NUMBERS = 4
HEAD = 6
# What letters behind an amount and signs that are nothing else weigh, by letters before it, and what speaks for none of
# the currencies that were found.
BEHIND, SURE, NO_CURRENCY = 0.25, 10.0, 0.5
# Malaysian companies end in the code of Bahrain's dinar.
COMPANY = re.compile(r"\bsdn\W*bhd\b", re.IGNORECASE)
SIGN = re.compile(r"[$£¥\u20a0-\u20cf]|(?<![^\W\d_])[A-Z]{3}(?![^\W\d_])")
MOST_CURRENCIES = 8
LETTERS = re.compile(r"[^\W\d_]{2,}")
_DRAWN = np.random.default_rng(20261130)
_FACTORS = _DRAWN.integers(1, 2**31 - 1, HASHES, dtype=np.uint64)
_SHIFTS = _DRAWN.integers(0, 2**31 - 1, HASHES, dtype=np.uint64)
_PRIME = np.uint64(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an amount stands: its value and what is printed left and right of it on its line."""

    span: Span
    value: Decimal
    before: str
    after: str

    @property
    def label(self) -> str:
        """The words left of it; where there are none, those right of it too."""
        return self.before if LETTERS.search(self.before) else f"{self.before} {self.after}"


def places(pages: Sequence[Page], conventions: Conventions) -> list[Place]:
    """Every amount of the pages, once for each place, in reading order; at most `MOST`."""
    found = []
    for number, page in enumerate(pages):
        lines = {page.words[line[0]].line: line for line in page.lines}
        for span in candidates(find_amounts, page):
            span = replace(span, page=number)
            value = parse_money(span.text(pages), decimal_sign=conventions.decimal_sign)
            if value is not None:
                found.append(_place(page, span, value, lines[page.words[span.first].line]))
    return found[:MOST]


def _place(page: Page, span: Span, value: Decimal, line: Sequence[int]) -> Place:
    left = [page.words[index].text for index in line if index < span.first]
    right = [page.words[index].text for index in line if index > span.last]
    before = " ".join([*left, page.words[span.first].text[: span.start]])
    cut = "" if span.end is None else page.words[span.last].text[span.end :]
    return Place(span, value, before, " ".join([cut, *right]))


def days(pages: Sequence[Page], meanings: Callable[[str], Iterable[datetime.date]]) -> tuple[datetime.date, ...]:
    """The days that are printed, each once, in reading order; at most `MOST`. `meanings` are those of a text."""
    texts = (span.text([page]) for page in pages for span in candidates(find_dates, page))
    return tuple(dict.fromkeys(day for text in texts for day in meanings(text)))[:MOST]


def amounts(found: Iterable[Place], pages: Sequence[Page], label_kind: LabelKind) -> list[PrintedAmount]:
    """The amounts of these places with their kinds."""
    return [
        PrintedAmount(
            place.value,
            label_kind(place.label),
            tuple(PageBox(place.span.page, box) for box in place.span.boxes(pages)),
        )
        for place in found
    ]


def currency(found: Iterable[Place]) -> Reading[str] | None:
    """The currency that stands beside the amounts; `None` where none does.

    Letters beside an amount may be no currency, such as codes of taxes; signs and codes of three letters weigh more.
    Of a sign that several currencies share the one that it is used for most often is the best candidate.
    """
    weights: dict[str, float] = defaultdict(float)
    for place in found:
        text = f"{COMPANY.sub(' ', place.before)}0"
        codes, weight = codes_beside(text, len(text) - 1, len(text)) & currencies.codes(), 1.0
        if not codes:
            codes, weight = codes_beside(f"0{place.after}", 0, 1) & currencies.codes(), BEHIND
        if SIGN.search(f"{place.before[-4:]} {place.after[:4]}"):
            weight = SURE
        for code in codes:
            weights[code] += weight / len(codes) ** 2
    if not weights:
        return None
    usual = {code: rank for rank, code in enumerate(currencies.SIGNS["$"].split())}
    ranked = sorted(weights, key=lambda code: (-weights[code], usual.get(code, len(usual)), code))
    total = sum(weights.values()) + NO_CURRENCY
    first, *others = [Candidate(code, weights[code] / total) for code in ranked[:MOST_CURRENCIES]]
    return Reading(first, tuple(others))


def sketch(pages: Iterable[Page]) -> tuple[int, ...]:
    """A min-hash (Broder 1997) of the numbers of three digits and more that are printed; empty for fewer than
    `FEWEST_NUMBERS` of them."""
    words = {re.sub(r"\D", "", word.text) for page in pages for word in page.words if TELLING.search(word.text)}
    if len(words) < FEWEST_NUMBERS:
        return ()
    codes = np.array([zlib.crc32(word.encode()) & 0x7FFFFFFF for word in sorted(words)], dtype=np.uint64)
    hashed = (codes[:, None] * _FACTORS[None, :] + _SHIFTS[None, :]) % _PRIME
    return tuple(int(least) for least in hashed.min(axis=0))


def names(pages: Sequence[Page]) -> tuple[str, ...]:
    """The first lines with letters of the first page."""
    lines = (line.strip() for page in pages[:1] for line in page.text.splitlines())
    return tuple([line[:80] for line in lines if LETTERS.search(line)][:HEAD])
