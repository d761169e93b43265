"""Parsing of a teacher's response into answers, field by field.

The response schema asks for `{alias: {"evidence", "value", "unsure"}}` for every field. Other forms are accepted where
no value is in doubt, since a second response would be paid for and say the same:

- a value alone in place of its object; an object without evidence or `unsure`
- numbers and booleans in place of texts, in the characters of the JSON; rows as a text of JSON
- a field's own name in place of its alias; other case, spaces, hyphens or underscores; further keys
- objects around the answer, such as `{"fields": {...}}`; a list of `{"field", "value"}`
- Markdown fences, and sentences before and after

Malformed are a missing field, two different values for one field, and a value of another shape.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extraction.domain.field_types import InvalidValue, RowsShape, TextShape, normalize
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.rows import rows_of
from extraction.engines.teacher.prompting.field_aliases import aliases_of
from extraction.engines.teacher.prompting.response_json import DECODER, Json, Malformed, extract
from extraction.engines.teacher.prompting.response_keys import Keys, fold
from extraction.engines.teacher.protocol import Answer

__all__ = ["Malformed", "read"]

# Texts that some models write for `null`; the paper's prompts asked for the empty one.
NOTHING = frozenset({"", "none", "null", "n/a"})
MAX_PROBLEMS = 5

Row = dict[str, str | None]


def read(schema: Schema, text: str) -> dict[str, Answer]:
    """The answer to every field of `schema` in `text`. Raises `Malformed`."""
    entries = Keys.of(schema.fields).entries(extract(text))
    aliases = aliases_of(schema.fields)
    answers: dict[str, Answer] = {}
    problems: list[str] = []
    for field in schema.fields:
        try:
            answers[field.name] = _answer(field, aliases[field.name], entries.get(field.name, ()))
        except Malformed as problem:
            problems.append(str(problem))
    if problems:
        raise Malformed("; ".join(problems[:MAX_PROBLEMS]))
    return answers


def _answer(field: Field, place: str, entries: Sequence[Json]) -> Answer:
    """The answer that all `entries` for a field agree on. Raises `Malformed`."""
    if not entries:
        raise Malformed(f"{place}: missing")
    first, *others = (_entry(field, place, entry) for entry in entries)
    if any(other.value != first.value for other in others):
        raise Malformed(f"{place}: given twice with different values")
    unsure = any(answer.unsure for answer in (first, *others))
    return replace(first, unsure=unsure or _off_format(field, first.value))


def _entry(field: Field, place: str, entry: Json) -> Answer:
    if not isinstance(entry, dict):
        return Answer(_value(field, place, entry))
    parts = {fold(key): value for key, value in entry.items()}
    if "value" not in parts or len(parts) != len(entry) or set(parts) - {"value", "evidence", "unsure"}:
        raise Malformed(f'{place}: must be an object of "evidence", "value" and "unsure"')
    return Answer(
        _value(field, f"{place}.value", parts["value"]),
        _text(f"{place}.evidence", parts.get("evidence")),
        _flag(f"{place}.unsure", parts.get("unsure")),
    )


def _value(field: Field, place: str, value: Json) -> str | None:
    """The value as labels store it; `None` for rows without any value."""
    match field.kind.shape(field):
        case RowsShape(columns):
            content: object = _rows(columns, place, value)
        case TextShape(options):
            content = _option(options, place, _text(place, value))
    try:
        return field.kind.from_json(field, content)
    except InvalidValue as problem:
        reason = f"an answer {problem}" if field.kind.has_parts else f"must be {field.kind.noun} or null"
        raise Malformed(f"{place}: {reason}") from None


def _rows(columns: Sequence[Field], place: str, rows: Json) -> list[Row] | None:
    """Rows under the columns' own names, without empty ones."""
    if isinstance(rows, str):
        rows = _rows_in(rows)
    if rows is None:
        return None
    if not isinstance(rows, list):
        raise Malformed(f"{place}: must be a list of objects")
    keys, aliases = Keys.of(columns), aliases_of(columns)
    values = [_row(keys, columns, aliases, f"{place}.{number}", row) for number, row in enumerate(rows)]
    filled = [row for row in values if any(row.values())]
    return filled or None


def _rows_in(text: str) -> Json:
    """The JSON in a text that stands in place of rows, `None` for what means nothing; else the text."""
    try:
        return None if _text("", text) is None else DECODER.decode(text.strip())
    except (ValueError, RecursionError):
        return text


def _row(keys: Keys, columns: Sequence[Field], aliases: Mapping[str, str], place: str, row: Json) -> Row:
    if not isinstance(row, dict):
        raise Malformed(f"{place}: must be an object")
    entries = keys.row(row)
    return {part.name: _cell(part, f"{place}.{aliases[part.name]}", entries.get(part.name, ())) for part in columns}


def _cell(part: Field, place: str, values: Sequence[Json]) -> str | None:
    shape = part.kind.shape(part)
    options = shape.options if isinstance(shape, TextShape) else ()
    texts = {_option(options, place, _text(place, value)) for value in values}
    if len(texts) != 1:
        raise Malformed(f"{place}: {'given twice with different values' if texts else 'missing'}")
    return texts.pop()


def _option(options: Sequence[str], place: str, text: str | None) -> str | None:
    """The option that `text` spells, whatever its case; any text where there are no options."""
    if text is None or not options or text in options:
        return text
    matches = [option for option in options if option.casefold() == text.casefold()]
    if len(matches) != 1:
        raise Malformed(f"{place}: must be one of the options, or null")
    return matches[0]


def _text(place: str, value: Json) -> str | None:
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, list | dict):
        raise Malformed(f"{place}: must be a text or null")
    return None if value is None or value.strip().casefold() in NOTHING else value.strip()


def _flag(place: str, value: Json) -> bool:
    flags: Mapping[object, bool] = {None: False, False: False, True: True, "false": False, "true": True}
    key = value.strip().casefold() if isinstance(value, str) else value
    if isinstance(key, list | dict) or key not in flags:
        raise Malformed(f"{place}: must be true or false")
    return flags[key]


def _off_format(field: Field, value: str | None) -> bool:
    """Whether the field asks for a format that the value neither has nor can be brought into.

    Of rows: whether a cell does, or is no amount or number in a column of these.
    """
    if value is None or not field.kind.has_parts:
        return value is not None and not field.as_printed and normalize(field, value) is None
    columns = [part for part in field.fields if part.kind.numeric or not part.as_printed]
    cells = ((part, row.get(part.name)) for row in rows_of(field, value) or () for part in columns)
    return any(cell is not None and normalize(part, cell) is None for part, cell in set(cells))
