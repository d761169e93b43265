"""The fields of a project as rows of a form: each row keeps its inputs as they were typed, with the error beside."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import AS_PRINTED, FieldType, registry
from extraction.domain.fields import Field, Schema, SchemaError
from extraction.domain.json_types import JsonObject
from extraction.domain.schemas.names import typed_name
from extraction.services.sentences import translated
from extraction.web.numbers import whole
from extraction.web.projects import fields_parts
from extraction.web.projects.fields_parts import PartRow, moved

ARROW = "=>"
_ACTION = re.compile(r"(part-)?(add|remove|up|down)(?:-(\d{1,4}))?(?:-(\d{1,4}))?")
_INDEX = re.compile(r"field-(\d{1,4})-name")


@dataclass(frozen=True)
class Row:
    """The inputs of one field, as text; `before` is its name when the form was opened, empty for a new one."""

    name: str = ""
    type: str = "text"
    format: str = AS_PRINTED
    required: bool = False
    instruction: str = ""
    examples: str = ""
    options: str = ""
    parts: tuple[PartRow, ...] = ()
    before: str = ""
    error: str = ""

    @classmethod
    def of(cls, given: Field) -> Row:
        return cls(
            given.name,
            given.type,
            given.format,
            given.required,
            given.instruction,
            "\n".join(f"{_escaped(printed)} {ARROW} {_escaped(value)}" for printed, value in given.examples),
            "\n".join(given.options),
            tuple(map(PartRow.of, given.fields)),
            given.name,
        )

    @classmethod
    def posted(cls, values: Mapping[str, str], index: int) -> Row:
        def text(key: str) -> str:
            return values.get(f"field-{index}-{key}", "").replace("\r\n", "\n").strip()

        return cls(
            typed_name(text("name")),
            text("type"),
            text("format"),
            bool(text("required")),
            text("instruction"),
            text("examples"),
            text("options"),
            PartRow.posted(values, index),
            text("before"),
        )

    @property
    def kind(self) -> FieldType | None:
        """The type; `None` where the form sent one that does not exist."""
        return registry.get(self.type) if self.type in registry.names() else None

    @property
    def formats(self) -> tuple[str, ...]:
        return self.kind.formats if self.kind else (AS_PRINTED,)

    @property
    def shown_parts(self) -> tuple[PartRow, ...]:
        """At least one row to fill in."""
        return self.parts or (PartRow(),)

    def changed(self, verb: str, part: int | None) -> Row:
        """The row after a part was added (`part` is `None`), removed or moved."""
        if part is None:
            return replace(self, parts=(*self.shown_parts, PartRow(added=True)))
        return replace(self, parts=tuple(moved(self.parts, verb, part)))

    def checked(self, before: Field | None, above: Container[str]) -> tuple[Row, Field | None]:
        """The row with its errors, and its field where there are none; `above` are the names of the rows above it."""
        parts = fields_parts.checked(self.parts, before) if self.kind and self.kind.has_parts else self.parts
        row, field = replace(self, parts=parts, error=""), None
        try:
            if row.name and row.name in above:
                raise SchemaError(gettext_noop("The field name {name!r} is used twice."), name=row.name)
            if not any(part.error for part in parts):
                field = row.to_field(before)
        except SchemaError as error:
            row = replace(row, error=translated(error))
        return row, field

    def _parts(self, before: Field | None) -> list[JsonObject]:
        return [part.to_json(before) for part in self.parts if not part.empty]

    def to_field(self, before: Field | None) -> Field:
        """The field that the row declares; raises `SchemaError`.

        Settings of a group's parts for which the form has no input are kept from the field `before`.
        """
        kind = self.kind
        return Field.from_json(
            {
                "name": self.name,
                "type": self.type,
                "required": self.required,
                "instruction": self.instruction,
                "examples": [_example(self.name, line) for line in _lines(self.examples)],
                # A format that another type had is dropped with the type.
                "format": self.format if self.format in self.formats else AS_PRINTED,
                "options": _lines(self.options) if kind and kind.has_options else [],
                "fields": self._parts(before) if kind and kind.has_parts else [],
            }
        )


@dataclass(frozen=True)
class FieldsForm:
    """`error` concerns the whole form; an error of one field stands in its row.

    `seen` is the number of the version that the form was opened with.
    """

    name: str
    document: str
    rows: list[Row] = field(default_factory=list)
    error: str = ""
    seen: int | None = None

    @classmethod
    def of(cls, schema: Schema, seen: int | None = None) -> FieldsForm:
        return cls(schema.name, schema.document, [Row.of(part) for part in schema.fields], seen=seen)

    @classmethod
    def posted(cls, values: Mapping[str, str]) -> FieldsForm:
        """The rows in the order in which the form sent them."""
        indices = [int(match[1]) for key in values if (match := _INDEX.fullmatch(key))]
        rows = [Row.posted(values, index) for index in indices]
        seen = whole(values.get("seen", ""))
        return cls(values.get("name", "").strip(), values.get("document", "").strip(), rows, seen=seen)

    @property
    def renames(self) -> dict[str, str]:
        """New names by those of before."""
        return {row.before: row.name for row in self.rows if row.before and row.before != row.name}

    def changed(self, action: str) -> FieldsForm:
        """The form after `add`, `remove-2`, `up-2` or `down-2`, or the same of a part: `part-add-2` adds one to
        the third field, `part-up-2-1` moves its second one. Anything else changes nothing."""
        match = _ACTION.fullmatch(action)
        if match is None:
            return self
        part, verb, *numbers = match.groups()
        index, second = (int(number) if number else None for number in numbers)
        if index is None:
            return replace(self, rows=[*self.rows, Row()]) if verb == "add" and not part else self
        if not part:
            return replace(self, rows=moved(self.rows, verb, index))
        changed = [row.changed(verb, second) if at == index else row for at, row in enumerate(self.rows)]
        return replace(self, rows=changed)

    def as_new(self) -> FieldsForm:
        """The form of fields that are in no project yet: none of them has a name of before."""
        rows = [
            replace(row, before="", parts=tuple(replace(part, before="") for part in row.parts)) for row in self.rows
        ]
        return replace(self, rows=rows)

    def checked(self, current: Schema | None = None) -> tuple[FieldsForm, Schema | None]:
        """The form with its errors, and the schema where there are none."""
        known = {part.name: part for part in current.fields} if current else {}
        checked = [
            row.checked(known.get(row.before or row.name), {other.name for other in self.rows[:at]})
            for at, row in enumerate(self.rows)
        ]
        rows, fields = [row for row, _ in checked], [field for _, field in checked if field]
        if len(fields) < len(rows):
            return replace(self, rows=rows, error=gettext("Nothing was saved: see the fields marked below.")), None
        try:
            value = {"name": self.name, "document": self.document, "field": [part.to_json() for part in fields]}
            schema = Schema.from_json(value)
        except SchemaError as error:
            return replace(self, rows=rows, error=translated(error)), None
        return replace(self, rows=rows, error=""), schema


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _example(name: str, line: str) -> list[str]:
    printed, arrow, value = line.partition(ARROW)
    if not arrow:
        raise SchemaError(
            gettext_noop("Each example of field {name!r} is a line 'as printed {arrow} as wanted', not {line!r}."),
            name=name,
            arrow=ARROW,
            line=line,
        )
    return [_unescaped(printed), _unescaped(value)]


def _escaped(text: str) -> str:
    """An example on one line of the form: a line break within it shows as `\\n`."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text.strip())
