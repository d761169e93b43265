"""Results of extraction: rounded once, and the same after they were stored."""

from extraction.domain.pages import Box, Page, Span, Word
from extraction.domain.prediction import FieldValue, RowValue
from extraction.domain.results.extraction import FieldAnswer, FileResult, Timing, fields_from_json, fields_to_json

PAGE = Page(800, 1200, (Word("3.30", Box(0.1234567, 0.2, 0.3, 0.4), 0.9, 0),))


def test_figures_are_rounded_for_callers() -> None:
    answer = FieldAnswer.of(FieldValue("3.30", "3.30", 0.123456, (Span(0, 0, 0),)), [PAGE])
    assert answer.to_json() == {
        "value": "3.30",
        "normalized": "3.30",
        "confidence": 0.1235,
        "boxes": [{"page": 0, "x0": 0.12346, "y0": 0.2, "x1": 0.3, "y1": 0.4}],
        "source": "student",
        "accepted": None,
    }
    assert Timing.of_seconds(ingest=0.00125, ocr=1, student=0, total=1.00125).to_json() == {
        "ingest": 1.2,
        "ocr": 1000,
        "student": 0,
        "total": 1001.2,
    }


def table() -> FieldAnswer:
    cell = FieldValue("3.30", "3.30", 0.98765, (Span(0, 0, 0),))
    row = RowValue({"amount": cell}, 0.912345, True)
    return FieldAnswer.of(FieldValue('[{"amount": "3.30"}]', '[{"amount": "3.30"}]', 0.8, (), (row,), False), [PAGE])


def test_rows_have_cells_with_places_and_checks() -> None:
    value = table().to_json()
    assert value["checks"] == {"sum": False}
    assert value["rows"] == [
        {
            "cells": {
                "amount": {
                    "value": "3.30",
                    "normalized": "3.30",
                    "confidence": 0.9877,
                    "boxes": [{"page": 0, "x0": 0.12346, "y0": 0.2, "x1": 0.3, "y1": 0.4}],
                }
            },
            "confidence": 0.9123,
            "checks": {"product": True},
        }
    ]
    assert table().columns == ("amount",)


def test_stored_fields_are_restored() -> None:
    fields = {
        "items": table(),
        "total": FieldAnswer.of(FieldValue("3.30", "3.30", 0.5, (Span(0, 0, 0),)), [PAGE]),
        "date": FieldAnswer.of(FieldValue(None, None), [PAGE]),
    }
    assert fields_from_json(fields_to_json(fields)) == fields


def test_a_refused_file_has_an_error_and_nothing_else() -> None:
    value = FileResult("a.jpg", error="It is empty.").to_json()
    assert value == {
        "file": "a.jpg",
        "error": "It is empty.",
        "fields": None,
        "timing_ms": None,
        "escalated": None,
        "usd": 0.0,
    }
