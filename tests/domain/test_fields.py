"""Schemas: what a file says comes back, and what it says wrongly is told in one sentence."""

from typing import Any

import pytest

from extraction.domain.fields import Field, Schema, SchemaError

WHOLE = """
name = "Receipts"
document = "receipt"
[[field]]
name = "company"
type = "text"
instruction = "as printed"
examples = [["ACME / Acme Ltd", "Acme Ltd"]]
required = true
[[field]]
name = "date"
type = "date"
format = "yyyymmdd"
[[field]]
name = "payment"
type = "choice"
options = ["cash", "card", "other"]
[[field]]
name = "items"
type = "group"
fields = [{ name = "description", type = "text" }, { name = "amount", type = "money" }]
"""


def test_a_schema_file_is_read_whole() -> None:
    schema = Schema.from_toml(WHOLE)
    assert schema.names == ("company", "date", "payment", "items")
    assert schema["company"] == Field(
        "company", instruction="as printed", examples=(("ACME / Acme Ltd", "Acme Ltd"),), required=True
    )
    assert schema["items"].fields[1].type == "money"
    assert "total" not in schema
    assert Schema.from_json(schema.to_json()) == schema


def test_what_is_scored_as_printed() -> None:
    schema = Schema.from_toml(WHOLE)
    assert [field.as_printed for field in schema.fields] == [True, False, False, True]


def wrong(**field: Any) -> str:
    with pytest.raises(SchemaError, match=r"\.$") as caught:
        Schema.from_json({"name": "x", "document": "y", "field": [{"name": "a", **field}]})
    return str(caught.value)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"name": "unsure"}, "'unsure'"),
        ({"name": 3}, "not 3"),
        ({"type": ["text"]}, "unknown type"),
        ({"instruction": 3}, "instruction"),
        ({"required": "yes"}, "true or false"),
        ({"examples": "one"}, "list of pairs"),
        ({"examples": [["one"]]}, "pair of texts"),
        ({"examples": ["ab"]}, "pair of texts"),
        ({"name": ""}, "needs a name"),
        ({"type": "choice"}, "needs at least one option"),
        ({"type": "choice", "options": [1]}, "list of texts"),
        ({"type": "choice", "options": "cash"}, "list of texts"),
        ({"type": "group"}, "needs at least one field"),
        ({"type": "group", "fields": [{"name": "b"}, {"name": "b"}]}, "used twice"),
        ({"type": "group", "fields": [{"name": "b", "type": "group", "fields": [{"name": "c"}]}]}, "inside another"),
        ({"type": "money", "format": "iso"}, "cannot have the format"),
    ],
)
def test_a_wrong_field_is_named(field: dict[str, Any], words: str) -> None:
    assert words in wrong(**field)


ROWS = {"type": "group", "fields": [{"name": "what"}, {"name": "amount", "type": "money"}]}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("Tea 3.00", "no list of rows"),
        ("", "no list of rows"),
        ("null", "no list of rows"),
        ('{"what": "Tea"}', "no list of rows"),
        ('[{"what": "Tea"', "no list of rows"),
        ('["Tea"]', "no list of rows"),
        ("[" * 5000, "no list of rows"),
        ('[{"what": "Tea"}, {"price": "3.00"}]', "'price'"),
        ('[{"what": ["Tea"]}]', "no text, no number and not null"),
        ('[{"what": {"text": "Tea"}}]', "no text, no number and not null"),
        ('[{"what": true}]', "no text, no number and not null"),
    ],
)
def test_an_example_of_a_group_has_rows_of_its_fields(wanted: str, words: str) -> None:
    refusal = wrong(**ROWS, examples=[["Tea 3.00", '[{"what": "Tea"}]'], ["Tea 3.00", wanted]])
    assert words in refusal
    assert "'a'" in refusal
    field = {"name": "a", **ROWS, "examples": [["Tea 3.00", wanted]]}
    restored = Schema.restore({"name": "x", "document": "y", "field": [field]})
    assert restored["a"].examples == (("Tea 3.00", wanted),)


@pytest.mark.parametrize("wanted", ["[]", '[{"amount": 3.00}, {"what": "Tea", "amount": null}, {"amount": "-3"}]'])
def test_an_example_of_a_group_may_leave_fields_out(wanted: str) -> None:
    field = Field.from_json({"name": "a", **ROWS, "examples": [["Tea 3.00", wanted]]})
    assert field.examples[0][1] == wanted


@pytest.mark.parametrize("name", ["file", "id", "unsure"])
def test_a_reserved_name_is_not_refused_for_its_letters(name: str) -> None:
    refusal = wrong(name=name)
    assert repr(name) in refusal
    assert "letters" not in refusal


@pytest.mark.parametrize(
    "value",
    [
        {"document": "y", "field": [{"name": "a"}]},
        {"name": "x", "document": "y"},
        {"name": "x", "document": "y", "field": "a"},
        {"name": "x", "document": "y", "field": ["a"]},
        {"name": "x", "document": "y", "field": [{"name": "a"}], "more": 1},
    ],
)
def test_a_wrong_schema_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(SchemaError, match=r"\.$"):
        Schema.from_json(value)
