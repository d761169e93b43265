"""What became of the fields between two versions of a schema, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extraction.domain.fields import Field, Schema


def differences(before: Schema, after: Schema, renames: Mapping[str, str]) -> list[str]:
    """What became of the fields between two versions, where `renames` happened between them."""
    old = {renames.get(field.name, field.name): field for field in before.fields}
    changes = [f"Added {field.name} ({field.type})." for field in after.fields if field.name not in old]
    changes += [f"Deleted {field.name}." for name, field in old.items() if name not in after]
    for field in after.fields:
        if field.name in old:
            changes += _changed(old[field.name], field)
    if before.document != after.document:
        changes.append(f"One document is a {after.document}, before a {before.document}.")
    if before.name != after.name:
        changes.append(f"The project is called {after.name}, before {before.name}.")
    kept = [name for name in old if name in after]
    if kept != [name for name in after.names if name in old]:
        changes.append("The order of the fields changed.")
    return changes


def _changed(before: Field, after: Field) -> list[str]:
    changes = []
    if before.name != after.name:
        changes.append(f"Renamed {before.name} to {after.name}.")
    if before.type != after.type:
        changes.append(f"{after.name} is a {after.type}, before a {before.type}.")
    if before.instruction != after.instruction:
        changes.append(
            f"Instruction of {after.name}: “{after.instruction or 'none'}”, before “{before.instruction or 'none'}”."
        )
    rest = replace(before, name=after.name, type=after.type, instruction=after.instruction)
    if rest != after:
        changes.append(f"Other settings of {after.name} changed.")
    return changes
