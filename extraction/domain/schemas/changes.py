"""What became of the fields between two versions of a schema, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
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


def differences(before: Schema, after: Schema, renames: Mapping[str, str]) -> list[str]:
    """What became of the fields between two versions, where `renames` happened between them."""
    old = {renames.get(field.name, field.name): field for field in before.fields}
    changes = [ADDED.format(name=field.name, type=field.type) for field in after.fields if field.name not in old]
    changes += [DELETED.format(name=field.name) for name, field in old.items() if name not in after]
    for field in after.fields:
        if field.name in old:
            changes += _changed(old[field.name], field)
    if before.document != after.document:
        changes.append(DOCUMENT.format(now=after.document, before=before.document))
    if before.name != after.name:
        changes.append(PROJECT.format(now=after.name, before=before.name))
    kept = [name for name in old if name in after]
    if kept != [name for name in after.names if name in old]:
        changes.append(ORDER)
    return changes


def _changed(before: Field, after: Field) -> list[str]:
    changes = []
    if before.name != after.name:
        changes.append(RENAMED.format(before=before.name, now=after.name))
    if before.type != after.type:
        changes.append(TYPE.format(name=after.name, now=after.type, before=before.type))
    if before.instruction != after.instruction:
        told = INSTRUCTION if before.instruction and after.instruction else UNINSTRUCTED
        told = INSTRUCTED if not before.instruction else told
        changes.append(told.format(name=after.name, now=after.instruction, before=before.instruction))
    rest = replace(before, name=after.name, type=after.type, instruction=after.instruction)
    if rest != after:
        changes.append(OTHER.format(name=after.name))
    return changes
