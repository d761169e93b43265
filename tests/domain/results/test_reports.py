"""The stored JSON of reports: what earlier versions wrote is read, and written again to the byte."""

import json

from extraction.domain.results.reports import ReportValue

STORED = """\
{"project": "receipts", "split": "test", "against": "truth", "note": "Compared with truth.", "documents": 2, \
"systems": [{"name": "recorded", "kind": "teacher", "project": "receipts", "system": "recorded", "split": "test", \
"against": "truth", "note": "Compared with truth.", "documents_per_second": null, "documents": 2, "mean_anls": 0.875, \
"mean_anls_ci95": [0.75, 1.0], "all_fields": 0.5, "fields": {"total": {"n": 2, "anls": 0.875, \
"anls_ci95": [0.75, 1.0], "exact": 0.5, "normalized_exact": 0.5}}, \
"errors": [{"document": 7, "name": "a.jpg", "field": "total", "truth": "3.30", \
"answer": null, "nls": 0.0}]}], "teacher_usage": {"documents": 2, "input_tokens": 200, "output_tokens": 10, \
"usd": 0.3}}"""


def test_a_stored_report_is_read_and_written_to_the_byte() -> None:
    value = ReportValue.from_json(json.loads(STORED))
    assert json.dumps(value.to_json()) == STORED
    assert value.fields == ["total"]
    [system] = value.systems
    assert (system.name, system.kind, system.scores.mean_anls_ci95) == ("recorded", "teacher", (0.75, 1.0))
    assert system.errors[0].answer is None


def test_systems_are_found_by_name_and_by_kind() -> None:
    value = ReportValue.from_json(json.loads(STORED))
    assert value.system("recorded") is value.first("teacher") is value.systems[0]
    assert value.system("other") is value.first("student") is None
