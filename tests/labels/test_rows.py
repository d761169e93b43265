"""Labels of groups: their rows with places and confidences, whoever gave them and whatever became of the schema."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Schema
from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue, RowValue
from extraction.models import BestLabel, Document, Label, Project, Source
from extraction.services.labels import conventions, rows, store
from extraction.services.projects import projects
from tests.support import builders

pytestmark = pytest.mark.django_db

Commits = Callable[..., AbstractContextManager[Any]]

PARTS = [{"name": "article"}, {"name": "amount", "type": "money"}]
LINES = ("Shop", "Tea 1,50", "Ham 4.00", "Total 5.50")
ROWS = [{"article": "Tea", "amount": "1,50"}, {"article": "Ham", "amount": None}]


def schema(*parts: dict[str, str], name: str = "items") -> Schema:
    fields = [{"name": "total", "type": "money"}, {"name": name, "type": "group", "fields": list(parts) or PARTS}]
    return Schema.from_json({"name": "Bills", "document": "bill", "field": fields})


@pytest.fixture
def document() -> Document:
    return builders.document(builders.project("bills", schema=schema()), *LINES)


def write(document: Document, value: object, given: Sequence[RowValue] | None = None) -> Label:
    text = value if isinstance(value, str) or value is None else json.dumps(value)
    return store.write(document, "items", text, source=Source.STUDENT, teacher="small", rows=given)


def read(label: Label) -> list[dict[str, tuple[str | None, str | None]]]:
    fresh = Label.objects.select_related("document__project__schema_version").get(pk=label.pk)
    found = rows.rows_of_label(fresh)
    return [{name: (cell.value, cell.normalized) for name, cell in row.cells.items()} for row in found]


def test_rows_have_texts_and_what_they_mean(document: Document) -> None:
    label = write(document, ROWS)
    assert read(label) == [{"article": ("Tea", "Tea"), "amount": ("1,50", "1.50")}, {"article": ("Ham", "Ham")}]


def test_what_cannot_be_read_has_no_meaning(document: Document) -> None:
    assert read(write(document, [{"amount": "free"}])) == [{"amount": ("free", None)}]


@pytest.mark.parametrize("value", [None, "no rows", "{}", "[1, 2]", "[[]]", "[" * 5000])
def test_a_label_without_rows_has_none(document: Document, value: str | None) -> None:
    assert read(write(document, value)) == []


def test_a_row_of_columns_that_are_gone_is_a_row_without_cells(document: Document) -> None:
    assert read(write(document, [{"unknown": "x"}])) == [{}]


@pytest.mark.parametrize("empty", [{}, {"article": None, "amount": None}, {"article": "", "unknown": None}])
@pytest.mark.parametrize("source", list(Source))
def test_rows_of_nothing_are_none_whoever_says_so(document: Document, source: Source, empty: dict[str, object]) -> None:
    def stored(*said: dict[str, Any]) -> str | None:
        return store.write(document, "items", json.dumps(said), source=source, normalized=json.dumps(said)).value

    assert stored(empty, *ROWS, empty) == json.dumps(ROWS)
    assert read(document.labels.latest("pk"))[0]["amount"] == ("1,50", "1.50")
    assert stored(empty) == "[]"


def test_places_stay_with_their_rows_where_rows_of_nothing_are_left_out(document: Document) -> None:
    given = [RowValue({}), RowValue({"article": FieldValue("Tea", "Tea", 0.9, (Span(0, 1, 1),))}, 0.35), RowValue({})]
    label = write(document, [{}, {"article": "Tea"}, {}], given)
    (row,) = rows.rows_of_label(label)
    assert (row.confidence, row.cells["article"].spans) == (0.35, (Span(0, 1, 1),))


def test_places_and_confidences_are_kept(document: Document) -> None:
    given = [
        RowValue(
            {
                "article": FieldValue("Tea", "Tea", 0.9, (Span(0, 1, 1),)),
                "amount": FieldValue("1,50", "1.50", 0.4, (Span(0, 2, 2),)),
            },
            0.35,
            True,
        ),
        RowValue({"article": FieldValue("Ham", "Ham", 0.8, (Span(0, 3, 3, 0, 2),))}, 0.7),
    ]
    label = write(document, ROWS, given)
    label.refresh_from_db()
    assert rows.rows_of_label(label) == tuple(given)
    assert rows.placed_rows(label, document.project.schema["items"], document.domain_pages()) == tuple(given)


def texts(document: Document, found: Sequence[RowValue]) -> list[dict[str, str]]:
    pages = document.domain_pages()
    return [
        {name: " ".join(span.text(pages) for span in cell.spans) for name, cell in row.cells.items()} for row in found
    ]


def test_rows_of_a_source_that_knows_no_places_are_found_on_the_pages(document: Document) -> None:
    label = write(document, [*ROWS, {"article": "Gorgonzola"}])
    field = document.project.schema["items"]
    found = rows.placed_rows(label, field, document.domain_pages())
    assert texts(document, found) == [{"article": "Tea", "amount": "1,50"}, {"article": "Ham"}, {"article": ""}]
    assert rows.placed_rows(label, field, ()) == rows.rows_of_label(label)


def test_rows_are_found_anew_where_a_document_was_read_again(document: Document) -> None:
    given = [RowValue({"article": FieldValue("Tea", "Tea", 0.9, (Span(0, 1, 1),))}, 0.9)]
    label = write(document, [{"article": "Tea"}], given)
    before, page = document.domain_pages(), document.pages.get()
    page.words = builders.page("An added line", *LINES).to_json()["words"]
    page.save()
    store.locate_spans(document, before)
    label.refresh_from_db()
    [row] = rows.placed_rows(label, document.project.schema["items"], document.domain_pages())
    assert texts(document, [row]) == [{"article": "Tea"}]
    assert (row.confidence, row.cells["article"].confidence) == (0.9, 0.9)


def test_places_that_the_pages_no_longer_have_are_left_out(document: Document) -> None:
    given = [RowValue({"article": FieldValue("Tea", "Tea", 0.9, (Span(0, 90, 91),))}, 0.9)]
    label = write(document, [{"article": "Tea"}], given)
    field = document.project.schema["items"]
    assert texts(document, rows.placed_rows(label, field, document.domain_pages())) == [{"article": "Tea"}]
    assert rows.placed_rows(label, field, ())[0].cells["article"].spans == ()


def test_many_rows_and_long_cells_are_kept(document: Document) -> None:
    value = [{"article": "x" * 10_000, "amount": "1.00"}, *({"article": str(n), "amount": "2.00"} for n in range(5000))]
    label = write(document, value)
    assert len(read(label)) == 5001
    best = BestLabel.objects.get()
    assert (best.number, len(best.text)) == (5001, 200)


def test_an_upgrade_counts_the_rows_of_labels_that_were_there(document: Document) -> None:
    write(document, ROWS)
    said = BestLabel.objects.values_list("text", "number").get()
    assert said == ("tea 1.50 ham", 2)
    BestLabel.objects.update(text=json.dumps(ROWS)[:200], number=None)
    import_module("extraction.migrations.0021_label_rows").summarise(apps, None)
    assert BestLabel.objects.values_list("text", "number").get() == said


# --- schema changes --------------------------------------------------------------------------------------------------


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Commits) -> Commits:
    """Sends events within a test."""
    return django_capture_on_commit_callbacks


@pytest.fixture
def label(document: Document) -> Label:
    return write(document, ROWS)


def changed(project: Project, to: Schema, **renames: str) -> None:
    projects.change_schema(project, to, renames=renames)


def test_a_column_that_is_gone_is_left_out_and_a_new_one_is_empty(label: Label) -> None:
    changed(label.document.project, schema({"name": "amount", "type": "money"}, {"name": "quantity"}))
    assert read(label) == [{"amount": ("1,50", "1.50")}, {}]


def test_rows_follow_the_new_name_of_their_group(label: Label) -> None:
    changed(label.document.project, schema(name="lines"), items="lines")
    assert read(label)[0]["article"] == ("Tea", "Tea")


def test_a_group_that_is_gone_or_none_any_more_has_no_rows(label: Label) -> None:
    project = label.document.project
    changed(project, Schema.from_json({**schema().to_json(), "field": [{"name": "items"}]}))
    assert read(label) == []
    changed(project, Schema.from_json({**schema().to_json(), "field": [{"name": "total", "type": "money"}]}))
    assert read(label) == []


def test_rows_are_read_anew_where_a_part_has_another_type(label: Label, commits: Commits) -> None:
    parts = [{"name": "article"}, {"name": "amount"}]
    with commits(execute=True):
        changed(label.document.project, schema(*parts))
    assert read(label)[0]["amount"] == ("1,50", "1,50")
    with commits(execute=True):
        changed(label.document.project, schema())
    assert read(label)[0]["amount"] == ("1,50", "1.50")


@pytest.mark.parametrize("field", [{"type": "money"}, {"type": "group", "fields": PARTS}, {"type": "number"}, {}])
@pytest.mark.parametrize("value", ["Tea", "3.30", json.dumps(ROWS)])
def test_values_of_a_field_of_another_type_are_read_anew(
    document: Document, commits: Commits, field: dict[str, object], value: str
) -> None:
    project = document.project
    for before, after in (({"type": "date"}, field), (field, {"type": "date"})):
        with commits(execute=True):
            changed(project, Schema.from_json({**schema().to_json(), "field": [{"name": "total", **before}]}))
        meant = "2018-12-25" if before == {"type": "date"} else None
        label = store.write(document, "total", value, source=Source.TRUTH, normalized=meant)
        with commits(execute=True):
            changed(project, Schema.from_json({**schema().to_json(), "field": [{"name": "total", **after}]}))
        label.refresh_from_db()
        assert label.normalized == conventions.in_format(project.schema["total"], value, UNKNOWN, ())
        best = BestLabel.objects.get(field="total")
        assert best.label == label
        if label.normalized is None:
            assert best.number is None
