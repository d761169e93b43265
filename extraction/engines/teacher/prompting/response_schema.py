"""Response schema of a teacher, as pydantic models and as JSON schema.

Everything is required and nothing else is allowed, which providers call strict. The schema of each field's entry stands
under `$defs`: providers count alternatives such as "text or null" only where no reference leads to them, and allow few.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model
from pydantic import Field as Alias

from extraction.domain.field_types import RowsShape, TextShape
from extraction.domain.fields import Field, Schema
from extraction.domain.json_types import JsonObject
from extraction.engines.teacher.prompting.field_aliases import aliases_of

STRICT = ConfigDict(extra="forbid", strict=True)


class Text(BaseModel):
    """One field. The evidence comes first, so that the model has looked before it writes the value."""

    model_config = STRICT
    evidence: str | None
    value: str | None
    unsure: bool


class Rows(BaseModel):
    """One group: as `Text`, with rows for a value."""

    model_config = STRICT
    evidence: str | None
    value: list[Any]
    unsure: bool


@lru_cache(maxsize=64)
def response_model(schema: Schema) -> type[BaseModel]:
    """A model with one key for each field of `schema`, its alias (`aliases_of`)."""
    aliases = aliases_of(schema.fields)
    return _model("Answer", [(aliases[field.name], _entry(field, aliases[field.name])) for field in schema.fields])


def json_schema(schema: Schema) -> JsonObject:
    """The response schema as JSON schema, without the titles and descriptions that pydantic adds."""
    written: dict[str, Any] = plain(response_model(schema).model_json_schema())
    return written


def _entry(field: Field, key: str) -> type[BaseModel]:
    match field.kind.shape(field):
        case RowsShape(columns):
            return create_model(_title(key), __base__=Rows, value=(_list_of(_row(columns, key)), ...))
        case TextShape(options=()):
            return Text
        case TextShape(options):
            return create_model(_title(key), __base__=Text, value=(_text_type(options), ...))


def _row(columns: tuple[Field, ...], key: str) -> type[BaseModel]:
    aliases = aliases_of(columns)
    return _model(f"{_title(key)}Row", [(aliases[part.name], _cell(part)) for part in columns])


def _list_of(row: type[BaseModel]) -> Any:
    return list[row]  # type: ignore[valid-type]


def _model(title: str, types: Sequence[tuple[str, Any]]) -> type[BaseModel]:
    """A strict model of keys with their types. Keys are aliases, since one may be called like a method of a model."""
    attributes = {f"f{place}": (annotation, Alias(alias=key)) for place, (key, annotation) in enumerate(types)}
    return create_model(title, __config__=STRICT, **attributes)  # type: ignore[call-overload,no-any-return]


def _cell(field: Field) -> Any:
    shape = field.kind.shape(field)
    return _text_type(shape.options if isinstance(shape, TextShape) else ())


def _text_type(options: tuple[str, ...]) -> Any:
    if not options:
        return str | None
    one_of: Any = Literal
    return one_of[options] | None


def _title(key: str) -> str:
    """The name of a definition; the prefix keeps it apart from `Text` and `Answer`."""
    return "Of" + "".join(word.capitalize() for word in key.split("_"))


def plain(node: Any) -> Any:
    """A JSON schema without the titles and descriptions that pydantic adds."""
    if isinstance(node, dict):
        # A field may itself be called "title": its entry is an object, pydantic's own is a text.
        return {
            key: plain(value)
            for key, value in node.items()
            if key not in ("title", "description") or not isinstance(value, str)
        }
    return [plain(item) for item in node] if isinstance(node, list) else node
