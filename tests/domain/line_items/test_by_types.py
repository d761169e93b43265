"""A row from printed words by the types of its columns."""

from __future__ import annotations

import pytest

from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Field
from extraction.domain.line_items.by_types import row_of
from tests.support.builders import page

GROUP = Field(
    "items",
    "group",
    fields=(
        Field("description"),
        Field("quantity", "number"),
        Field("price", "money"),
        Field("amount", "money"),
        Field("day", "date"),
    ),
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Green tea 2 4.20 8.40", {"description": "Green tea", "quantity": "2", "price": "4.20", "amount": "8.40"}),
        ("Toast 2.50", {"description": "Toast", "amount": "2.50"}),
        ("7 Up 1 2.50", {"description": "7 Up", "quantity": "1", "amount": "2.50"}),
        ("Nigiri 3 900", {"description": "Nigiri", "quantity": "3", "amount": "900"}),
        ("25/12/2018 Taxi RM12.00", {"description": "Taxi", "amount": "RM12.00", "day": "25/12/2018"}),
        ("Coffee", {"description": "Coffee"}),
        ("", {}),
    ],
)
def test_words_go_to_columns_of_their_type(line: str, expected: dict[str, str]) -> None:
    pages = [page("Header", line)]
    words = [index for index, word in enumerate(pages[0].words) if word.line == 1]
    cells = row_of(GROUP, 0, words, pages, UNKNOWN)
    assert {name: " ".join(span.text(pages) for span in spans) for name, spans in cells.items()} == expected


def test_no_word_is_lost_or_used_twice() -> None:
    pages = [page("1.00 2.00 3.00 4.00 a 5 b 6 7 c")]
    cells = row_of(GROUP, 0, range(10), pages, UNKNOWN)
    used = [index for spans in cells.values() for span in spans for index in range(span.first, span.last + 1)]
    assert sorted(used) == list(range(10))
