"""Layout of the network's tags: one output for each flat field, then for each group one for each of its fields and one
for its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.field_types import StudentTask
from extraction.domain.fields import Field, Schema


@dataclass(frozen=True, slots=True)
class GroupOutputs:
    """The outputs of the group `field`: `cells` for its fields in their order, and `rows`."""

    field: Field
    cells: range
    rows: int

    @property
    def all(self) -> range:
        return range(self.cells.start, self.rows + 1)


def pointed(schema: Schema) -> tuple[Field, ...]:
    """Flat fields whose values are located on the page, choices included; those that are not trained are left out."""
    return tuple(field for field in schema.fields if field.kind.student_task in (StudentTask.POINT, StudentTask.CHOOSE))


def chosen(schema: Schema) -> tuple[Field, ...]:
    return tuple(field for field in schema.fields if field.kind.student_task is StudentTask.CHOOSE)


def tabled(schema: Schema) -> tuple[Field, ...]:
    """Groups, whose rows are tagged."""
    return tuple(field for field in schema.fields if field.kind.student_task is StudentTask.ROWS)


def taught(schema: Schema) -> tuple[Field, ...]:
    """All fields that are trained, in the schema's order."""
    return tuple(field for field in schema.fields if field.kind.student_task is not StudentTask.NONE)


def group_outputs(schema: Schema) -> Sequence[GroupOutputs]:
    first = len(pointed(schema))
    outputs = []
    for field in tabled(schema):
        rows = first + len(field.fields)
        outputs.append(GroupOutputs(field, range(first, rows), rows))
        first = rows + 1
    return outputs


def number_of_outputs(schema: Schema) -> int:
    return len(pointed(schema)) + sum(len(field.fields) + 1 for field in tabled(schema))
