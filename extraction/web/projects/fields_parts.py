"""The fields of a group as rows of the form of the fields."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import registry
from extraction.domain.fields import Field, SchemaError
from extraction.domain.json_types import JsonObject
from extraction.domain.schemas.names import typed_name
from extraction.services.sentences import translated

T = TypeVar("T")

_INDEX = re.compile(r"field-(\d{1,4})-part-(\d{1,4})-name")


@dataclass(frozen=True)
class PartRow:
    """The inputs of one part, as text; `before` is its name when the form was opened, empty for a new one, and `added`
    one that the last button made."""

    name: str = ""
    type: str = "text"
    instruction: str = ""
    before: str = ""
    error: str = ""
    added: bool = False

    @classmethod
    def of(cls, part: Field) -> PartRow:
        return cls(part.name, part.type, part.instruction, part.name)

    @classmethod
    def posted(cls, values: Mapping[str, str], field: int) -> tuple[PartRow, ...]:
        """The parts of a field's row in the order in which the form sent them; empty new ones are left out."""
        own = (key for key in values if key.startswith(f"field-{field}-part-"))
        found = [match for key in own if (match := _INDEX.fullmatch(key))]

        def text(match: re.Match[str], key: str) -> str:
            return values.get(f"field-{match[1]}-part-{match[2]}-{key}", "").replace("\r\n", "\n").strip()

        return tuple(
            cls(typed_name(text(match, "name")), text(match, "type"), text(match, "instruction"), text(match, "before"))
            for match in found
        )

    @property
    def empty(self) -> bool:
        return not (self.name or self.instruction or self.before)

    @property
    def types(self) -> list[str]:
        """Types to choose from. What only a schema file can say of a part is offered where it is said already."""
        kinds = (registry.get(name) for name in registry.names())
        plain = [kind.name for kind in kinds if not kind.has_parts and not kind.has_options]
        return plain if self.type in plain else [*plain, self.type]

    def to_json(self, group: Field | None) -> JsonObject:
        """The part as in a schema file; settings without an input are kept from the `group` of before."""
        known = next((part for part in group.fields if part.name == self.before), None) if group else None
        kept = known.to_json() if known and known.type == self.type else {}
        return {**kept, "name": self.name, "type": self.type, "instruction": self.instruction}


def checked(parts: Sequence[PartRow], group: Field | None) -> tuple[PartRow, ...]:
    """The parts with their errors; `group` is the field of before."""
    return tuple(
        replace(part, error=_error(part, group, {other.name for other in parts[:at]})) for at, part in enumerate(parts)
    )


def _error(part: PartRow, group: Field | None, above: Container[str]) -> str:
    """The sentence that refuses the part, or nothing; `above` are the names of the parts above it."""
    if part.empty:
        return ""
    try:
        name = Field.from_json(part.to_json(group), nested=True).name
        if name in above:
            raise SchemaError(gettext_noop("The field name {name!r} is used twice."), name=name)
    except SchemaError as error:
        return translated(error)
    return ""


def moved(rows: Sequence[T], verb: str, index: int) -> list[T]:
    """The rows after `remove`, `up` or `down` of one of them; an index beyond them changes nothing."""
    changed = list(rows)
    if verb == "remove" and index < len(changed):
        del changed[index]
    elif verb in ("up", "down") and index < len(changed):
        changed.insert(max(index + (-1 if verb == "up" else 1), 0), changed.pop(index))
    return changed
