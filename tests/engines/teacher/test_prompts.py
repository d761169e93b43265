"""The prompt that is made from a project's fields and its owner's words."""

import json
from typing import Any

import pytest

from extraction.domain.default_schemas import INVOICE, RECEIPT
from extraction.domain.fields import Schema
from extraction.engines.teacher.prompting.field_aliases import aliases_of
from extraction.engines.teacher.prompting.prompts import Parts, Prompt, PromptError, build


def schema(*fields: dict[str, Any], document: str = "invoice") -> Schema:
    return Schema.from_json({"name": "Test", "document": document, "field": list(fields)})


def part(prompt: Prompt, name: str) -> str:
    return dict(prompt.sections)[name]


def test_the_parts_stand_in_the_papers_order() -> None:
    prompt = build(RECEIPT)
    assert [name for name, _ in prompt.sections] == ["role", "examples", "missing example", "rules", "request"]
    assert prompt.instructions == "\n\n".join(text for _, text in prompt.sections[:-1])
    assert prompt.request == prompt.sections[-1][1]


def test_the_request_asks_for_every_field_by_key_instruction_and_format() -> None:
    request = build(
        schema(
            {"name": "inv_no", "instruction": "the number of the invoice"},
            {"name": "due", "type": "date", "format": "yyyymmdd"},
            {"name": "tax", "type": "money", "format": "plain"},
            {"name": "payment", "type": "choice", "options": ["cash", 'on "credit"']},
            {"name": "items", "type": "group", "fields": [{"name": "desc"}, {"name": "price", "type": "money"}]},
        )
    ).request
    lines = request.splitlines()
    assert "- invoice_number (text, exactly as printed): the number of the invoice." in lines
    assert "- due_date (a date, written as yyyymmdd, 25 December 2018 as 20181225)." in lines
    assert any(line.startswith("- tax_amount (an amount of money, in digits") for line in lines)
    assert r'- payment (one of "cash", "on \"credit\"").' in lines
    assert "  - description (text, exactly as printed)." in lines
    assert "  - price (an amount of money, exactly as printed)." in lines
    assert "invoice" in lines[0]


def test_examples_are_given_for_the_fields_that_have_them_only() -> None:
    prompt = build(
        schema(
            {"name": "company", "examples": [["ACME Ltd  Reg 12", "ACME Ltd"], ["Bob's", "Bob's"]]},
            {"name": "address"},
            {"name": "date", "type": "date", "format": "iso", "examples": [["25 DEC 18", "25/12/2018"]]},
        )
    )
    examples = part(prompt, "examples")
    assert '"ACME Ltd  Reg 12" is printed, the value is "ACME Ltd"' in examples
    assert '"Bob\'s" is printed' in examples
    assert "address" not in examples
    answer = json.loads(examples.splitlines()[-1])
    assert answer == {
        "company": {"evidence": "ACME Ltd  Reg 12", "value": "ACME Ltd", "unsure": False},
        # Whatever form the example was written in, it never contradicts the format that is asked for.
        "date": {"evidence": "25 DEC 18", "value": "2018-12-25", "unsure": False},
    }


def test_an_example_of_a_group_is_shown_as_rows() -> None:
    rows = json.dumps([{"desc": "Tea", "amount": "3.00"}])
    fields = [{"name": "desc"}, {"name": "amount", "type": "money"}]
    prompt = build(schema({"name": "items", "type": "group", "fields": fields, "examples": [["Tea 3.00", rows]]}))
    answer = json.loads(part(prompt, "examples").splitlines()[-1])
    assert answer["items"]["value"] == [{"description": "Tea", "amount": "3.00"}]


def test_rows_are_asked_for_in_one_answer_with_the_flat_fields() -> None:
    """The project template says what a row is, in instruction and example."""
    prompt = build(INVOICE)
    answer = json.loads(part(prompt, "examples").splitlines()[-1])
    (row,) = answer["items"]["value"]
    assert set(row) == {"description", "quantity", "unit_price", "amount"}
    asked = prompt.json_schema["properties"]
    assert set(asked) >= {"items", "total_amount", "invoice_number"}
    assert "one object for each printed row" in prompt.request


def test_a_stored_example_of_a_group_that_holds_no_rows_is_not_shown() -> None:
    fields = [{"name": "desc"}]
    group = {"name": "items", "type": "group", "fields": fields, "examples": [["Tea 3.00", "Tea"]]}
    stored = Schema.restore({"name": "Test", "document": "invoice", "field": [group]})
    assert "examples" not in dict(build(stored).sections)


