"""What became of the fields between two versions of a schema, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field, Schema

ADDED = gettext_noop("Added {name} ({type!s}).")
DELETED = gettext_noop("Deleted {name}.")
RENAMED = gettext_noop("Renamed {before} to {now}.")
TYPE = gettext_noop("{name} is a {now!s}, before a {before!s}.")
INSTRUCTION = gettext_noop("Instruction of {name}: “{now}”, before “{before}”.")
INSTRUCTED = gettext_noop("Instruction of {name}: “{now}”, before none.")
UNINSTRUCTED = gettext_noop("Instruction of {name}: none, before “{before}”.")
OTHER = gettext_noop("Other settings of {name} changed.")
DOCUMENT = gettext_noop("One document is a {now}, before a {before}.")
PROJECT = gettext_noop("The project is called {now}, before {before}.")
ORDER = gettext_noop("The order of the fields changed.")
ORDER_WITHIN = gettext_noop("The order of the fields of {name} changed.")


def differences(before: Schema, after: Schema, renames: Mapping[str, str]) -> list[str]:
    """What became of the fields between two versions, where `renames` happened between them.

    Fields of a group are named with it, as in exports: `items/amount`.
    """
    old = {renames.get(field.name, field.name): field for field in before.fields}
    changes = _of_fields(old, after.fields)
    if before.document != after.document:
        changes.append(DOCUMENT.format(now=after.document, before=before.document))
    if before.name != after.name:
        changes.append(PROJECT.format(now=after.name, before=before.name))
    if _moved(old, after.fields):
        changes.append(ORDER)
    return changes


def _of_fields(old: Mapping[str, Field], fields: Sequence[Field], within: str = "") -> list[str]:
    """`old` are the fields of before by their names of today; `within` stands before all names."""
    now = {field.name for field in fields}
    changes = [ADDED.format(name=within + field.name, type=field.type) for field in fields if field.name not in old]
    changes += [DELETED.format(name=within + field.name) for name, field in old.items() if name not in now]
    for field in fields:
        if field.name in old:
            changes += _changed(old[field.name], field, within)
    return changes


def _moved(old: Mapping[str, Field], fields: Sequence[Field]) -> bool:
    """Whether the fields that stayed are in another order."""
    names = [field.name for field in fields]
    return [name for name in old if name in names] != [name for name in names if name in old]


def _changed(before: Field, after: Field, within: str) -> list[str]:
    name, changes = within + after.name, []
    if before.name != after.name:
        changes.append(RENAMED.format(before=before.name, now=after.name))
    if before.type != after.type:
        changes.append(TYPE.format(name=name, now=after.type, before=before.type))
    if before.instruction != after.instruction:
        told = INSTRUCTION if before.instruction and after.instruction else UNINSTRUCTED
        told = INSTRUCTED if not before.instruction else told
        changes.append(told.format(name=name, now=after.instruction, before=before.instruction))
    if before.fields and after.fields:
        parts = {part.name: part for part in before.fields}
        changes += _of_fields(parts, after.fields, f"{name}/")
        if _moved(parts, after.fields):
            changes.append(ORDER_WITHIN.format(name=name))
    rest = replace(before, name=after.name, type=after.type, instruction=after.instruction, fields=after.fields)
    if rest != after:
        changes.append(OTHER.format(name=name))
    return changes
