"""Items on invoices in every manner: goods in columns of several orders, services, tables over two pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from synthdocs.content.content import Content
from synthdocs.content.rows import Align, Break, Cell, Gap, Line, Row, Rule, line, text
from synthdocs.content.tables.texts import Run, Texts, cell, joined, texts
from synthdocs.content.totals import Item

# Printed lines of items on the first page, and on each further one.
ON_FIRST, ON_NEXT = 10, 30


@dataclass(frozen=True, slots=True)
class Column:
    """`at` is its left or right edge, as a share of the printable width."""

    align: Align
    at: float
    width: float


Columns = Mapping[str, Column]
LAYOUTS: tuple[Columns, ...] = (
    {
        "number": Column("left", 0.0, 0.05),
        "item": Column("left", 0.06, 0.4),
        "quantity": Column("right", 0.58, 0.11),
        "price": Column("right", 0.74, 0.14),
        "tax": Column("right", 0.84, 0.08),
        "amount": Column("right", 1.0, 0.15),
    },
    {
        "quantity": Column("left", 0.0, 0.09),
        "item": Column("left", 0.1, 0.5),
        "price": Column("right", 0.82, 0.18),
        "amount": Column("right", 1.0, 0.17),
    },
    {
        "item": Column("left", 0.0, 0.42),
        "price": Column("right", 0.62, 0.18),
        "quantity": Column("right", 0.76, 0.12),
        "amount": Column("right", 1.0, 0.2),
    },
    {"item": Column("left", 0.0, 0.62), "amount": Column("right", 1.0, 0.3)},
    {
        "code": Column("left", 0.0, 0.13),
        "item": Column("left", 0.14, 0.42),
        "quantity": Column("right", 0.66, 0.09),
        "amount": Column("right", 1.0, 0.3),
    },
)


@dataclass(frozen=True, slots=True)
class Manner:
    """`below`: the numbers stand beside the last line of a description, not the first; `coded`: the article's number
    on a line of its own."""

    columns: Columns
    below: bool
    coded: bool


def sheet(content: Content) -> list[Row]:
    """Head and rows; a long table goes on on further pages, under its head again."""
    rng = content.rng
    manner = Manner(rng.choice(LAYOUTS), rng.random() < 0.2, rng.random() < 0.15)
    style = rng.choice(("inverse", "band", "rule", "rule"))
    head = _head(content, manner, style)
    carried = rng.random() < 0.4
    rows = list(head)
    for number, (start, end) in enumerate(_pages(content.purchase.items, manner)):
        if number:
            sum_so_far = _carried(content, content.purchase.items[:start]) if carried else []
            rows += [*sum_so_far, Break(), *head, *sum_so_far]
        rows += _rows(content, manner, content.purchase.items[start:end], start)
    return [*rows, Rule("drawn")]


def _pages(items: Sequence[Item], manner: Manner) -> Iterator[tuple[int, int]]:
    """First item of each page, and the one behind its last."""
    lines = 1 + any(item.detail for item in items) + manner.below + manner.coded
    start, room = 0, ON_FIRST
    while start < len(items):
        end = min(start + max(room // lines, 1), len(items))
        yield start, end
        start, room = end, ON_NEXT


def _head(content: Content, manner: Manner, style: str) -> list[Row]:
    words = content.language.wording
    said = {
        "number": "#",
        "code": "Art.",
        "item": content.say(*words.item),
        "quantity": content.say(*words.quantity),
        "price": content.say(*words.price),
        "tax": content.tax,
        "amount": content.say(*words.amount),
    }
    cells = (text(said[name], at.align, at.at, width=at.width) for name, at in manner.columns.items())
    head = Line(tuple(cells), 1.0, True, 1.0, style == "inverse", style == "band", content.rng.random() < 0.5)
    return [head, Rule("thick")] if style == "rule" else [head]


def _carried(content: Content, items: Sequence[Item]) -> list[Row]:
    """The sum so far, at the end of a page and at the top of the next one."""
    total = sum((item.amount for item in items), Decimal(0))
    return [Gap(0.3), line(text(content.language.wording.subtotal[0], at=0.5), content.money(total, signed=False))]


def _rows(content: Content, manner: Manner, items: Sequence[Item], start: int) -> list[Row]:
    rows: list[Row] = []
    for number, item in enumerate(items, start):
        rows += [Gap(0.15), *_item(content, manner, item, number)]
    return rows


def _item(content: Content, manner: Manner, item: Item, number: int) -> list[Row]:
    own, at = texts(content, number, item), manner.columns["item"]
    above = [line(cell(own.description, "left", at.at, width=at.width, wrap=True))] if manner.below else []
    described = joined(own.detail) if manner.below else joined(own.description, own.detail)
    cells = [Cell(described, "left", at.at, at.width, wrap=True)]
    for name, column in manner.columns.items():
        if runs := _runs(name, content, own, item, number):
            cells.append(Cell(runs, column.align, column.at, column.width))
    coded = [line(text(f"Art. {item.code}", at=at.at), size=0.85)] if manner.coded and item.code else []
    return [*above, line(*cells), *coded]


def _runs(column: str, content: Content, own: Texts, item: Item, number: int) -> tuple[Run, ...]:
    """What stands in a column beside the description."""
    match column:
        case "number":
            return ((str(number + 1), ""),)
        case "code":
            return ((item.code, ""),)
        case "tax":
            return ((f"{content.rate(content.market.rates[item.rate])}%", ""),)
        case "amount":
            return own.amount
        case "quantity" if not item.bare:
            return (own.quantity,)
        case "price" if not item.bare:
            return (own.price,)
    return ()
