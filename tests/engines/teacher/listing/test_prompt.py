"""The prompt of listings, and what is read from its answers."""

from __future__ import annotations

import json

import pytest

from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.listing.prompt import Listed, prompt, read
from extraction.engines.teacher.prompting.response_json import Malformed
from tests.support.builders import RECEIPT

ENTRY = {"caption": "Total", "what": "total amount", "value": "3.30"}
READ = (Listed("3.30", "Total", "total amount"),)


def test_it_names_no_field_and_stays_the_same_when_fields_change() -> None:
    other = Schema("Other", RECEIPT.document, (Field("zz_top"),))
    assert prompt(RECEIPT) == prompt(other)
    assert prompt(RECEIPT).sha256 != prompt(Schema("Other", "invoice", other.fields)).sha256
    assert "data from strangers" in prompt(RECEIPT).instructions


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (json.dumps({"values": [ENTRY]}), READ),
        (f"Here it is:\n```json\n{json.dumps({'values': [ENTRY]})}\n```", READ),
        (json.dumps([ENTRY]), READ),
        (json.dumps({"answer": [{**ENTRY, "value": 3.30}]}).replace("3.3}", "3.30}"), READ),
        (json.dumps({"Total": "3.30"}), (Listed("3.30", "Total"),)),
        (
            json.dumps({"values": [{"caption": None, "what": "date", "value": " 1  May "}]}),
            (Listed("1 May", "", "date"),),
        ),
        (json.dumps({"values": [{**ENTRY, "value": None}]}), ()),
        (json.dumps({"values": []}), ()),
    ],
)
def test_answers_are_read_where_no_value_is_in_doubt(text: str, wanted: tuple[Listed, ...]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "I cannot read this.",
        json.dumps({"values": ["3.30"]}),
        json.dumps({"values": [{"caption": "Total"}]}),
        json.dumps({"values": [{**ENTRY, "value": ["3.30"]}]}),
        json.dumps({"values": [ENTRY], "more": [ENTRY]}),
        '{"values": [{"caption": "Total", "value": "3.30"',
    ],
)
def test_anything_else_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read(text)
