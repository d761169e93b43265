"""The cells of a row: quantity and price, which multiply to the amount or are printed as such, and the name."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extraction.domain.line_items.arithmetic import ROUNDING
from extraction.engines.teacher.rules.lines import COLUMN
from extraction.engines.teacher.rules.tables.bands import Band
from extraction.engines.teacher.rules.tables.lines import Line, Number
from extraction.engines.teacher.rules.tables.words import article, described, measure, text_of

# Columns of different lines whose edges are no farther apart, in shares of the page's width, are one.
SAME_COLUMN = 0.025
# The largest number that counts pieces, the largest behind a name, and numbers of a line that are looked at.
MOST_PIECES, MOST_BEHIND, MOST_NUMBERS = 999, 12, 8
# A price without decimals is hardly less.
LEAST_WHOLE_PRICE = Decimal(10)
# The least share of a price that is left without tax, and by a discount.
LEAST_NET, LEAST_OF_PRICE = Decimal("0.8"), Decimal("0.5")
_BETWEEN = re.compile(r"[xX×@*]|\b(?:pcs?|ea|kg|nos?|units?)\b\.?", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_BEHIND_NAME = re.compile(r"[xX×*]\s?$")


@dataclass(frozen=True, slots=True)
class Cells:
    """A row. `certain`: quantity and price multiply to the amount, so that they are what they seem."""

    description: str | None
    quantity: Number | None
    unit_price: Number | None
    amount: Number
    certain: bool


@dataclass(frozen=True, slots=True)
class _Product:
    quantity: Number | None = None
    price: Number | None = None
    certain: bool = False


def cells(found: Sequence[Band], counts_first: bool) -> list[Cells]:
    """The cells of all rows: what one row leaves open, the columns of the others tell.

    `counts_first`: the head says that numbers before the names count pieces.
    """
    products = _by_columns(found, [_product(band) for band in found])
    products = _counted(found, products, counts_first)
    return [_row(band, product) for band, product in zip(found, products, strict=True)]


def _row(band: Band, product: _Product) -> Cells:
    taken = [number for number in (product.quantity, product.price) if number]
    texts = []
    for line in band.lines:
        name = text_of(line, tuple(number for number in taken if number in line.numbers))
        if line is band.anchor or (name and not article(name)):
            texts.append(name)
        elif measure(line.text):
            texts.append(line.text.strip())
    return Cells(described(texts), product.quantity, product.price, band.amount, product.certain)


def _product(band: Band) -> _Product:
    """Two numbers of a line that multiply to the row's amount: those that stand closest, rather right than left."""
    amount = band.amount
    for line in _anchor_first(band):
        for a, b in _pairs(line, amount):
            if _multiplies(a, b, amount):
                return _Product(a, _before_tax(line, a, b), certain=True)
            if a.value != b.value and _multiplies(b, a, amount):
                return _Product(b, a, certain=True)
    for line in _anchor_first(band):
        for a, b in _pairs(line, amount):
            between = line.text[a.end : b.start]
            if _nearly(a, b, amount) and not _BETWEEN.sub("", between).strip():
                return _Product(a, b)
            if (
                b.money
                and not a.money
                and re.fullmatch(r"\s*[xX×@*]\s*\S{0,3}\s*", between)
                and 0 < a.value <= MOST_PIECES
            ):
                return _Product(a, b)
    return _Product(price=_alone(band))


def _before_tax(line: Line, quantity: Number, price: Number) -> Number:
    """Of two prices the one beside the quantity, where the other is the same with tax."""
    between = [number for number in line.numbers if quantity.end <= number.start < price.start and number.money]
    return between[0] if len(between) == 1 and LEAST_NET * price.value <= between[0].value <= price.value else price


def _nearly(quantity: Number, price: Number, amount: Number) -> bool:
    """Whether a tax or a discount may be all that is between their product and the amount."""
    if quantity.money or not price.money or not 0 < quantity.value <= MOST_PIECES or price.value <= 0:
        return False
    return LEAST_OF_PRICE <= amount.value / (quantity.value * price.value) <= 1 / LEAST_NET


def _alone(band: Band) -> Number | None:
    """A price whose quantity was not read: the amount is a multiple of it."""
    amount = band.amount
    others = [number for number in band.anchor.numbers if number.money and number is not amount and number.value > 0]
    if len(others) != 1:
        return None
    times = amount.value / others[0].value
    return others[0] if times == int(times) and 1 <= times <= MOST_PIECES else None


