"""Files of another format as JSONL, so that they are checked, refused and stored as all label files are."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field, Schema
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.formats.protocol import LabelFormat, Value


class FieldNames:
    """Which field a tool's name fills: what was chosen, else the field of that name, or of its last part.

    A choice for a cell of rows is `group/field`. Names that fill nothing are counted in `passed_over`. Raises `Invalid`
    for a choice that names no field.
    """

    def __init__(self, schema: Schema, chosen: Mapping[str, str]) -> None:
        self._fields = {field.name: field for field in schema.fields}
        self._chosen = chosen
        self.passed_over: Counter[str] = Counter()
        cells = {f"{field.name}/{part.name}" for field in schema.fields for part in field.fields}
        for target in chosen.values():
            if target not in self._fields and target not in cells:
                raise Invalid(gettext_noop("There is no field named {name!r}."), name=target)

    def of(self, values: Mapping[str, Value]) -> dict[str, object]:
        """The values of a document by field; of several names for one field the first counts."""
        found = dict[str, object]()
        for name, value in values.items():
            field = self._field(name)
            is_rows = not (value is None or isinstance(value, str))
            if field is None or field.kind.has_parts != is_rows or field.name in found:
                self.passed_over[name] += 1
                if isinstance(value, Sequence) and not isinstance(value, str):
                    self.passed_over.update(f"{name}.{cell}" for row in value for cell in row)
            elif value is None or isinstance(value, str):
                found[field.name] = value
            else:
                found[field.name] = self._rows(name, field, value)
        return found

    def _field(self, name: str) -> Field | None:
        if name in self._chosen:
            return self._fields.get(self._chosen[name])
        written = re.sub(r"[^a-z0-9.]+", "_", name.casefold()).strip("_")
        candidates = (written.replace(".", "_"), written.rpartition(".")[2])
        return next((self._fields[candidate] for candidate in candidates if candidate in self._fields), None)

    def _rows(self, name: str, group: Field, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
        parts = {part.name for part in group.fields}
        found = []
        for row in rows:
            cells = dict[str, str]()
            for cell, text in row.items():
                held, _, part = self._chosen.get(f"{name}.{cell}", f"{group.name}/{cell}").partition("/")
                if held == group.name and part in parts and part not in cells:
                    cells[part] = text
                else:
                    self.passed_over[f"{name}.{cell}"] += 1
            if cells:
                found.append(cells)
        return found


def convert(format: LabelFormat, path: Path, names: FieldNames, target: Path) -> bool:
    """Write what a file says as JSONL, a document a line; whether any name fills a field. Raises `Invalid`."""
    filled = False
    with target.open("w", encoding="utf-8") as lines:
        for labelled in format.read(path):
            values = names.of(labelled.values)
            filled = filled or bool(values)
            lines.write(json.dumps({"file": str(labelled.file.resolve()), **values}) + "\n")
    return filled
