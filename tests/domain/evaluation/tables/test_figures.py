"""Parts of documents, student beside teacher: counted by hand, and the same from stored JSON."""

from __future__ import annotations

import json

import pytest

from extraction.domain.evaluation.tables.agreement import Agreement
from extraction.domain.evaluation.tables.figures import Figures, Tables, figures
from extraction.domain.evaluation.tables.partitions import OTHERS, UNKNOWN, Partition, PartitionKind, focus_band
from extraction.domain.evaluation.tables.rows import Facts, FrozenRow, Truth
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field, Schema
from extraction.domain.prediction import FieldValue

SCHEMA = Schema("Receipts", "receipt", (Field("company"), Field("total", "money")))


def row(
    number: int, student: tuple[str | None, str | None], teacher: tuple[str | None, str | None], **facts: object
) -> FrozenRow:
    """A document of Bean Ltd for 3.30 with what both answered."""

    def fields(company: str | None, total: str | None) -> dict[str, FieldValue]:
        return {"company": FieldValue(company, company, 0.5), "total": FieldValue(total, total)}

    truths = {"company": Truth("Bean Ltd", "Bean Ltd"), "total": Truth("3.30", "3.30")}
    answers = {"small": fields(*student), "llm": fields(*teacher)}
    return FrozenRow(number, f"{number}.jpg", truths, answers, Facts(**facts))  # type: ignore[arg-type]


RIGHT = ("Bean Ltd", "3.30")
ROWS = [
    row(1, RIGHT, RIGHT, focus=199.9, language="en", vendor="bean", vendor_documents=5, seen={"small": True}),
    row(2, RIGHT, ("Bean Ltd", "9.99"), focus=200, language="en", vendor="bean", vendor_documents=4),
    row(3, ("Bean Ltd", "9.99"), ("Bean Ltd", "9.99"), focus=1200, language="de", origin="upload"),
    row(4, ("Tea", "9.99"), (None, "8.88"), focus=None, language="de", origin="canary"),
]


@pytest.fixture(scope="module")
def counted() -> Figures:
    return figures(ROWS, SCHEMA, Conventions(), ["llm", "small"], ["small"], ["llm"])


def part(counted: Figures, kind: PartitionKind, of: str = "") -> Partition:
    found = counted.tables.partition(kind, of)
    assert found is not None
    return found


def keys(partition: Partition) -> list[tuple[str, int]]:
    return [(each.key, each.documents) for each in partition.parts]


@pytest.mark.parametrize(
    ("focus", "band"),
    [(0, "0-200"), (199.9, "0-200"), (200, "200-500"), (999.9, "750-1000"), (1e9, "1000-"), (None, "")],
)
def test_bands_of_focus_are_those_of_the_paper(focus: float | None, band: str) -> None:
    assert focus_band(focus) == band


