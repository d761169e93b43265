"""Texts of callers: what is hostile is refused in a sentence before a parser sees it, and what is good is read."""

import tracemalloc

import pytest

from extraction.domain.default_schemas import RECEIPT
from extraction.domain.fields import Schema
from extraction.domain.notation import texts

HOSTILE_TOML = {
    "dotted": ".".join(["a"] * 29_000) + " = 1",
    "dotted in a table's name": "[" + ".".join(["a"] * 29_000) + "]",
    "quoted parts": " . ".join(['"a"'] * 9_000) + " = 1",
    "nested lists": "x = " + "[" * 9_000,
    "nested tables": "x = " + "{a=" * 9_000,
    "many digits": "x = " + "9" * 15_000,
    "underscores": "x = " + "9_" * 15_000 + "9",
    "long key": "a" * 30_000 + " = 1",
    "long text": "x = '" + "a" * 70_000 + "'",
    "behind a text": 'x = """a"""""\ny = ' + "[" * 9_000,
    "open text": 'x = """' * 9_000,
    "no date": "x = 2026-13-45",
}
HOSTILE_JSON = {
    "nested lists": "[" * 100_000,
    "nested objects": '{"a":' * 100_000,
    "many digits": "9" * 15_000,
    "open text": '"\\' * 100_000,
    "too long": "[" + "1," * 600_000 + "1]",
}


@pytest.mark.parametrize("text", HOSTILE_TOML.values(), ids=list(HOSTILE_TOML))
def test_hostile_toml_is_refused_in_little_memory(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(texts.Unreadable, match=r"^The schema .*\.$"):
            texts.toml(text, "The schema")
        assert tracemalloc.get_traced_memory()[1] < 4 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", HOSTILE_JSON.values(), ids=list(HOSTILE_JSON))
@pytest.mark.parametrize("kind", [str, str.encode])
def test_hostile_json_is_refused(text: str, kind: type) -> None:
    with pytest.raises(texts.Unreadable, match=r"^The request .*\.$"):
        texts.json_value(kind(text), "The request")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(texts.Unreadable):
        texts.json_value(b'"\xff"')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('a.b = "[[[[{{{{" # [[[[[', {"a": {"b": "[[[[{{{{"}}),
        (f"a = '{'.' * 50}'", {"a": "." * 50}),
        (f'a = "{"9" * 60}"', {"a": "9" * 60}),
        ('a = """x""""\nb = 1', {"a": 'x"', "b": 1}),
        ("a = '''[\n[''' \nb = [[1.5, 2.5], [3.5]]", {"a": "[\n[", "b": [[1.5, 2.5], [3.5]]}),
    ],
)
def test_what_stands_in_texts_and_comments_does_not_count(text: str, value: object) -> None:
    assert texts.toml(text) == value


def test_a_schema_and_json_are_read() -> None:
    assert texts.toml(RECEIPT.to_toml())["document"] == RECEIPT.document
    assert texts.json_value(b'{"a": ["[[[", 1, 1.5, null]}') == {"a": ["[[[", 1, 1.5, None]}


def test_a_byte_order_mark_is_no_part_of_a_text() -> None:
    assert texts.toml("\ufeff" + RECEIPT.to_toml()) == texts.toml(RECEIPT.to_toml())
    assert Schema.from_toml("\ufeff" + RECEIPT.to_toml()) == RECEIPT
