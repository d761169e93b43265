"""Fields and the schema that lists them, read from and written to schema files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeGuard

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.field_types import AS_PRINTED, FieldType, registry
from extraction.domain.json_types import JsonObject
from extraction.domain.notation import texts

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
RESERVED_NAMES = frozenset({"file", "unsure", "id"})


class SchemaError(UserError):
    """A schema that cannot be used; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value to read. `type` is the name of a registered field type, `examples` are pairs (as it may be printed, as
    it is wanted)."""

    name: str
    type: str = "text"
    instruction: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    format: str = AS_PRINTED
    required: bool = False
    options: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def kind(self) -> FieldType:
        """The field's type. Raises `KeyError` where none of that name is registered."""
        return registry.get(self.type)

    @property
    def as_printed(self) -> bool:
        """Whether the printed text itself, not its normalised form, is the value to give and the one that is scored."""
        return self.format == AS_PRINTED and self.kind.scored_as_printed

    @property
    def title(self) -> str:
        """The name for people: `total_amount` becomes `Total amount`."""
        return self.name.replace("_", " ").capitalize()

    def to_json(self) -> JsonObject:
        """The field as in a schema file, without the keys that are at their default."""
        value: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.instruction:
            value["instruction"] = self.instruction
        if self.examples:
            value["examples"] = [list(pair) for pair in self.examples]
        if self.format != AS_PRINTED:
            value["format"] = self.format
        if self.required:
            value["required"] = True
        if self.options:
            value["options"] = list(self.options)
        if self.fields:
            value["fields"] = [part.to_json() for part in self.fields]
        return value

    @classmethod
    def from_json(cls, value: object, *, nested: bool = False, stored: bool = False) -> Self:
        """The field of a schema file, of a group's one where `nested`. Raises `SchemaError`.

        What was `stored` is not refused for what only new fields must not have.
        """
        if not isinstance(value, Mapping):
            raise SchemaError(gettext_noop("A field must be a table, not {value!r}."), value=value)
        name = value.get("name")
        if isinstance(name, str) and name in RESERVED_NAMES:
            raise SchemaError(
                gettext_noop("No field can be called {name!r}: label files use this name themselves."), name=name
            )
        if name == "":
            raise SchemaError(gettext_noop("A field needs a name."))
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SchemaError(
                gettext_noop(
                    "A field's name must be lower-case letters, digits and underscores and start with a "
                    "letter, not {name!r}."
                ),
                name=name,
            )
        unknown = set(value) - {"name", "type", "instruction", "examples", "format", "required", "options", "fields"}
        if unknown:
            raise SchemaError(
                gettext_noop("Field {name!r} has the unknown key {unknown!r}."), name=name, unknown=sorted(unknown)[0]
            )
        kind = _kind(name, value.get("type", "text"))
        parsed = cls(
            name=name,
            type=kind.name,
            instruction=_text(name, value, "instruction"),
            examples=_examples(name, value.get("examples", [])),
            format=_format(name, kind, _text(name, value, "format", AS_PRINTED)),
            required=_flag(name, value),
            options=_options(name, kind, value.get("options", [])),
            fields=_parts(name, kind, value.get("fields", []), nested, stored),
        )
        if not stored and (problem := kind.problem(parsed)):
            raise SchemaError(problem)
        return parsed


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one type of document; `document` is its noun in prompts (`receipt`)."""

    name: str
    document: str
    fields: tuple[Field, ...] = field(default=())

    def __getitem__(self, name: str) -> Field:
        """The field called `name`; raises `KeyError`."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(candidate.name == name for candidate in self.fields)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(candidate.name for candidate in self.fields)

    def to_json(self) -> JsonObject:
        """The value of a schema file; `from_json` restores an equal schema."""
        return {"name": self.name, "document": self.document, "field": [part.to_json() for part in self.fields]}

    @classmethod
    def restore(cls, value: Mapping[str, Any]) -> Self:
        """What `to_json` of an accepted schema gave, even where it would not be accepted today."""
        return cls.from_json(value, stored=True)

    @classmethod
    def from_json(cls, value: Mapping[str, Any], *, stored: bool = False) -> Self:
        """From the value of a schema file; raises `SchemaError`."""
        unknown = set(value) - {"name", "document", "field"}
        if unknown:
            raise SchemaError(gettext_noop("The schema has the unknown key {unknown!r}."), unknown=sorted(unknown)[0])
        for key in ("name", "document"):
            if not isinstance(value.get(key), str) or not value[key].strip():
                raise SchemaError(gettext_noop("The schema needs a text under {key!r}."), key=key)
        rows = value.get("field")
        if not _is_list(rows) or not rows:
            raise SchemaError(gettext_noop("The schema needs at least one [[field]]."))
        fields = tuple(Field.from_json(row, stored=stored) for row in rows)
        _unique([part.name for part in fields])
        return cls(value["name"].strip(), value["document"].strip(), fields)

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """From the text of a schema file; raises `SchemaError`, with line and column where the TOML is broken."""
        try:
            return cls.from_json(texts.toml(text, texts.THE_SCHEMA))
        except texts.Unreadable as error:
            raise SchemaError(str(error)) from None

    def to_toml(self) -> str:
        """The text of a schema file; `from_toml` restores an equal schema."""
        lines = [f"name = {_toml(self.name)}", f"document = {_toml(self.document)}"]
        for part in self.fields:
            lines += ["", "[[field]]", *(f"{key} = {_toml(value)}" for key, value in part.to_json().items())]
        return "\n".join(lines) + "\n"


