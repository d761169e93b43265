"""The prompt that asks for the fields of a type of document, and the parsing of its answer."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ValidationError

from extraction.domain.fields import Field, Schema, SchemaError
from extraction.domain.schemas.names import field_name
from extraction.engines.teacher.prompting.prompt_text import ALWAYS
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.prompting.response_json import Malformed, extract
from extraction.engines.teacher.prompting.response_schema import STRICT, plain

MOST_FIELDS = 15

ROLE = (
    "You set up the reading of business documents. From a few documents of one type you propose the fields that are "
    "worth reading from every document of that type."
)
RULES = (
    f"At most {MOST_FIELDS} fields, the most useful ones first: who issued the document, its numbers, dates and "
    "amounts, and what else is printed on most of the documents.",
    "A name is English, in lower-case letters, digits and underscores, such as invoice_number, and says what the value "
    "is.",
    "The type is date for days, money for amounts, number for quantities, group for a table whose rows repeat, and "
    "text for everything else. The parts of a group are its columns; any other field has none.",
    "The instruction says in one short English sentence where the value stands and what it is not, so that somebody "
    "who has not seen the documents finds it. It quotes no value of a document.",
)
REQUEST = (
    "These are documents of one type. Say under “document” in an English noun what one of them is, such as "
    "receipt, and propose the fields."
)

Plain = Literal["text", "date", "money", "number"]


class Part(BaseModel):
    """One column of a group."""

    model_config = STRICT
    name: str
    type: Plain
    instruction: str


class Proposed(BaseModel):
    """One field; `parts` is empty unless it is a group."""

    model_config = STRICT
    name: str
    type: Literal["text", "date", "money", "number", "group"]
    instruction: str
    parts: list[Part]


class Answer(BaseModel):
    """What one of the documents is, and its fields."""

    model_config = STRICT
    document: str
    fields: list[Proposed]


def prompt() -> Prompt:
    rules = "\n".join(f"- {rule}" for rule in (*RULES, *(rule.format(document="document") for rule in ALWAYS)))
    return Prompt((("role", ROLE), ("rules", f"Rules:\n{rules}"), ("request", REQUEST)), _json_schema())


def read(text: str) -> Schema:
    """The proposed fields as a schema that is named by its noun. Raises `Malformed`."""
    try:
        answer = Answer.model_validate(extract(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise Malformed(f"{'.'.join(map(str, first['loc'])) or 'the answer'}: {first['msg'].lower()}") from None
    fields = {field.name: field for field in map(_field, answer.fields[:MOST_FIELDS])}
    if not fields:
        raise Malformed("it proposes no field")
    noun = " ".join(answer.document.split())[:50] or "document"
    return Schema(noun.capitalize(), noun, tuple(fields.values()))


def _field(proposed: Proposed) -> Field:
    """Raises `Malformed`."""
    parts = {field_name(part.name): part for part in proposed.parts} if proposed.type == "group" else {}
    value = {
        "name": field_name(proposed.name),
        # A group without columns is read as a text.
        "type": "text" if proposed.type == "group" and not parts else proposed.type,
        "instruction": proposed.instruction,
        "fields": [{"name": name, "type": part.type, "instruction": part.instruction} for name, part in parts.items()],
    }
    try:
        return Field.from_json(value)
    except SchemaError as error:
        raise Malformed(str(error)) from None


def _json_schema() -> dict[str, object]:
    schema: dict[str, object] = plain(Answer.model_json_schema())
    return schema
