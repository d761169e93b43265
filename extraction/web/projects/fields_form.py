"""The fields of a project as rows of a form: each row keeps what was typed, with what is wrong about it beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from extraction.domain.fields import AS_PRINTED, FORMATS, Field, FieldType, Schema, SchemaError

ARROW = "=>"
MOST_ROWS = 200
_INDEX = re.compile(r"field-(\d{1,4})-name")


@dataclass(frozen=True)
class Row:
    """What stands in the inputs of one field, as text."""

    name: str = ""
    type: str = FieldType.TEXT
    format: str = AS_PRINTED
    required: bool = False
    instruction: str = ""
    examples: str = ""
    options: str = ""
    parts: str = ""
    error: str = ""

    @classmethod
    def of(cls, given: Field) -> Row:
        return cls(
            given.name,
            given.type,
            given.format,
            given.required,
            given.instruction,
            "\n".join(f"{_shown(printed)} {ARROW} {_shown(wanted)}" for printed, wanted in given.examples),
            "\n".join(given.options),
            "\n".join(f"{part.name}: {part.type}" for part in given.fields),
        )

    @classmethod
    def posted(cls, values: Mapping[str, str], index: int) -> Row:
        def text(key: str) -> str:
            return values.get(f"field-{index}-{key}", "").replace("\r\n", "\n").strip()

        return cls(
            text("name"),
            text("type"),
            text("format"),
            bool(text("required")),
            text("instruction"),
            text("examples"),
            text("options"),
            text("parts"),
        )

    @property
    def formats(self) -> tuple[str, ...]:
        return FORMATS[FieldType(self.type)] if self.type in FieldType.__members__.values() else (AS_PRINTED,)

    def export(self, before: Field | None) -> dict[str, Any]:
        """As in a schema file; raises `SchemaError`. What the form cannot show of a group's parts stays."""
        value: dict[str, Any] = {"name": self.name, "type": self.type, "required": self.required}
        if self.instruction:
            value["instruction"] = self.instruction
        if self.examples:
            value["examples"] = [_example(self.name, line) for line in _lines(self.examples)]
        # A format that another type had is dropped with the type.
        if self.format in self.formats:
            value["format"] = self.format
        if self.type == FieldType.CHOICE:
            value["options"] = _lines(self.options)
        if self.type == FieldType.GROUP:
            value["fields"] = [_part(line, before) for line in _lines(self.parts)]
        return value


@dataclass(frozen=True)
class FieldsForm:
    """`error` concerns the whole; what concerns one field stands in its row."""

    name: str
    document: str
    rows: list[Row] = field(default_factory=list)
    error: str = ""

    @classmethod
    def of(cls, schema: Schema) -> FieldsForm:
        return cls(schema.name, schema.document, [Row.of(part) for part in schema.fields])

    @classmethod
    def posted(cls, values: Mapping[str, str]) -> FieldsForm:
        """The rows in the order in which the form sent them."""
        found = [int(match[1]) for key in values if (match := _INDEX.fullmatch(key))][:MOST_ROWS]
        rows = [Row.posted(values, index) for index in found]
        return cls(values.get("name", "").strip(), values.get("document", "").strip(), rows)

    def changed(self, action: str) -> FieldsForm:
        """The form after `add`, `remove-2`, `up-2` or `down-2`; anything else changes nothing."""
        rows = list(self.rows)
        verb, _, number = action.partition("-")
        index = int(number) if number.isdigit() else -1
        if verb == "add":
            rows.append(Row())
        elif 0 <= index < len(rows):
            _move(rows, verb, index)
        return replace(self, rows=rows)

    def checked(self, current: Schema) -> tuple[FieldsForm, Schema | None]:
        """The form with what is wrong with it, and the schema where nothing is."""
        rows, values, seen = [], [], set()
        known = {part.name: part for part in current.fields}
        for row in self.rows:
            before = known.get(row.name)
            try:
                if row.name in seen:
                    raise SchemaError(f"The field name {row.name!r} is used twice.")
                value = row.export(before)
                Field.parse(value)
                values.append(value)
                rows.append(replace(row, error=""))
            except SchemaError as error:
                rows.append(replace(row, error=str(error)))
            seen.add(row.name)
        if len(values) < len(rows):
            return replace(self, rows=rows, error="Nothing was saved: see the fields marked below."), None
        try:
            schema = Schema.parse({"name": self.name, "document": self.document, "field": values})
        except SchemaError as error:
            return replace(self, rows=rows, error=str(error)), None
        return replace(self, rows=rows, error=""), schema


def _move(rows: list[Row], verb: str, index: int) -> None:
    if verb == "remove":
        del rows[index]
    elif verb in ("up", "down"):
        rows.insert(max(index + (-1 if verb == "up" else 1), 0), rows.pop(index))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _example(name: str, line: str) -> list[str]:
    printed, arrow, wanted = line.partition(ARROW)
    if not arrow:
        raise SchemaError(f"Each example of field {name!r} is a line 'as printed {ARROW} as wanted', not {line!r}.")
    return [_meant(printed), _meant(wanted)]


def _shown(text: str) -> str:
    """An example on one line of the form: a line break within it shows as `\\n`."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _meant(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text.strip())


def _part(line: str, group: Field | None) -> dict[str, Any]:
    name, _, kind = (part.strip() for part in line.partition(":"))
    known = next((part for part in group.fields if part.name == name), None) if group else None
    kind = kind or FieldType.TEXT
    return known.export() if known and known.type == kind else {"name": name, "type": kind}
