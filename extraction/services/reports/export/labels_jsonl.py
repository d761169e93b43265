"""Labels as JSON lines, in the format that `load --labels` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from extraction.domain.field_types import InvalidValue
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.rows import rows_of
from extraction.services.labels.alternatives import Alternative
from extraction.services.labels.label_files.jsonl import ALTERNATIVES, TEXT
from extraction.services.reports.export.labelled_documents import LabelledDocument, Selected, labelled_documents

Json = str | list[object] | Mapping[str, object] | None


class LabelLines:
    """`{"file": …, field: value, …, "unsure": [field, …]}` a line, fields in the order of the schema.

    `file` is the document's name. `null` says "not on the document"; a field without a label is left out. Where
    teachers have several values and no person answers for one, the others follow under "alternatives", what most say
    first: `{field: [{"value": …, "said_by": [name, …]}, …]}`; not in a project with a field of that name.
    """

    name = "jsonl"
    title = "JSONL"
    media_type = "application/jsonl"

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-labels.jsonl"

    def write(self, subject: Selected) -> Iterator[str]:
        schema = subject.project.schema
        for row in labelled_documents(subject):
            yield _line(schema, row)


def _line(schema: Schema, row: LabelledDocument) -> str:
    labels = [(field, row.labels[field.name]) for field in schema.fields if field.name in row.labels]
    line: dict[str, Json] = {"file": row.file}
    line |= {field.name: _value(field, label.value) for field, label in labels}
    if unsure := [field.name for field, label in labels if label.unsure]:
        line["unsure"] = list[object](unsure)
    others = {
        field.name: [_alternative(field, other) for other in row.alternatives[field.name]]
        for field in schema.fields
        if field.name in row.alternatives
    }
    if others and ALTERNATIVES not in schema:
        line[ALTERNATIVES] = others
    return json.dumps(line, ensure_ascii=False) + "\n"


def _alternative(field: Field, other: Alternative) -> dict[str, object]:
    return {"value": _value(field, other.label.value), "said_by": other.names}


def _value(field: Field, text: str | None) -> Json:
    """Rows have the columns of today: label files know no others. What these take for no rows is given as a text."""
    if not text or not field.kind.has_parts:
        return text or None
    found = rows_of(field, text)
    rows = None if found is None else list[object](map(dict, found))
    return {TEXT: text} if rows is None or not _loads(field, rows) else rows


def _loads(field: Field, rows: list[object]) -> bool:
    """Whether a label file may say so: labels of before may have longer cells than it takes."""
    try:
        field.kind.from_json(field, rows)
    except InvalidValue:
        return False
    return True
