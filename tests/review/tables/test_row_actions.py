"""Several reviewers and one table: changes of different rows stay, the same row is asked about, undo is by row."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from extraction.domain.fields import Schema
from extraction.models import Document, Label, Project, User
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.review.actions import Change
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.sheet import field_sheet
from extraction.services.review.tables.changes import OverwritingRows
from tests.review.sheets import best
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(project: Project) -> Document:
    document = builders.document(project)
    store.write(document, "items", text("tea", "cake", "egg"), source="teacher", teacher="rules")
    return document


def text(*names: str) -> str:
    return json.dumps([{"description": name, "amount": "1.00"} for name in names])


def names(document: Document) -> list[str]:
    label = best(document, "items")
    return [row["description"] for row in json.loads(label.value or "[]")] if label else []


def label(document: Document) -> int:
    found = best(document, "items")
    return found.pk if found else 0


def save(document: Document, rows: Sequence[str], actor: User, *, base: int | str, known: int = 0) -> Label:
    return actions.save(document, "items", text(*rows), known=known, actor=actor, base=base)


def test_changes_of_different_rows_both_stay(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    save(shown, ["tea", "cake", "toast"], ben, base=base)
    save(shown, ["coffee", "cake", "egg"], anna, base=base)
    assert names(shown) == ["coffee", "cake", "toast"]


def test_rows_that_both_added_stay_and_a_row_that_one_deleted_goes(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    save(shown, ["tea", "egg", "juice"], ben, base=base)
    save(shown, ["water", "tea", "cake", "egg"], anna, base=base)
    assert names(shown) == ["water", "tea", "egg", "juice"]


def test_the_same_row_is_asked_about_and_nothing_is_overwritten(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    theirs = save(shown, ["tea", "pie", "toast"], ben, base=base)
    with pytest.raises(OverwritingRows) as error:
        save(shown, ["tea", "scone", "egg"], anna, base=base)
    assert names(shown) == ["tea", "pie", "toast"]
    assert [row["description"] for row in error.value.merged.rows] == ["tea", "scone", "toast"]
    [clash] = error.value.merged.clashes
    assert (clash.at, clash.theirs and clash.theirs["description"]) == (1, "pie")
    assert ben.username in str(error.value)

    save(shown, ["tea", "scone", "toast"], anna, base=theirs.pk, known=theirs.pk)
    assert names(shown) == ["tea", "scone", "toast"]


def test_a_change_made_while_the_one_before_was_merged_keeps_both(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    save(shown, ["tea", "cake", "toast"], ben, base=base)
    sent = ["coffee", "cake", "egg"]
    saved = save(shown, sent, anna, base=base)
    save(shown, ["coffee", "pie", "egg"], anna, base=text(*sent), known=saved.pk)
    assert names(shown) == ["coffee", "pie", "toast"]


def test_repeating_a_request_changes_nothing(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    save(shown, ["tea", "cake", "toast"], ben, base=base)
    first = save(shown, ["coffee", "cake", "egg"], anna, base=base)
    assert save(shown, ["coffee", "cake", "egg"], anna, base=base) == first


def test_another_reviewers_word_about_the_whole_table_is_asked_about(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    actions.save(shown, "items", None, known=0, actor=ben)
    with pytest.raises(Overwriting):
        save(shown, ["coffee", "cake", "egg"], anna, base=base)


def test_a_page_that_names_no_base_overwrites_nobody(shown: Document, anna: User, ben: User) -> None:
    save(shown, ["tea", "cake", "toast"], ben, base=label(shown))
    with pytest.raises(Overwriting):
        actions.save(shown, "items", text("coffee"), known=0, actor=anna)


def test_undo_takes_back_the_rows_of_one_reviewer_alone(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    mine = save(shown, ["coffee", "cake", "egg"], anna, base=base)
    last = save(shown, ["coffee pot", "cake", "egg"], anna, base=mine.pk, known=mine.pk)
    save(shown, ["coffee pot", "cake", "toast"], ben, base=last.pk, known=last.pk)
    change = Change("items", mine.pk, last.pk, last.pk)
    actions.undo(shown, [change], actor=anna)
    assert names(shown) == ["tea", "cake", "toast"]
    actions.undo(shown, [change], actor=anna)
    assert names(shown) == ["tea", "cake", "toast"]


def test_undo_of_a_row_that_somebody_changed_since_is_refused(shown: Document, anna: User, ben: User) -> None:
    mine = save(shown, ["coffee", "cake", "egg"], anna, base=label(shown))
    save(shown, ["latte", "cake", "egg"], ben, base=mine.pk, known=mine.pk)
    with pytest.raises(Overwriting, match=f"not undone: {ben} changed the same rows since") as refusal:
        actions.undo(shown, [Change("items", mine.pk, mine.pk)], actor=anna)
    assert "choose" not in str(refusal.value)
    assert names(shown) == ["latte", "cake", "egg"]


def test_undo_without_others_gives_the_field_back_to_its_source(shown: Document, anna: User) -> None:
    mine = save(shown, ["coffee", "cake", "egg"], anna, base=label(shown))
    actions.undo(shown, [Change("items", mine.pk, mine.pk)], actor=anna)
    found = best(shown, "items")
    assert found is not None
    assert found.source == "teacher"


def test_large_tables_and_long_cells_are_stored_whole(shown: Document, anna: User) -> None:
    long = "x" * 10_000
    save(shown, [long, *map(str, range(5000))], anna, base=label(shown))
    assert names(shown) == [long, *map(str, range(5000))]


def test_cells_are_checked_by_the_types_of_their_columns(shown: Document, anna: User) -> None:
    rows = [
        {"description": "a", "quantity": "2", "amount": "RM 3.50"},
        {"description": "b", "quantity": None, "amount": "3.5o"},
        {"amount": "1.00"},
    ]
    actions.save(shown, "items", json.dumps(rows), known=0, actor=anna, base=label(shown))
    checks = field_sheet(shown, "items").checks
    assert [(doubt.row, doubt.column, doubt.doubt.value) for doubt in checks.doubts] == [(1, "amount", "unreadable")]
    assert (f"{checks.sum:.2f}", checks.unread) == ("4.50", 1)
    label_now = best(shown, "items")
    assert label_now is not None
    assert "3.5o" in (label_now.value or "")


@pytest.mark.parametrize(
    ("columns", "table", "doubtful"),
    [
        ("number money money", ["2 1.50 3.00", "3 1.50 4.60"], [1]),
        ("number money money", ["2 1.50 3.10"], [0]),
        ("number money money", ["19 100.00 19.00"], []),
        ("number money money money", ["19 12.34 2.34 14.68", "7 30.00 2.10 32.10"], []),
        ("number number money", ["1 19 3.50", "2 19 8.10", "3 7 2.25"], []),
        ("money", ["2.00", "3.00", "4.00"], []),
    ],
)
def test_rows_are_doubted_for_quantity_times_price_where_their_table_has_these(
    anna: User, columns: str, table: list[str], doubtful: list[int]
) -> None:
    parts = [{"name": f"column_{number}", "type": kind} for number, kind in enumerate(columns.split())]
    group = {"name": "lines", "type": "group", "fields": parts}
    schema = Schema.from_json({"name": "Bills", "document": "bill", "field": [group]})
    document = builders.document(builders.project(schema=schema))
    names = [part["name"] for part in parts]
    rows = [dict(zip(names, row.split(), strict=True)) for row in table]
    actions.save(document, "lines", json.dumps(rows), known=0, actor=anna)
    found = field_sheet(document, "lines").checks.doubts
    assert [(doubt.row, doubt.column, doubt.doubt.value) for doubt in found] == [
        (row, names[-1], "product") for row in doubtful
    ]


def test_history_and_conflicts_count_rows_instead_of_showing_json(shown: Document, anna: User, ben: User) -> None:
    base = label(shown)
    actions.save(shown, "items", None, known=0, actor=ben)
    actions.save(shown, "items", text("a", "b"), known=label(shown), actor=ben, base=label(shown))
    with pytest.raises(Overwriting, match=f"{ben.username} wrote “2 rows” for “items”"):
        actions.save(shown, "items", None, known=base, actor=anna)
