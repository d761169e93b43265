"""The rows of made-up documents: true about what is printed, and in every layout that real ones have."""

import json
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

import synthdocs
from extraction.domain.field_types.readers.amounts import parse_money
from extraction.domain.fields import Schema
from synthdocs import Sample
from synthdocs.languages import LANGUAGES, printable

FIELDS = ("description", "quantity", "unit_price", "amount")


@pytest.fixture(scope="module")
def usual() -> list[Sample]:
    return list(synthdocs.generate("mixed", 12, seed=7))


@pytest.fixture(scope="module")
def varied() -> list[Sample]:
    return list(synthdocs.generate("mixed", 60, seed=5, tables="varied"))


def number(text: str) -> Decimal:
    value = parse_money(text) or parse_money(f"{text},00") or parse_money(f"{text}.00")
    assert value is not None, text
    return value


@pytest.mark.parametrize("made", ["usual", "varied"])
def test_rows_are_the_text_of_their_words(made: str, request: pytest.FixtureRequest) -> None:
    for sample in request.getfixturevalue(made):
        assert sample.items, sample.name
        assert len(sample.items) == len(sample.cells)
        for row, cells in zip(sample.items, sample.cells, strict=True):
            assert tuple(row) == FIELDS
            assert row["description"]
            assert row["amount"]
            for name, value in row.items():
                assert (" ".join(span.text(sample.pages) for span in cells.get(name, ())) or None) == value


@pytest.mark.parametrize("made", ["usual", "varied"])
def test_quantity_times_price_is_the_amount(made: str, request: pytest.FixtureRequest) -> None:
    rows = [row for sample in request.getfixturevalue(made) for row in sample.items]
    multiplied = [row for row in rows if row["quantity"] and row["unit_price"]]
    assert multiplied
    for row in multiplied:
        assert int(row["quantity"] or "") * number(row["unit_price"] or "") == number(row["amount"] or "")


def test_every_layout_occurs(varied: list[Sample]) -> None:
    rows = [row for sample in varied for row in sample.items]
    places = [(row, cells) for sample in varied for row, cells in zip(sample.items, sample.cells, strict=True)]
    assert any(row["quantity"] and not row["unit_price"] for row in rows)
    assert any(not row["quantity"] and not row["unit_price"] for row in rows)
    assert any((row["amount"] or "").startswith("-") for row in rows), "discounts"
    assert any(len(cells["description"]) > 1 for _, cells in places), "two lines"
    tops = [(cells["description"][0].first, cells["amount"][0].first) for _, cells in places]
    assert any(name < amount for name, amount in tops)
    assert any(amount < name for name, amount in tops), "names below"
    invoices = [sample for sample in varied if sample.kind == "invoice"]
    assert any(not any(row["quantity"] for row in sample.items) for sample in invoices), "services"


def test_tables_go_over_pages(varied: list[Sample]) -> None:
    long = [sample for sample in varied if len(sample.pages) > 1]
    assert long
    for sample in long:
        assert {span.page for cells in sample.cells for spans in cells.values() for span in spans} >= {0, 1}
        assert len(pypdfium2.PdfDocument(sample.data)) == len(sample.pages) == len(sample.jpegs)
        assert sample.truth["total"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_rows(code: str) -> None:
    if code not in printable():
        pytest.skip("no typeface for its letters is installed")
    for sample in synthdocs.generate("mixed", 3, seed=2, languages=[code], tables="varied"):
        assert sample.items
        assert all(row["description"] and row["amount"] for row in sample.items)


def test_a_folder_holds_the_rows_that_its_schema_asks_for(tmp_path: Path) -> None:
    synthdocs.write(tmp_path / "rows", "receipt", 1, seed=5)
    (truth,) = [json.loads(line) for line in (tmp_path / "rows/truth.jsonl").read_text("utf-8").splitlines()]
    assert Schema.from_toml((tmp_path / "rows/schema.toml").read_text("utf-8")) == synthdocs.SCHEMA
    assert truth["items"]
    assert all(tuple(row) == FIELDS for row in truth["items"])
