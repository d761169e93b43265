"""What review asks about rows: where cells stand, what the serving student thinks of them, rows read from a band."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.models import Document, ModelVersion, Project, Role, TrainingRun
from extraction.services.labels import store
from extraction.services.serving import registry
from tests.review.tables.line_student import LineStudent
from tests.review.tables.screen import ROWS, SCHEMA, document
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client: Client) -> Project:
    project = builders.project("receipts", schema=SCHEMA)
    client.force_login(builders.member(project, Role.REVIEWER))
    return project


@pytest.fixture
def serve(project: Project, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`serve(student)` makes it the serving one."""

    def serve(student: LineStudent) -> None:
        run = TrainingRun.objects.create(project=project, name="first")
        ModelVersion.objects.create(
            project=project, run=run, name="first", folder="x", sha256="0", bytes=1, stage=ModelVersion.Stage.PRODUCTION
        )
        monkeypatch.setattr(registry, "_load", lambda folder, sha256: student)

    return serve


def rows(client: Client, shown: Document) -> Any:
    return client.get(reverse("review_rows", args=["receipts", shown.pk]), {"field": "items"}).json()["rows"]


def band(client: Client, shown: Document, *lines: int, field: str = "items") -> Any:
    """The row that stands in the band of these lines."""
    boxes = [word.box for word in shown.domain_pages()[0].words if word.line in lines]
    query = {"page": 0, "x0": 0, "x1": 1, "y0": min(box.y0 for box in boxes), "y1": max(box.y1 for box in boxes)}
    return client.get(reverse("review_row", args=["receipts", shown.pk]), {"field": field, **query}).json()


def labelled_by(project: Project, source: str, values: Sequence[Mapping[str, str | None]] = ROWS) -> Document:
    shown = document(project, None)
    store.write(shown, "items", json.dumps(values), source=source, teacher="first", confidence=0.5)
    return shown


def doubts(client: Client, shown: Document) -> list[tuple[int, str, str, str | None]]:
    return [
        (number, name, cell["doubt"], cell["read"])
        for number, cells in enumerate(rows(client, shown))
        for name, cell in cells.items()
        if cell["doubt"]
    ]


def test_cells_stand_on_their_words_without_a_student(client: Client, project: Project) -> None:
    found = rows(client, labelled_by(project, "teacher"))
    assert found[1]["description"] == {"spans": [[0, 3, 4, 0, None]], "doubt": None, "read": None}
    assert all(cell["spans"] for cells in found for cell in cells.values())


def test_cells_of_which_the_student_is_not_sure_are_doubtful(client: Client, project: Project, serve: Any) -> None:
    serve(LineStudent(0.4))
    assert len(doubts(client, labelled_by(project, "student"))) == 3 * len(ROWS)
    assert doubts(client, labelled_by(project, "teacher")) == []


def test_cells_that_a_sure_student_reads_otherwise_are_doubtful(client: Client, project: Project, serve: Any) -> None:
    serve(LineStudent(0.95, misread={"8.40": "8.48"}))
    assert doubts(client, labelled_by(project, "student")) == [(1, "amount", "other", "8.48")]


def test_what_a_person_wrote_is_not_doubted(client: Client, project: Project, serve: Any) -> None:
    serve(LineStudent(0.4))
    shown = labelled_by(project, "reviewer")
    assert doubts(client, shown) == []
    assert rows(client, shown)[0]["amount"]["spans"]


def test_a_band_is_read_by_the_student(client: Client, project: Project, serve: Any) -> None:
    serve(LineStudent(0.9, misread={}))
    found = band(client, document(project, ROWS), 1)
    assert found["cells"] == {"description": "Green tea", "quantity": "2", "amount": "8.40"}
    assert found["places"]["description"] == [[0, 3, 4, 0, None]]


@pytest.mark.parametrize("blind", [(), ("Green",)])
def test_a_band_is_read_by_types_where_no_student_reads_it(
    client: Client, project: Project, serve: Any, blind: Sequence[str]
) -> None:
    if blind:
        serve(LineStudent(0.9, blind=blind))
    found = band(client, document(project, ROWS), 1)
    assert found["cells"] == {"description": "Green tea", "quantity": "2", "amount": "8.40"}


def test_a_student_of_before_rows_were_read_changes_nothing(client: Client, project: Project, serve: Any) -> None:
    class Old(LineStudent):
        def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
            return {"total": FieldValue("29.00", "29.00", 0.9)}

    serve(Old(0.9))
    shown = labelled_by(project, "teacher")
    assert doubts(client, shown) == []
    assert band(client, shown, 3)["cells"] == {"description": "Egg", "quantity": "2", "amount": "4.00"}


def test_a_band_without_words_has_no_cells(client: Client, project: Project) -> None:
    shown = document(project, ROWS)
    query = {"field": "items", "page": 0, "x0": 0, "y0": 0.98, "x1": 1, "y1": 0.99}
    assert client.get(reverse("review_row", args=["receipts", shown.pk]), query).json() == {"cells": {}, "places": {}}


@pytest.mark.parametrize(
    "query",
    [
        {"field": "total"},
        {"field": "nothing"},
        {},
        {"field": "items", "page": "-1", "x0": 0, "y0": 0, "x1": 1, "y1": 1},
        {"field": "items", "page": "0", "x0": "nan", "y0": 0, "x1": 1, "y1": 1},
        {"field": "items", "page": "0", "x0": "a", "y0": 0, "x1": 1, "y1": 1},
        {"field": "items", "page": "0"},
    ],
)
def test_other_questions_are_refused(client: Client, project: Project, query: dict[str, object]) -> None:
    assert client.get(reverse("review_row", args=["receipts", document(project, ROWS).pk]), query).status_code == 400


@pytest.mark.parametrize("value", ["no rows", "[]", '[{"description": null}]', "[{}]", "[1, 2]", '{"a": 1}'])
def test_odd_labels_have_no_places(client: Client, project: Project, value: str) -> None:
    found = rows(client, document(project, value))
    assert not any(cell["spans"] for cells in found for cell in cells.values())


def test_a_large_table_is_answered_without_places(client: Client, project: Project, serve: Any) -> None:
    serve(LineStudent(0.4))
    many = [{"description": f"Item {number}", "amount": "1.00"} for number in range(5000)]
    found = rows(client, document(project, many))
    assert len(found) == 5000


def test_a_page_without_words_has_no_places(client: Client, project: Project, serve: Any) -> None:
    serve(LineStudent(0.9))
    found = rows(client, document(project, ROWS, lines=("",)))
    assert not any(cell["spans"] for cells in found for cell in cells.values())
