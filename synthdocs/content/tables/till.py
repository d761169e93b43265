"""Items on till rolls in every manner: names above, beside and below their amounts, with quantities or without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from synthdocs.content.content import Content
from synthdocs.content.rows import Cell, Row, Rule, line, text
from synthdocs.content.tables.texts import Texts, cell, joined, texts
from synthdocs.content.totals import Item

SIGNS = (" x ", " x ", " X ", " @ ", "x", " * ")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a house prints items. `sign` stands between quantity and price; `always`: a quantity of one is printed too;
    `numbered`: rows have numbers."""

    sign: str
    always: bool
    numbered: bool
    letters: bool
    indent: float

    @classmethod
    def chosen(cls, rng: Random) -> Manner:
        return cls(
            rng.choice(SIGNS),
            rng.random() < 0.5,
            rng.random() < 0.15,
            rng.random() < 0.3,
            rng.choice((0.0, 0.06, 0.12)),
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """One item to print."""

    item: Item
    texts: Texts
    manner: Manner
    head: str

    @property
    def amount(self) -> Cell:
        return self.texts.amount_cell(" " + "AB"[self.item.rate] if self.manner.letters else "")

    @property
    def counted(self) -> bool:
        return self.manner.always or self.item.quantity > 1

    def name(self, *, detail: bool = True, width: float = 1.0, wrap: bool = False) -> Cell:
        own = (self.texts.description, self.texts.detail) if detail else (self.texts.description,)
        return Cell(joined((self.head, ""), *own), width=width, wrap=wrap)

    def product(self, at: float | None = None) -> Cell:
        return Cell(self.texts.product(self.manner.sign), "left", self.manner.indent if at is None else at)


def till(content: Content) -> list[Row]:
    """The rows of all items, in one manner."""
    rng = content.rng
    manner, (heads, layout) = Manner.chosen(rng), rng.choice(LAYOUTS)
    rows = heads(content) if heads else []
    for number, item in enumerate(content.purchase.items):
        head = f"{number + 1}." if manner.numbered and not heads else ""
        printed = Printed(item, texts(content, number, item), manner, head)
        rows += _bare(printed) if item.bare and not heads else layout(printed)
    if rng.random() < 0.25:
        count = sum(item.quantity for item in content.purchase.items if not item.bare)
        rows.append(line(text(f"{content.say(*content.language.wording.item_count)}: {count}")))
    return rows


def _bare(printed: Printed) -> list[Row]:
    return [line(printed.name(width=0.68), printed.amount)]


def _product_below(printed: Printed) -> list[Row]:
    """The name, its further line, quantity and price: the amount beside the last of them."""
    cells = [printed.name(detail=False, width=0.68)]
    cells += [cell(printed.texts.detail, at=printed.manner.indent)] if printed.texts.detail[0] else []
    cells += [printed.product()] if printed.counted else []
    return [*(line(one) for one in cells[:-1]), line(cells[-1], printed.amount)]


def _product_above(printed: Printed) -> list[Row]:
    """Quantity, price and amount, then the name."""
    rows: list[Row] = [line(printed.product(0.0), printed.amount), line(printed.name(detail=False))]
    return [*rows, line(cell(printed.texts.detail))] if printed.texts.detail[0] else rows


def _amount_first(printed: Printed) -> list[Row]:
    """Name and amount; below, what else there is."""
    rows: list[Row] = [line(printed.name(detail=False, width=0.7), printed.amount)]
    if printed.texts.detail[0]:
        rows.append(line(cell(printed.texts.detail, at=printed.manner.indent)))
    return [*rows, line(printed.product())] if printed.counted else rows


def _wrapped(printed: Printed) -> list[Row]:
    """A narrow column of names, the amount beside its first line."""
    quantity = (cell(printed.texts.quantity),) if printed.manner.always else ()
    at = 0.1 if quantity else 0.0
    name = Cell(joined(printed.texts.description, printed.texts.detail), "left", at, 0.4, wrap=True)
    return [line(*quantity, name, printed.amount)]


def _quantity_behind(printed: Printed) -> list[Row]:
    """The quantity behind the name, no price of one."""
    runs = joined(printed.texts.description, printed.texts.detail)
    times = ((" x", ""), printed.texts.quantity) if printed.counted else ()
    return [line(Cell((*runs, *times), width=0.7), printed.amount)]


def _quantity_before(printed: Printed) -> list[Row]:
    runs = joined(printed.texts.quantity if printed.counted else ("", ""), printed.texts.description)
    rows: list[Row] = [line(Cell(runs, width=0.7), printed.amount)]
    return [*rows, line(cell(printed.texts.detail, at=0.1))] if printed.texts.detail[0] else rows


def _plain(printed: Printed) -> list[Row]:
    """No quantities at all."""
    return [line(printed.name(width=0.7), printed.amount)]


def _coded(printed: Printed) -> list[Row]:
    """The article's number on a line of its own, above or below the name."""
    rows: list[Row] = [line(text(printed.item.code)), line(printed.name())]
    if printed.manner.always:
        rows.reverse()
    return [*rows, line(printed.product(0.3), printed.amount)]


def _in_columns(printed: Printed) -> list[Row]:
    name = Cell(joined(printed.texts.description, printed.texts.detail), width=0.42)
    if printed.item.bare:
        return [line(name, printed.amount)]
    quantity, price = cell(printed.texts.quantity, "right", 0.54), cell(printed.texts.price, "right", 0.77)
    return [line(name, quantity, price, printed.amount)]


def _over_columns(printed: Printed) -> list[Row]:
    """The name on a line of its own over the columns of numbers."""
    if printed.item.bare:
        return [line(printed.name(width=0.7), printed.amount)]
    quantity, price = cell(printed.texts.quantity, "right", 0.3), cell(printed.texts.price, "right", 0.62)
    return [line(printed.name()), line(quantity, price, printed.amount)]


def _heads(content: Content) -> list[Row]:
    words = content.language.wording
    said = [content.say(*each) for each in (words.item, words.quantity, words.price, words.amount)]
    places = ((0.54, 0.18), (0.77, 0.22), (1.0, 0.22))
    cells = [text(word, "right", at, width=width) for word, (at, width) in zip(said[1:], places, strict=True)]
    return [line(text(said[0], width=0.34), *cells), Rule("-")]


LAYOUTS: tuple[tuple[Callable[[Content], list[Row]] | None, Callable[[Printed], list[Row]]], ...] = (
    (None, _product_below),
    (None, _product_above),
    (None, _amount_first),
    (None, _wrapped),
    (None, _quantity_behind),
    (None, _quantity_before),
    (None, _plain),
    (None, _coded),
    (_heads, _in_columns),
    (_heads, _over_columns),
)
