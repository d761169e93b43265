"""An item's texts, each with the field of its row that it is the truth of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthdocs.content.content import Content
from synthdocs.content.rows import Align, Cell, Owner, RowField, text
from synthdocs.content.totals import Item

Run = tuple[str, Owner]


@dataclass(frozen=True, slots=True)
class Texts:
    """`detail` is the second line of the description; `amount` holds the sign of currency where items have one."""

    description: Run
    detail: Run
    quantity: Run
    price: Run
    amount: tuple[Run, ...]

    def amount_cell(self, letter: str = "") -> Cell:
        """At the right edge; `letter` tells the rate of tax."""
        return Cell((*self.amount, (letter, "")), "right", 1.0)

    def product(self, sign: str) -> tuple[Run, ...]:
        """Quantity and price, with the sign between them."""
        return (self.quantity, (sign, ""), self.price)


def texts(content: Content, row: int, item: Item) -> Texts:
    return Texts(
        (content.case(item.name), RowField(row, "description")),
        (content.case(item.detail), RowField(row, "description")),
        (str(item.quantity), RowField(row, "quantity")),
        (content.amount(item.price), RowField(row, "unit_price")),
        content.money(item.amount, signed=content.sign_on_items, owner=RowField(row, "amount")).runs,
    )


def cell(run: Run, align: Align = "left", at: float | None = None, *, width: float = 1.0, wrap: bool = False) -> Cell:
    """A cell of one such text."""
    return text(run[0], align, at, owner=run[1], width=width, wrap=wrap)


def joined(*runs: Run) -> tuple[Run, ...]:
    """The texts that say something, with spaces between them."""
    said: Sequence[Run] = [run for run in runs if run[0]]
    return tuple(part for run in said for part in ((" ", ""), run))[1:]
