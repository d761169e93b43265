"""From scores to rows, with scores written by hand."""

import numpy as np
import pytest

from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page, Span
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.outputs import group_outputs
from extraction.engines.student.layout.inference.postprocessing import Document
from extraction.engines.student.layout.inference.tables import DecodedTable, tables
from extraction.engines.student.layout.network.pretrained import load_tokenizer
from tests.support.page_builders import page

PARTS = (Field("name"), Field("quantity", "number"), Field("price", "money"), Field("amount", "money"))
SCHEMA = Schema("S", "slip", (Field("items", "group", fields=PARTS),))
CUTTER = Featurizer(load_tokenizer("tiny"), 512, 128)
SURE, LIKELY, HARDLY = 9.0, 1.0, -2.0
Said = dict[str, list[tuple[Span, float]]]


def words(first: int, last: int | None = None) -> Span:
    return Span(0, first, first if last is None else last)


def table(there: Page, *begins: int, **said: list[tuple[Span, float]]) -> DecodedTable:
    """The rows where the network gives each span these log-odds to be a cell, and rows begin at these words."""
    tokens = CUTTER.tokens([there])
    document = Document([there], tokens, CUTTER.windows(tokens))
    [group] = group_outputs(SCHEMA)
    tags = np.full((len(tokens) + 2, group.rows + 1, 2), -9.0, dtype=np.float32)
    for number, part in enumerate(PARTS):
        for span, odds in said.get(part.name, []):
            first, *rest = tokens.within(span) + 1
            tags[first, group.cells.start + number] = odds, -9.0
            tags[rest, group.cells.start + number] = -9.0, 9.0
    for word in begins:
        tags[tokens.within(words(word))[0] + 1, group.rows] = 6.0, -6.0
    return tables(SCHEMA, document, [tags], UNKNOWN)["items"]


def shown(found: DecodedTable) -> list[dict[str, str | None]]:
    return [{name: cell.value.value for name, cell in row.cells.items()} for row in found.rows]


@pytest.mark.parametrize("word", ["-", "The", "*"])
def test_a_word_without_a_digit_is_no_number(word: str) -> None:
    there = page(f"Tea  {word}  3.30")
    rows = table(there, 0, name=[(words(0), SURE)], quantity=[(words(1), LIKELY)], amount=[(words(2), SURE)])
    assert shown(rows) == [{"name": "Tea", "amount": "3.30"}]


def test_a_number_beside_another_column_is_none_of_its_digits() -> None:
    there = page("Rice 4 252.00 1008.00")
    cells: Said = {"quantity": [(words(1), SURE)], "price": [(words(2), SURE)], "amount": [(words(3), SURE)]}
    assert shown(table(there, 0, name=[(words(0), SURE)], **cells)) == [
        {"name": "Rice", "quantity": "4", "price": "252.00", "amount": "1008.00"}
    ]


@pytest.mark.parametrize(("printed", "called"), [("6.60", True), ("6.70", False)])
def test_a_number_that_tags_deny_is_called_where_it_multiplies(printed: str, called: bool) -> None:
    there = page(f"Tea  2  3.30  {printed}")
    cells: Said = {"quantity": [(words(1), HARDLY)], "price": [(words(2), SURE)], "amount": [(words(3), SURE)]}
    [row] = table(there, 0, name=[(words(0), SURE)], **cells).rows
    assert ("quantity" in row.cells) is called
    assert row.product is (True if called else None)


def test_of_two_amounts_the_one_that_multiplies_stays() -> None:
    there = page("Tea  2  3.30  6.60  6.00")
    cells: Said = {"quantity": [(words(1), SURE)], "price": [(words(2), SURE)]}
    rows = table(there, 0, name=[(words(0), SURE)], amount=[(words(3), LIKELY), (words(4), 2 * LIKELY)], **cells)
    assert shown(rows) == [{"name": "Tea", "quantity": "2", "price": "3.30", "amount": "6.60"}]


def test_a_name_in_two_parts_is_one_within_a_row() -> None:
    there = page("Green Tea  3.30", "Milk  1.20")
    cells: Said = {"name": [(words(0), SURE), (words(1), SURE), (words(3), SURE)]}
    rows = table(there, 0, 3, amount=[(words(2), SURE), (words(4), SURE)], **cells)
    assert shown(rows) == [{"name": "Green Tea", "amount": "3.30"}, {"name": "Milk", "amount": "1.20"}]


@pytest.mark.parametrize(
    ("lines", "called"),
    [
        # Rate, net and tax.
        (["Low 7 100.00 7.00", "High 19 50.00 9.50"], [None, None]),
        (["Tea 2 3.30 6.60", "Milk 3 1.20 3.50"], [True, False]),
    ],
)
def test_the_columns_of_the_table_say_whether_its_rows_are_products(
    lines: list[str], called: list[bool | None]
) -> None:
    cells: Said = {part.name: [(words(column), SURE), (words(4 + column), SURE)] for column, part in enumerate(PARTS)}
    assert [row.product for row in table(page(*lines), 0, 4, **cells).rows] == called