class TestParts:
    def test_documents_are_told_apart_in_each_respect(self, counted: Figures) -> None:
        assert keys(part(counted, PartitionKind.FOCUS)) == [("0-200", 1), ("200-500", 1), ("1000-", 1), (UNKNOWN, 1)]
        assert keys(part(counted, PartitionKind.VENDORS)) == [("frequent", 1), ("rare", 1), (UNKNOWN, 2)]
        assert keys(part(counted, PartitionKind.SEEN, "small")) == [("seen", 1), (UNKNOWN, 3)]
        assert keys(part(counted, PartitionKind.LANGUAGE)) == [("de", 2), ("en", 2)]
        assert {key for key, _ in keys(part(counted, PartitionKind.ORIGIN))} == {UNKNOWN, "canary", "upload"}

    def test_a_part_is_scored_on_its_documents_alone(self, counted: Figures) -> None:
        german, english = part(counted, PartitionKind.LANGUAGE).parts
        assert english.systems["small"].mean_anls == 1
        assert english.systems["llm"].all_fields == 0.5
        assert german.systems["small"].fields == {"company": 0.5, "total": 0}
        assert german.systems["small"].all_fields_ci95 == (0, 0)

    def test_many_values_become_the_most_frequent_and_others(self) -> None:
        rows = [row(n, RIGHT, RIGHT, language=f"l{n % 20:02}") for n in range(39)]
        found = part(figures(rows, SCHEMA, Conventions(), ["small"]), PartitionKind.LANGUAGE)
        assert len(found.parts) == 13
        assert dict(keys(found))[OTHERS] == 39 - 24

    def test_what_is_not_known_stays_a_part_of_its_own(self) -> None:
        rows = [row(n, RIGHT, RIGHT, language=f"l{n % 15:02}") for n in range(30)]
        found = part(figures([*rows, row(30, RIGHT, RIGHT)], SCHEMA, Conventions(), ["small"]), PartitionKind.LANGUAGE)
        parts = dict(keys(found))
        assert (parts[UNKNOWN], parts[OTHERS], len(parts)) == (1, 6, 14)

    def test_a_document_without_truth_is_in_no_part(self) -> None:
        empty = FrozenRow(9, "9.jpg", {}, {}, Facts(language="fr"))
        found = part(figures([*ROWS, empty], SCHEMA, Conventions(), ["small"]), PartitionKind.LANGUAGE)
        assert [key for key, _ in keys(found)] == ["de", "en"]


class TestAgreement:
    def agreement(self, counted: Figures) -> Agreement:
        found = counted.tables.agreement("small")
        assert found is not None
        return found

    def test_answers_are_counted_by_who_is_right(self, counted: Figures) -> None:
        total = self.agreement(counted).total
        assert (total.both_right, total.student_only, total.teacher_only, total.both_wrong) == (4, 1, 0, 3)
        assert total.count == 8

    def test_the_same_wrong_answer_is_a_repeated_error(self, counted: Figures) -> None:
        agreement = self.agreement(counted)
        assert agreement.total.same == 1
        assert agreement.repeated is not None
        assert (agreement.repeated.hits, agreement.repeated.count) == (1, 4)
        # Of the total 9.99 twice with both, on four documents.
        assert agreement.total.chance == pytest.approx(2 * 2 / 4)

    def test_it_takes_more_than_chance_to_say_that_a_student_repeats_errors(self) -> None:
        copied = [row(n, ("Bean Ltd", f"{n}.00"), ("Bean Ltd", f"{n}.00")) for n in range(20)]
        alike = [row(n, ("Bean Ltd", "1.00"), ("Bean Ltd", "1.00")) for n in range(20)]
        for rows, repeats in ((copied, True), (alike, False)):
            counted = figures(rows, SCHEMA, Conventions(), ["llm", "small"], ["small"], ["llm"])
            assert self.agreement(counted).repeats is repeats

    def test_without_a_wrong_answer_nothing_is_repeated(self) -> None:
        counted = figures([row(1, RIGHT, RIGHT)], SCHEMA, Conventions(), ["llm", "small"], ["small"], ["llm"])
        assert self.agreement(counted).repeated is None
        assert self.agreement(counted).anls == 1


def test_what_is_stored_is_restored(counted: Figures) -> None:
    assert Tables.from_json(json.loads(json.dumps(counted.tables.to_json()))) == counted.tables
    for each in ROWS:
        assert FrozenRow.from_json(each.document, json.loads(json.dumps(each.to_json()))) == each


def test_a_pair_that_differs_on_all_documents_is_significant() -> None:
    rows = [row(n, RIGHT, (None, None)) for n in range(12)]
    (pair,) = figures(rows, SCHEMA, Conventions(), ["llm", "small"]).differences
    assert pair.mean_anls_p is not None
    assert pair.mean_anls_p < 0.01
    assert pair.reversed().mean_anls == -pair.mean_anls == 1


def test_no_documents_have_no_figures() -> None:
    counted = figures([], SCHEMA, Conventions(), ["llm", "small"], ["small"], ["llm"])
    assert (counted.documents, counted.tables.partitions, counted.differences) == (0, (), ())
