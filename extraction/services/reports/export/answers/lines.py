"""Answers as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extraction.domain.results.extraction import ExtractionResult
from extraction.models import Extraction
from extraction.services.reports.export.answers.given import Given


class AnswerLines:
    """`{"file": …, "created": …, "batch": …}` a line, then what the API answers for an extraction, then under `student`
    and `teacher` what each says itself (null where the teacher did not answer)."""

    name = "jsonl"
    title = "JSONL"
    media_type = "application/jsonl"

    def filename(self, subject: Given) -> str:
        return f"{subject.stem}.jsonl"

    def write(self, subject: Given) -> Iterator[str]:
        for row, result in subject.rows():
            yield _line(row, result)


def _line(row: Extraction, result: ExtractionResult) -> str:
    value = {
        "file": row.name,
        "created": row.created.isoformat(),
        "batch": row.batch and str(row.batch.public_id),
        **result.to_json(),
        "student": row.student,
        "teacher": row.teacher,
    }
    return json.dumps(value, ensure_ascii=False) + "\n"
