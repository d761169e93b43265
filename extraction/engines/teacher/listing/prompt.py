"""The prompt that asks for every labelled value of a document, and the parsing of its answer.

It says nothing of a project's fields, so that its answers err otherwise than those of the prompt that asks for fields,
and serve whichever fields a project has later.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.engines.teacher.prompting.prompt_text import ALWAYS
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.prompting.response_json import Json, Malformed, extract
from extraction.engines.teacher.prompting.response_schema import STRICT, plain

# Values that are looked at: no document that is read has more.
MOST = 400
ROLE = (
    "You are a seasoned transcriber of one type of document: {document}. You have read hundreds of thousands of them, "
    "in many languages and layouts. You write down what is printed and judge nothing of it."
)
RULES = (
    "One entry for each value that is printed with a caption beside, above or below it, such as a number, a date, an "
    "amount, a rate, a name. Entries stand in the order of the document, from top to bottom.",
    "“caption” is the printed caption, character by character, and null where none is printed.",
    "“what” says in two to five English words what the value is, as far as the {document} itself tells.",
    "“value” is the printed value, character by character: the same spelling, capitals, punctuation and accents. Its "
    "printed lines are joined with single spaces. The sign or code of a currency stays with its amount.",
    "Also list what stands without a caption: the names and the addresses of the businesses and persons concerned, "
    "dates, times, and how it was paid.",
    "Leave out the rows of a table of articles or services, but not the sums below it. List every value once for each "
    "place at which it is printed, and nothing that you cannot read.",
)
EXAMPLE = (
    ("Harbour Lane Apparel Ltd", None, "name of issuing business"),
    ("12 Mill Lane Leeds LS1 4AB", None, "address of issuing business"),
    ("RE-2041", "Invoice No.", "invoice number"),
    ("03/02/2024 18:13", None, "date and time of purchase"),
    ("£ 24.00", "VAT 20 %", "tax amount"),
    ("£ 144.00", "Total to pay", "total amount"),
)
REQUEST = (
    "List every labelled value that you see on the {document} in the pictures below. The pictures are its pages, in "
    'order. Answer with one JSON object: {{"values": [{{"caption": …, "what": …, "value": …}}, …]}}.'
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A printed value with its caption (empty where none is printed) and what it is in English words."""

    value: str
    caption: str = ""
    what: str = ""


class Entry(BaseModel):
    """One printed value."""

    model_config = STRICT
    caption: str | None
    what: str
    value: str


class Listing(BaseModel):
    """All of a document."""

    model_config = STRICT
    values: list[Entry]


def prompt(schema: Schema) -> Prompt:
    """The prompt for documents of that noun; nothing else of the schema is in it."""
    numbered = (*RULES, *ALWAYS)
    rules = "\n".join(f"{number}. {rule.format(document=schema.document)}" for number, rule in enumerate(numbered, 1))
    example = json.dumps({"values": [_entry(*row) for row in EXAMPLE]}, ensure_ascii=False)
    sections = (
        ("role", ROLE.format(document=schema.document)),
        ("examples", f"The answer for a small document:\n{example}"),
        ("rules", f"Rules:\n{rules}"),
        ("request", REQUEST.format(document=schema.document)),
    )
    return Prompt(sections, _json_schema())


def read(text: str) -> tuple[Listed, ...]:
    """The values in an answer, in their order; also in an object of captions and values. Raises `Malformed`."""
    document = extract(text)
    if isinstance(document, dict):
        lists = [part for part in document.values() if isinstance(part, list)]
        rows = _flat(document) if not lists else lists[0]
        if len(lists) > 1:
            raise Malformed("values: several lists")
    else:
        rows = document if isinstance(document, list) else []
    return tuple(_listed(rows))[:MOST]


def _flat(document: dict[str, Json]) -> list[Json]:
    return [{"caption": key, "value": value} for key, value in document.items()]


def _listed(rows: list[Json]) -> Iterator[Listed]:
    for number, row in enumerate(rows):
        if not isinstance(row, dict) or "value" not in row:
            raise Malformed(f'values.{number}: must be an object of "caption", "what" and "value"')
        parts = {key: _text(number, key, row.get(key)) for key in ("value", "caption", "what")}
        if parts["value"]:
            yield Listed(**parts)


def _text(number: int, key: str, value: Json) -> str:
    if isinstance(value, list | dict):
        raise Malformed(f"values.{number}.{key}: must be a text or null")
    text = json.dumps(value) if isinstance(value, bool) else value or ""
    return " ".join(text.split())


def _entry(value: str, caption: str | None, what: str) -> JsonObject:
    return {"caption": caption, "what": what, "value": value}


def _json_schema() -> JsonObject:
    schema: JsonObject = plain(Listing.model_json_schema())
    return schema
