"""Fields that documents suggest: keyed values, their names and types, and what does not count as one."""

import pytest

from extraction.domain.field_types import registry
from extraction.domain.fields import Schema
from extraction.domain.schemas import suggestions
from extraction.domain.schemas.names import field_name


def rows(*lines: str) -> list[list[str]]:
    """Rows of pieces, which two bars separate."""
    return [line.split(" || ") for line in lines]


def suggested(*documents: list[list[str]]) -> dict[str, str]:
    return {field.name: field.type for field in suggestions.suggest(documents)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Invoice No: INV-2041", {"invoice_no": "text"}),
        ("Invoice Number: 2041", {"invoice_number": "text"}),
        ("Invoice date: 12/05/2018", {"invoice_date": "date"}),
        ("Due = 2018-05-12", {"due": "date"}),
        ("Total 12.30", {"total": "money"}),
        ("TOTAL RM 1,012.30", {"total": "money"}),
        ("Total || 12.30", {"total": "money"}),
        ("Total: || $ 12.30", {"total": "money"}),
        ("Rechnungsbetrag: || 12,30 €", {"rechnungsbetrag": "money"}),
        ("Table: 7", {"table": "number"}),
        ("Cashier: Mary", {"cashier": "text"}),
        ("Cashier: || Mary", {"cashier": "text"}),
        ("Date: 12/05/2018 || Table: 7", {"date": "date", "table": "number"}),
        ("Straße: Am Markt", {"strasse": "text"}),
        ("Mary || Smith", {}),
        ("Thank you for your visit, please come again soon: we mean it", {}),
        ("12:30", {}),
        ("http://example.com", {}),
        ("x: 1", {}),
        ("file: 1", {}),
        ("", {}),
    ],
)
def test_a_row_suggests(line: str, expected: dict[str, str]) -> None:
    assert suggested(rows(line)) == expected


def test_what_most_documents_print_is_suggested_in_their_order() -> None:
    first = rows("Date: 1 May 2018", "Cashier: Mary", "Total 12.30")
    second = rows("Total 3.00", "Date: 2 May 2018", "Table: 7")
    third = rows("Table: 8", "Total 4.00", "Date: 3 May 2018")
    assert suggested(first, second, third) == {"date": "date", "total": "money", "table": "number"}
    assert suggested(first, second) == {"date": "date", "total": "money"}
    assert list(suggested(first)) == ["date", "cashier", "total"]
    assert suggested() == {}


def test_values_of_several_types_are_a_text() -> None:
    assert suggested(rows("Room: 12"), rows("Room: A 3")) == {"room": "text"}


def test_the_first_of_equal_keys_counts_once() -> None:
    (field,) = suggestions.suggest([rows("Total: 12.30", "TOTAL: 13.00")])
    assert field.examples == (("Total: 12.30", "12.30"),)
    assert "Total" in field.instruction


def test_suggested_fields_are_a_valid_schema() -> None:
    lines = [f"Key {chr(97 + number)}b: value" for number in range(26)]
    fields = suggestions.suggest([rows(*lines, "items: 3", "get: 4", "größe in m²: 4.5")])
    assert len(fields) == suggestions.MOST_FIELDS
    schema = Schema("Documents", suggestions.noun([]), fields)
    assert Schema.from_toml(schema.to_toml()) == schema
    assert {field.type for field in fields} <= set(registry.names())


@pytest.mark.parametrize(
    ("documents", "noun"),
    [
        ([rows("TAX INVOICE")], "invoice"),
        ([rows("Invoice"), rows("Sales receipt"), rows("Receipt")], "receipt"),
        ([rows("Hello")], "document"),
        ([], "document"),
    ],
)
def test_documents_say_what_they_are(documents: list[list[list[str]]], noun: str) -> None:
    assert suggestions.noun(documents) == noun


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vendor Name", "vendor_name"),
        ("  Größe (m²) ", "grosse_m2"),
        ("N° 5", "n_5"),
        ("合计", ""),
        ("a" * 70, "a" * 50),
    ],
)
def test_names_are_made_of_any_text(text: str, name: str) -> None:
    assert field_name(text) == name
