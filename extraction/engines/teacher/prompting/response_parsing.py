"""From the text that a teacher answered to answers field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from extraction.domain.fields import Field, FieldType, Schema
from extraction.domain.normalize import normalize
from extraction.engines.teacher.prompting.field_aliases import keys_of
from extraction.engines.teacher.prompting.response_schema import form_of
from extraction.engines.teacher.protocol import Answer

# What some models write where `null` was asked for; the paper's prompts asked for the first.
NOTHING = frozenset({"", "none", "null", "n/a"})
MOST_PROBLEMS = 5


class Malformed(ValueError):
    """An answer off the form. The message says where and why, for the teacher's next attempt, and quotes nothing."""


def read(schema: Schema, text: str) -> dict[str, Answer]:
    """The answers in `text`, which must hold one JSON object of the form. Raises `Malformed`."""
    start, end = text.find("{"), text.rfind("}")
    if end < start or start < 0:
        raise Malformed("it holds no JSON object")
    try:
        # Some servers fence the object as Markdown.
        form = form_of(schema).model_validate_json(text[start : end + 1])
    except ValidationError as error:
        raise Malformed(_problems(error)) from None
    entries = form.model_dump(by_alias=True)
    keys = keys_of(schema.fields)
    return {field.name: _answer(field, entries[keys[field.name]]) for field in schema.fields}


def _problems(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(map(str, row['loc'])) or 'the object'}: {row['msg']}" for row in found[:MOST_PROBLEMS]]
    return "; ".join(told)


def _answer(field: Field, entry: Mapping[str, Any]) -> Answer:
    if field.type is FieldType.GROUP:
        return Answer(_rows(field, entry["value"]), _text(entry["evidence"]), entry["unsure"])
    value = _text(entry["value"])
    return Answer(value, _text(entry["evidence"]), entry["unsure"] or _off_format(field, value))


def _off_format(field: Field, value: str | None) -> bool:
    """Whether the field wants a format that the value neither has nor can be brought into."""
    return value is not None and not field.as_printed and normalize(field, value) is None


def _rows(group: Field, rows: list[dict[str, Any]]) -> str | None:
    """As labels hold groups: JSON rows under the parts' own names; `None` without any row that says something."""
    keys = keys_of(group.fields)
    named = [{name: _text(row[key]) for name, key in keys.items()} for row in rows]
    told = [row for row in named if any(row.values())]
    return json.dumps(told, ensure_ascii=False) if told else None


def _text(value: str | None) -> str | None:
    return None if value is None or value.strip().casefold() in NOTHING else value.strip()
