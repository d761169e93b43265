"""Parsing of a teacher's response into answers field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from extraction.domain.field_types import RowsShape, normalize
from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.prompting.field_aliases import aliases_of
from extraction.engines.teacher.prompting.response_schema import response_model
from extraction.engines.teacher.protocol import Answer

# Texts that some models write for `null`; the paper's prompts asked for the empty one.
NOTHING = frozenset({"", "none", "null", "n/a"})
MOST_PROBLEMS = 5


class Malformed(ValueError):
    """A response that breaks its schema. The message says where and why, for the next attempt, and quotes nothing."""


def read(schema: Schema, text: str) -> dict[str, Answer]:
    """The answers in `text`, which must hold one JSON object of the response schema. Raises `Malformed`."""
    start, end = text.find("{"), text.rfind("}")
    if end < start or start < 0:
        raise Malformed("it holds no JSON object")
    try:
        # Some servers fence the object as Markdown.
        response = response_model(schema).model_validate_json(text[start : end + 1])
    except ValidationError as error:
        raise Malformed(_problems(error)) from None
    entries = response.model_dump(by_alias=True)
    aliases = aliases_of(schema.fields)
    return {field.name: _answer(field, entries[aliases[field.name]]) for field in schema.fields}


def _problems(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)[:MOST_PROBLEMS]
    return "; ".join(f"{'.'.join(map(str, row['loc'])) or 'the object'}: {row['msg']}" for row in problems)


def _answer(field: Field, entry: Mapping[str, Any]) -> Answer:
    value = _value(field, entry["value"])
    return Answer(value, _text(entry["evidence"]), entry["unsure"] or _off_format(field, value))


def _value(field: Field, value: str | list[dict[str, str | None]] | None) -> str | None:
    """The value as labels hold it; `None` without any row that has a value."""
    if not isinstance(value, list):
        return field.kind.from_json(field, _text(value))
    shape = field.kind.shape(field)
    aliases = aliases_of(shape.columns if isinstance(shape, RowsShape) else ())
    rows = [{name: _text(row[alias]) for name, alias in aliases.items()} for row in value]
    return field.kind.from_json(field, [row for row in rows if any(row.values())] or None)


def _off_format(field: Field, value: str | None) -> bool:
    """Whether the field asks for a format that the value neither has nor can be brought into."""
    return value is not None and not field.as_printed and normalize(field, value) is None


def _text(value: str | None) -> str | None:
    return None if value is None or value.strip().casefold() in NOTHING else value.strip()
