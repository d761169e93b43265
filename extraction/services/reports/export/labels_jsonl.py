"""Labels as JSON lines, in the format that `load --labels` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extraction.domain.fields import Schema
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
    line |= {field.name: field.kind.to_json(label.value) if label.value else None for field, label in labels}
    if unsure := [field.name for field, label in labels if label.unsure]:
        line["unsure"] = list[object](unsure)
    return json.dumps(line, ensure_ascii=False) + "\n"