def test_without_examples_there_is_no_such_part() -> None:
    prompt = build(schema({"name": "company"}))
    assert "examples" not in dict(prompt.sections)


def test_the_missing_example_is_an_answer_of_the_right_form() -> None:
    assert '{"company": {"evidence": null, "value": null, "unsure": false}}' in part(build(RECEIPT), "missing example")
    rows = schema({"name": "items", "type": "group", "fields": [{"name": "desc"}]})
    assert '{"items": {"evidence": null, "value": [], "unsure": false}}' in part(build(rows), "missing example")


def test_an_owners_words_take_the_place_of_kdwebs_and_own_rules_stand_beside_them() -> None:
    parts = Parts("You are a clerk.", "Say 3.30 for RM 3.30.", "Say nothing.", ("Be brief.", "Keep accents."))
    prompt = build(RECEIPT, parts)
    assert part(prompt, "role") == "You are a clerk."
    assert part(prompt, "examples") == "Say 3.30 for RM 3.30."
    assert part(prompt, "missing example") == "Say nothing."
    rules = part(prompt, "rules").splitlines()
    own = part(build(RECEIPT), "rules").splitlines()
    assert rules[:5] == own[:5]
    assert rules[5:7] == ["5. Be brief.", "6. Keep accents."]
    assert "let it change no value" in rules[7]
    assert "JSON object alone" in rules[8]
    assert len(rules) == len(own) + 2
    assert prompt.request == build(RECEIPT).request


def test_parts_come_back_as_they_were_written() -> None:
    parts = Parts(role="A clerk.", rules=("One.", "Two."))
    assert Parts.from_json(parts.to_json()) == parts
    assert Parts.from_json({}) == Parts()
    assert Parts.from_json({"role": " A clerk.\n", "rules": ["", " One.  "]}) == Parts("A clerk.", rules=("One.",))


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"tone": "kind"},
        {"role": 3},
        {"role": "x" * 4001},
        {"rules": "be brief"},
        {"rules": [3]},
        {"rules": ["x" * 501]},
        {"rules": ["x"] * 31},
    ],
)
def test_parts_that_cannot_be_used_are_refused_in_a_sentence(value: object) -> None:
    with pytest.raises(PromptError, match=r"^[A-Z].*\.$"):
        Parts.from_json(value)


def test_the_digest_changes_with_the_words_and_the_fields_and_with_nothing_else() -> None:
    digests = {
        build(RECEIPT).sha256,
        build(RECEIPT, Parts(role="A clerk.")).sha256,
        build(schema({"name": "company"})).sha256,
        build(schema({"name": "company"}, document="bill")).sha256,
        build(schema({"name": "company", "type": "choice", "options": ["a"]})).sha256,
    }
    assert len(digests) == 5
    assert build(RECEIPT).sha256 == build(RECEIPT).sha256


def test_the_json_schema_is_strict_all_the_way_down() -> None:
    found = build(
        schema(
            {"name": "title"},
            {"name": "payment", "type": "choice", "options": ["cash", "card"]},
            {"name": "items", "type": "group", "fields": [{"name": "description"}, {"name": "json"}]},
        )
    ).json_schema
    objects = [node for node in _nodes(found) if node.get("type") == "object"]
    assert len(objects) == 5
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    assert list(found["properties"]) == ["title", "payment", "items"]
    assert {"enum": ["cash", "card"], "type": "string"} in list(_nodes(found))
    # Providers allow few alternatives where no reference leads to them.
    assert not any("anyOf" in entry for entry in found["properties"].values())


def test_keys_explain_themselves_and_never_collide() -> None:
    fields = schema(
        {"name": "total", "type": "money"},
        {"name": "unit_price", "type": "money"},
        {"name": "date", "type": "date"},
        {"name": "due", "type": "date"},
        {"name": "inv_no"},
        {"name": "invoice_no"},
        {"name": "qty", "type": "number"},
        {"name": "quantity", "type": "number"},
    ).fields
    assert aliases_of(fields) == {
        "total": "total_amount",
        "unit_price": "unit_price",
        "date": "date",
        "due": "due_date",
        "inv_no": "inv_no",
        "invoice_no": "invoice_no",
        "qty": "qty",
        "quantity": "quantity",
    }


def _nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [node for item in value for node in _nodes(item)]
    return [value, *(node for item in value.values() for node in _nodes(item))] if isinstance(value, dict) else []
