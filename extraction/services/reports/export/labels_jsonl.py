"""Labels as JSON lines, in the format that `load --labels` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.rows import rows_of
from extraction.services.reports.export.labelled_documents import LabelledDocument, Selected, labelled_documents

Json = str | list[object] | None


class LabelLines:
    """`{"file": …, field: value, …, "unsure": [field, …]}` a line, fields in the order of the schema.

    `file` is the document's name. `null` says "not on the document"; a field without a label is left out.
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
    return json.dumps(line, ensure_ascii=False) + "\n"


def _value(field: Field, text: str | None) -> Json:
    """Rows have the columns of today: label files know no others."""
    rows = rows_of(field, text) if text and field.kind.has_parts else None
    if rows is not None:
        return [dict(row) for row in rows]
    return field.kind.to_json(text) if text else None
