"""Hostile pages and values: the work that they make grows with their size, or ends at a bound.

Work is counted in lines of our own code that are executed, which is the same on every machine.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from extraction.domain import alignment
from extraction.domain import streams as words
from extraction.domain.alignment import align, own_conventions
from extraction.domain.default_schemas import RECEIPT
from extraction.domain.evaluation import similarity
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Box, Page, Word
from extraction.domain.streams import streams
from extraction.engines.teacher.protocol import Reading
from extraction.engines.teacher.registry import teacher
from extraction.engines.teacher.rules import addresses, names
from extraction.engines.teacher.rules.values import keyed, parties

# Words of a page; twice as many may take twice the work and a little more.
WORDS, ROOM = 100, 2.6
Place = Callable[[int, int], tuple[Box, int]]
# Where word `i` of `n` stands, and on which line.
LAYOUTS: dict[str, Place] = {
    "one line": lambda i, n: (Box(i / n, 0.1, (i + 0.5) / n, 0.12), 0),
    "a row of lines": lambda i, n: (Box(i / n, 0.1, (i + 0.5) / n, 0.12), i),
    "a column": lambda i, n: (Box(0.1, i / n, 0.3, (i + 0.8) / n), i),
    "a table": lambda i, n: (Box(i % 20 / 20, i // 20 / n, (i % 20 + 0.2) / 20, (i // 20 + 0.8) / n), i // 20),
    "stairs": lambda i, n: (Box(i / n, i / n, (i + 0.8) / n, (i + 0.8) / n), i),
    "one place": lambda i, n: (Box(0.1, 0.1, 0.3, 0.12), i),
}
TEXTS = ("01/02/2018", "7.30", "Jalan", "total", "x", "customer:", "tel", "net")
# One field for each rule beside those of receipts.
ASKED = ("buyer", "seller_vat_id", "iban", "phone", "time", "currency", "cashier", "invoice_number")
PARTICULARS = Schema("Invoices", "invoice", tuple(Field(name) for name in ASKED))
READERS: dict[str, Callable[[Page], object]] = {
    "rules": lambda page: teacher("rules").label(Reading((page,)), RECEIPT),
    "rules of particulars": lambda page: teacher("rules").label(Reading((page,)), PARTICULARS),
    "streams": streams,
    "conventions": lambda page: own_conventions([page], RECEIPT.fields),
    "text": lambda page: align(Field("company", "text"), "Jalan Jalan", [page]),
    "date": lambda page: align(Field("date", "date"), "2018-02-01", [page]),
    "amount": lambda page: align(Field("total", "money"), "7.30", [page]),
}


@pytest.fixture
def _low_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for pages of thousands of words, which take too long to follow line by line."""
    for module, bound in (
        (words, "MOST_OPEN"),
        (addresses, "NEAR"),
        (names, "MOST_NAMES"),
        (alignment, "BEFORE"),
        *((module, "NEAR") for module in (keyed, parties)),
    ):
        monkeypatch.setattr(module, bound, 10)


def lines_executed(work: Callable[[], object]) -> int:
    """Of the package, comprehensions counted by what they go through."""
    count = 0

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if "/extraction/" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def page(place: Place, text: str, size: int) -> Page:
    placed = (place(number, size) for number in range(size))
    return Page(800, 1200, tuple(Word(text, box, 1.0, line) for box, line in placed))


@pytest.mark.usefixtures("_low_bounds")
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_twice_the_words_take_twice_the_work(layout: str, reader: str) -> None:
    for text in TEXTS:
        small, *pages = (page(LAYOUTS[layout], text, size) for size in (2, WORDS, 2 * WORDS))
        READERS[reader](small)  # what is made once a process
        once, twice = (lines_executed(partial(READERS[reader], each)) for each in pages)
        assert twice <= ROOM * once + 1000, text


@pytest.mark.parametrize(
    "rows",
    [
        [{"name": f"a{number}"} for number in range(3000)],
        [[f"a{number}" for number in range(3000)]],
        json.loads("[" * 300 + "]" * 300),
        [{str(number): str(number) for number in range(1500)}],
    ],
    ids=["rows", "list", "nested", "keys"],
)
def test_rows_that_are_too_many_or_too_deep_are_compared_as_texts(
    rows: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> float:
        raise AssertionError("Rows were matched.")

    monkeypatch.setattr(similarity, "anls_score", never)
    assert similarity.nls(rows, rows) == 1
    assert similarity.nls(rows, [*rows, "x" * 100_000]) < 0.5


def test_a_long_value_is_looked_for_on_as_many_pages_as_there_is_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(alignment, "MOST_COMPARED", 10_000)
    monkeypatch.setattr(alignment, "_by_characters", lambda value, page, number, least: looked.append(number) or [])
    pages = [page(LAYOUTS["a column"], "x" * 10, 10)] * 200
    assert align(Field("company", "text"), "y" * 20, pages) == []
    assert looked == list(range(5))
