"""What is to be read from a document: fields, their types and formats, and the schema file that names them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self, TypeGuard

from extraction.domain.errors import UserError

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
AS_PRINTED = "as printed"
DATE_FORMATS = (AS_PRINTED, "iso", "yyyymmdd", "dd/mm/yyyy", "mm/dd/yyyy", "dd.mm.yyyy", "yyyy-mm-dd")
RESERVED_NAMES = frozenset({"file", "unsure", "id"})


class SchemaError(UserError):
    """A schema that cannot be used; the message is one sentence for the person who wrote it."""


class FieldType(StrEnum):
    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    CHOICE = "choice"
    GROUP = "group"


FORMATS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.TEXT: (AS_PRINTED,),
    FieldType.DATE: DATE_FORMATS,
    FieldType.MONEY: (AS_PRINTED, "plain"),
    FieldType.NUMBER: (AS_PRINTED, "plain"),
    FieldType.CHOICE: (AS_PRINTED,),
    FieldType.GROUP: (AS_PRINTED,),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value to read. `examples` are pairs (as it may be printed, as it is wanted)."""

    name: str
    type: FieldType = FieldType.TEXT
    instruction: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    format: str = AS_PRINTED
    required: bool = False
    options: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    @property
    def as_printed(self) -> bool:
        """Whether the printed text itself, not its normalised form, is what is wanted and scored."""
        return self.format == AS_PRINTED and self.type is not FieldType.CHOICE

    @property
    def title(self) -> str:
        """The name for people: `total_amount` becomes `Total amount`."""
        return self.name.replace("_", " ").capitalize()

    def export(self) -> dict[str, Any]:
        """The field as in a schema file, without what is at its default."""
        value: dict[str, Any] = {"name": self.name, "type": str(self.type)}
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
            value["fields"] = [part.export() for part in self.fields]
        return value

    @classmethod
    def parse(cls, value: object, *, nested: bool = False) -> Self:
        """Raises `SchemaError`."""
        if not isinstance(value, Mapping):
            raise SchemaError(f"A field must be a table, not {value!r}.")
        name = value.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in RESERVED_NAMES:
            raise SchemaError(
                "A field's name must be lower-case letters, digits and underscores and start with a letter, "
                f"not {name!r}."
            )
        unknown = set(value) - {"name", "type", "instruction", "examples", "format", "required", "options", "fields"}
        if unknown:
            raise SchemaError(f"Field {name!r} has the unknown key {sorted(unknown)[0]!r}.")
        try:
            kind = FieldType(value.get("type", "text"))
        except ValueError:
            raise SchemaError(
                f"Field {name!r} has the unknown type {value['type']!r}; known are {', '.join(FieldType)}."
            ) from None
        return cls(
            name=name,
            type=kind,
            instruction=_text(name, value, "instruction"),
            examples=_examples(name, value.get("examples", [])),
            format=_format(name, kind, _text(name, value, "format", AS_PRINTED)),
            required=_flag(name, value),
            options=_options(name, kind, value.get("options", [])),
            fields=_parts(name, kind, value.get("fields", []), nested),
        )


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of one type of document; `document` is the noun a teacher is told (`receipt`)."""

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

    def export(self) -> dict[str, Any]:
        return {"name": self.name, "document": self.document, "field": [part.export() for part in self.fields]}

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Self:
        """From the value of a schema file; raises `SchemaError`."""
        unknown = set(value) - {"name", "document", "field"}
        if unknown:
            raise SchemaError(f"The schema has the unknown key {sorted(unknown)[0]!r}.")
        for key in ("name", "document"):
            if not isinstance(value.get(key), str) or not value[key].strip():
                raise SchemaError(f"The schema needs a text under {key!r}.")
        rows = value.get("field")
        if not _is_list(rows) or not rows:
            raise SchemaError("The schema needs at least one [[field]].")
        fields = tuple(Field.parse(row) for row in rows)
        _unique([part.name for part in fields])
        return cls(value["name"].strip(), value["document"].strip(), fields)

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """From the text of a schema file; raises `SchemaError`, with line and column where the TOML is broken."""
        try:
            return cls.parse(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise SchemaError(f"The schema is not valid TOML: {error}.") from None


def _text(name: str, value: Mapping[str, Any], key: str, default: str = "") -> str:
    text = value.get(key, default)
    if not isinstance(text, str):
        raise SchemaError(f"The {key} of field {name!r} must be a text.")
    return text.strip()


def _flag(name: str, value: Mapping[str, Any]) -> bool:
    flag = value.get("required", False)
    if not isinstance(flag, bool):
        raise SchemaError(f"'required' of field {name!r} must be true or false.")
    return flag


def _format(name: str, kind: FieldType, wanted: str) -> str:
    if wanted not in FORMATS[kind]:
        raise SchemaError(
            f"Field {name!r} of type {kind} cannot have the format {wanted!r}; known are {', '.join(FORMATS[kind])}."
        )
    return wanted


def _examples(name: str, rows: object) -> tuple[tuple[str, str], ...]:
    if not _is_list(rows):
        raise SchemaError(f"The examples of field {name!r} must be a list of pairs.")
    pairs = []
    for row in rows:
        if not _is_list(row) or len(row) != 2 or not all(isinstance(part, str) for part in row):
            raise SchemaError(f"Each example of field {name!r} must be a pair of texts: as printed, as wanted.")
        pairs.append((row[0], row[1]))
    return tuple(pairs)


def _options(name: str, kind: FieldType, options: object) -> tuple[str, ...]:
    if not _is_list(options) or not all(isinstance(option, str) and option.strip() for option in options):
        raise SchemaError(f"The options of field {name!r} must be a list of texts.")
    if (kind is FieldType.CHOICE) != bool(options):
        raise SchemaError(f"Field {name!r}: a choice needs options, and no other type has them.")
    return tuple(option.strip() for option in options)


def _parts(name: str, kind: FieldType, rows: object, nested: bool) -> tuple[Field, ...]:
    if not _is_list(rows):
        raise SchemaError(f"The fields of group {name!r} must be a list of tables.")
    if kind is FieldType.GROUP and nested:
        raise SchemaError(f"Group {name!r} stands inside another group, which is not supported.")
    if (kind is FieldType.GROUP) != bool(rows):
        raise SchemaError(f"Field {name!r}: a group needs fields, and no other type has them.")
    parts = tuple(Field.parse(row, nested=True) for row in rows)
    _unique([part.name for part in parts])
    return parts


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """A text is a sequence too, of its letters, and never meant as one."""
    return isinstance(value, Sequence) and not isinstance(value, str)


def _unique(names: Sequence[str]) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            raise SchemaError(f"The field name {name!r} is used twice.")