def _anchor_first(band: Band) -> Iterator[Line]:
    yield band.anchor
    yield from (line for line in band.lines if line is not band.anchor)


def _pairs(line: Line, amount: Number) -> list[tuple[Number, Number]]:
    """The closest first, and of these the last."""
    numbers = [number for number in line.numbers if number is not amount][-MOST_NUMBERS:]
    places = [(i, j) for j in range(len(numbers)) for i in range(j)]
    return [(numbers[i], numbers[j]) for i, j in sorted(places, key=lambda pair: (pair[1] - pair[0], -pair[1]))]


def _multiplies(quantity: Number, price: Number, amount: Number) -> bool:
    """Whether they do, and the first may count pieces or weigh them."""
    if not 0 < quantity.value <= MOST_PIECES or quantity.text.startswith("-"):
        return False
    # Where prices have no decimals, the larger number is the price.
    if not price.money and (quantity.money or price.value < max(quantity.value, LEAST_WHOLE_PRICE)):
        return False
    return abs(quantity.value * price.value - amount.value) <= ROUNDING * max(quantity.value, Decimal(1)) / 2


def _by_columns(found: Sequence[Band], products: Sequence[_Product]) -> list[_Product]:
    """What stands in the columns of quantities and prices of the rows that are certain."""
    known = [product for product in products if product.certain]
    on_line = [
        product
        for band, product in zip(found, products, strict=True)
        if product.certain and product.price in band.anchor.numbers
    ]
    if len(on_line) * 2 <= len(found) or not known:
        return list(products)
    at_quantity = statistics.median(product.quantity.box.x1 for product in on_line if product.quantity)
    at_price = statistics.median(product.price.box.x1 for product in on_line if product.price)
    filled = []
    for band, product in zip(found, products, strict=True):
        if product.price is None:
            others = [number for number in band.anchor.numbers if number is not band.amount]
            quantity, price = _near(others, at_quantity), _near([n for n in others if n.money], at_price)
            product = _Product(quantity, price) if price and quantity is not price else product
        filled.append(product)
    return filled


def _near(numbers: Sequence[Number], at: float) -> Number | None:
    found = [number for number in numbers if abs(number.box.x1 - at) < SAME_COLUMN]
    return min(found, key=lambda number: abs(number.box.x1 - at), default=None)


def _counted(found: Sequence[Band], products: Sequence[_Product], counts_first: bool) -> list[_Product]:
    """Quantities without prices: `2 x Tea`, `Tea x2`, and a column of numbers before the names."""
    marked = [_marked(band) for band in found]
    plain = [_alone_in_column(band) or _leading(band) for band in found]
    open_ = [place for place, product in enumerate(products) if product.quantity is None]
    numbered = [number.value for number in plain if number] == [Decimal(n + 1) for n in range(len(found))]
    numbers_rows = numbered and len(found) > 2
    most = sum(plain[place] is not None for place in open_) * 3 >= 2 * len(open_)
    column = counts_first or (most and not numbers_rows)
    filled = list(products)
    for place in open_:
        number = marked[place] or (plain[place] if column else None)
        filled[place] = replace(products[place], quantity=number) if number else products[place]
    return filled


def _marked(band: Band) -> Number | None:
    """A number that a sign says is one of pieces."""
    line = band.anchor
    for number in (number for number in line.numbers if number is not band.amount and not number.money):
        before, behind = line.text[: number.start], line.text[number.end :]
        if not before.strip() and re.match(r"\s?[xX×*](?:\s|\s?[^\W\d_])", behind):
            return number
        behind_name = _BEHIND_NAME.search(before) and len(before.strip()) > 2 and re.match(r"\s|$", behind)
        if behind_name and number.value <= MOST_BEHIND:
            return number
    return None


def _alone_in_column(band: Band) -> Number | None:
    """A whole number with white space on both sides, between name and amount."""
    line = band.anchor
    for number in (number for number in line.numbers if number is not band.amount):
        before, behind = line.text[: number.start], line.text[number.end :]
        if not number.money and before.endswith(COLUMN) and _LETTER.search(before) and behind.startswith(COLUMN):
            return number
    return None


def _leading(band: Band) -> Number | None:
    """A whole number before the name."""
    line = band.anchor
    first = line.numbers[0] if line.numbers else None
    if first is None or first is band.amount or first.money or line.text[: first.start].strip():
        return None
    follows = re.match(r"\s+[^\W\d_]", line.text[first.end :])
    return first if follows and 0 < first.value <= MOST_PIECES else None