def _kind(name: str, type_name: object) -> FieldType:
    if not isinstance(type_name, str) or type_name not in registry.names():
        known = ", ".join(registry.names())
        raise SchemaError(
            gettext_noop("Field {name!r} has the unknown type {type_name!r}; known are {known}."),
            name=name,
            type_name=type_name,
            known=known,
        )
    return registry.get(type_name)


def _text(name: str, value: Mapping[str, Any], key: str, default: str = "") -> str:
    text = value.get(key, default)
    if not isinstance(text, str):
        raise SchemaError(gettext_noop("The {key} of field {name!r} must be a text."), key=key, name=name)
    return text.strip()


def _flag(name: str, value: Mapping[str, Any]) -> bool:
    flag = value.get("required", False)
    if not isinstance(flag, bool):
        raise SchemaError(gettext_noop("'required' of field {name!r} must be true or false."), name=name)
    return flag


def _format(name: str, kind: FieldType, format: str) -> str:
    if format not in kind.formats:
        known = ", ".join(kind.formats)
        raise SchemaError(
            gettext_noop("Field {name!r} of type {kind} cannot have the format {format!r}; known are {known}."),
            name=name,
            kind=kind.name,
            format=format,
            known=known,
        )
    return format


def _examples(name: str, rows: object) -> tuple[tuple[str, str], ...]:
    if not _is_list(rows):
        raise SchemaError(gettext_noop("The examples of field {name!r} must be a list of pairs."), name=name)
    pairs = []
    for row in rows:
        if not _is_list(row) or len(row) != 2 or not all(isinstance(part, str) for part in row):
            raise SchemaError(
                gettext_noop("Each example of field {name!r} must be a pair of texts: as printed, as wanted."),
                name=name,
            )
        pairs.append((row[0], row[1]))
    return tuple(pairs)


def _options(name: str, kind: FieldType, options: object) -> tuple[str, ...]:
    if not _is_list(options) or not all(isinstance(option, str) and option.strip() for option in options):
        raise SchemaError(gettext_noop("The options of field {name!r} must be a list of texts."), name=name)
    if kind.has_options and not options:
        needs = gettext_noop("Field {name!r} of type {kind!s} needs at least one option.")
        raise SchemaError(needs, name=name, kind=kind.name)
    if options and not kind.has_options:
        raise SchemaError(gettext_noop("Field {name!r} of type {kind!s} has no options."), name=name, kind=kind.name)
    return tuple(option.strip() for option in options)


def _parts(name: str, kind: FieldType, rows: object, nested: bool, stored: bool) -> tuple[Field, ...]:
    if not _is_list(rows):
        raise SchemaError(gettext_noop("The fields of group {name!r} must be a list of tables."), name=name)
    if kind.has_parts and nested:
        raise SchemaError(
            gettext_noop("Group {name!r} stands inside another group, which is not supported."), name=name
        )
    if kind.has_parts and not rows:
        needs = gettext_noop("Field {name!r} of type {kind!s} needs at least one field of its own.")
        raise SchemaError(needs, name=name, kind=kind.name)
    if rows and not kind.has_parts:
        none = gettext_noop("Field {name!r} of type {kind!s} has no fields of its own.")
        raise SchemaError(none, name=name, kind=kind.name)
    parts = tuple(Field.from_json(row, nested=True, stored=stored) for row in rows)
    _unique([part.name for part in parts])
    return parts


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """A text is a sequence too, of its letters, and never meant as one."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _unique(names: Sequence[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise SchemaError(gettext_noop("The field name {name!r} is used twice."), name=name)


def _toml(value: object) -> str:
    """A value of a schema file as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string, except that TOML also wants DEL escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
    if _is_list(value):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    raise TypeError(f"A schema holds no {type(value).__name__}.")
