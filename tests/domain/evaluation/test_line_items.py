"""Figures of rows: against the packages and counts that define them, and bounded for tables of any length."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import anls_star
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.domain.evaluation import row_texts
from extraction.domain.evaluation.line_items import FIGURES, GroupScore, TableScore, score_table
from extraction.domain.evaluation.row_texts import in_order, tree_accuracy
from extraction.domain.evaluation.scoring import Evaluation, Sheet, difference, evaluate
from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.comparison import CellState, answered, compare
from extraction.domain.line_items.rows import Row, text_of
from extraction.domain.prediction import FieldValue

ITEMS = Field("items", "group", fields=(Field("description"), Field("quantity", "number"), Field("amount", "money")))
SCHEMA = Schema("Receipts", "receipt", (Field("company"), ITEMS))
GROUP_ALONE = Schema("Receipts", "receipt", (ITEMS,))

TEA: Row = {"description": "tea", "quantity": "1", "amount": "3.50"}
RICE: Row = {"description": "fried rice", "quantity": "2", "amount": "16.00"}
SOUP: Row = {"description": "noodle soup", "quantity": None, "amount": "9.20"}

TEXTS = st.text(alphabet="ab1", min_size=1, max_size=4)
FULL_ROWS = st.lists(st.fixed_dictionaries({"description": TEXTS, "amount": TEXTS}), min_size=1, max_size=4)


def scored(truth: Sequence[Row], answer: Sequence[Row], field: Field = ITEMS) -> TableScore:
    return score_table(field, [truth], answer, UNKNOWN)


def group(*pairs: tuple[Sequence[Row], Sequence[Row]]) -> GroupScore:
    return GroupScore.of([scored(truth, answer) for truth, answer in pairs])


def value(answer: str | None) -> FieldValue:
    return FieldValue(answer, answer)


class TestCells:
    def test_each_cell_is_right_substituted_missing_or_invented(self) -> None:
        answer = [{**TEA, "amount": "RM 3.50"}, {**SOUP, "quantity": "1", "amount": None}, {"description": "x y z"}]
        table = scored([TEA, RICE, SOUP], answer)
        assert table.cells == {CellState.RIGHT: 4, CellState.MISSING: 4, CellState.INVENTED: 2}
        assert (table.true_rows, table.answered_rows, table.right_rows) == (3, 3, 1)
        assert table.corrections == 6
        substituted = scored([TEA], [{**TEA, "amount": "8.50"}])
        assert substituted.cells == {CellState.RIGHT: 2, CellState.SUBSTITUTED: 1}

    def test_cells_that_are_empty_on_both_sides_count_nothing(self) -> None:
        assert sum(scored([SOUP], [SOUP]).cells.values()) == 2

    def test_what_the_truth_does_not_know_is_never_wrong(self) -> None:
        answer = [{**TEA, "quantity": "7"}, {**RICE, "quantity": "7"}]
        truth = [{"description": "tea", "amount": "3.50"}, {"description": "fried rice", "amount": "16.00"}]
        assert scored(truth, answer).right
        assert scored(truth, answer).nted == scored(truth, answer).anls_star == 1

    def test_rows_without_any_cell_are_none(self) -> None:
        empty: Row = dict.fromkeys(TEA)
        assert scored([TEA, empty], [empty, TEA, empty]).right
        assert scored([], [empty]).right

    @pytest.mark.parametrize("text", [None, "", "no rows", '{"a": 1}', "[1, 2]"])
    def test_an_answer_without_rows_misses_all(self, text: str | None) -> None:
        table = scored([TEA], answered(ITEMS, value(text)))
        assert (table.nted, table.anls_star, table.corrections, table.answered_rows) == (0, 0, 3, 0)

    def test_a_group_that_is_not_on_the_document_is_right_where_nothing_is_answered(self) -> None:
        assert scored([], answered(ITEMS, None)) == scored([], answered(ITEMS, value("[]")))
        assert scored([], []).nted == 1
        invented = scored([], [TEA])
        assert (invented.nted, invented.anls_star, invented.corrections) == (0, 0, 3)

    def test_the_best_of_several_truths_counts(self) -> None:
        assert score_table(ITEMS, [[TEA], [TEA, RICE]], [TEA, RICE], UNKNOWN).right

    def test_cells_with_a_format_count_as_they_were_normalised(self) -> None:
        """What the answering system knew of the order of day and month, whoever compares need not know."""
        trips = Field("trips", "group", fields=(Field("day", "date", format="iso"), Field("fare", "money")))
        truth = [{"day": "2018-02-01", "fare": "3.5"}]
        answer = FieldValue(
            text_of([{"day": "01/02/2018", "fare": "3.5"}]), text_of([{"day": "2018-02-01", "fare": "3.50"}])
        )
        assert scored(truth, answered(trips, answer), trips).nted == 1
        assert answered(trips, replace(answer, normalized=None)) == ({"day": "01/02/2018", "fare": "3.5"},)


class TestComparison:
    def test_rows_stand_beside_their_partners_in_the_order_of_the_truth(self) -> None:
        invented: Row = {"description": "???"}
        rows = compare(ITEMS, [TEA, RICE, SOUP], [invented, SOUP, invented, TEA], UNKNOWN).rows()
        assert [(row.truth, row.answer) for row in rows] == [
            (None, invented),
            (TEA, TEA),
            (RICE, None),
            (SOUP, SOUP),
            (None, invented),
        ]
        assert [row.right for row in rows] == [False, True, False, True, False]

    @settings(deadline=None)
    @given(FULL_ROWS, FULL_ROWS)
    def test_every_row_is_there_once(self, truth: list[Row], answer: list[Row]) -> None:
        rows = compare(ITEMS, truth, answer, UNKNOWN).rows()
        assert [row.truth for row in rows if row.truth] == truth
        assert sorted(str(row.answer) for row in rows if row.answer) == sorted(map(str, answer))


class TestTexts:
    @settings(deadline=None)
    @given(FULL_ROWS, FULL_ROWS)
    def test_anls_star_is_that_of_the_package(self, truth: list[Row], answer: list[Row]) -> None:
        assert scored(truth, answer).anls_star == pytest.approx(anls_star.anls_score(truth, answer))

    @pytest.mark.parametrize(
        "answer", [[TEA], [RICE, TEA], [TEA, {"description": "fried rice"}], [TEA, RICE, SOUP], [{"amount": "1"}]]
    )
    def test_anls_star_of_rows_with_empty_cells(self, answer: list[Row]) -> None:
        truth = [TEA, {**RICE, "quantity": None}]
        printed = [[{name: cell for name, cell in row.items() if cell} for row in rows] for rows in (truth, answer)]
        assert scored(truth, answer).anls_star == pytest.approx(anls_star.anls_score(*printed))

    def test_tree_accuracy_is_the_distance_over_that_of_nothing(self) -> None:
        cells = [cell for row in (TEA, SOUP) for cell in row.values() if cell]
        everything = 1 + 2 + sum(1 + len(cell) for cell in cells)
        assert scored([TEA, SOUP], [TEA, {**SOUP, "amount": "9.30"}]).nted == pytest.approx(1 - 1 / everything)
        assert scored([TEA], [RICE, SOUP, RICE]).nted == 0

    def test_tree_accuracy_sees_the_order_of_rows_and_other_figures_do_not(self) -> None:
        table = scored([TEA, RICE], [RICE, TEA])
        assert table.right
        assert table.anls_star == 1 > table.nted

    def test_cells_with_a_format_are_compared_in_it(self) -> None:
        dates = Field("trips", "group", fields=(Field("day", "date", format="iso"),))
        assert scored([{"day": "25/12/2018"}], [{"day": "2018-12-25"}], dates).nted == 1
        printed = Field("trips", "group", fields=(Field("day", "date"),))
        assert scored([{"day": "25/12/2018"}], [{"day": "2018-12-25"}], printed).nted < 1


class TestLongTables:
    @settings(deadline=None)
    @given(FULL_ROWS, FULL_ROWS)
    def test_a_bound_never_makes_a_figure_better(self, truth: list[Row], answer: list[Row]) -> None:
        exact = scored(truth, answer)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(row_texts, "MOST_WORK", 0)
            patch.setattr(row_texts, "MOST_PAIRS", 0)
            bounded = scored(truth, answer)
        assert bounded.nted <= exact.nted
        assert 0 <= bounded.anls_star <= 1
        assert replace(bounded, nted=0, anls_star=0) == replace(exact, nted=0, anls_star=0)

    def test_rows_that_are_missing_or_misread_cost_what_they_cost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = [TEA, {**SOUP, "amount": "9.30"}]
        exact = scored([TEA, RICE, SOUP], answer)
        monkeypatch.setattr(row_texts, "MOST_WORK", 0)
        monkeypatch.setattr(row_texts, "MOST_PAIRS", 0)
        assert scored([TEA, RICE, SOUP], answer) == exact

    def test_thousands_of_rows_are_never_compared_each_with_each(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object) -> None:
            raise AssertionError("All rows were compared with all.")

        monkeypatch.setattr(row_texts, "distance", lambda *_: 10**6)
        monkeypatch.setattr(row_texts, "best_pairs", never)
        rows: list[Row] = [{**TEA, "description": f"tea {number}", "amount": f"{number}.00"} for number in range(2000)]
        table = scored(rows, [*rows[:700], *rows[701:]])
        assert table.cells == {CellState.RIGHT: 3 * 1999, CellState.MISSING: 3}
        assert table.anls_star == pytest.approx(1999 / 2000)

    @settings(deadline=None)
    @given(st.permutations(range(6)))
    def test_the_longest_chain_in_order(self, columns: list[int]) -> None:
        chain = in_order(list(enumerate(columns)))
        assert chain == sorted(chain)
        assert [column for _, column in chain] == sorted(column for _, column in chain)
        longest = [1] * 6
        for place, column in enumerate(columns):
            longest[place] += max((longest[other] for other in range(place) if columns[other] < column), default=0)
        assert len(chain) == max(longest)

    def test_texts_of_ten_thousand_characters(self) -> None:
        long: Row = {"description": "x" * 10_000, "amount": "3.50"}
        assert scored([long, TEA], [long, RICE]).nted > 0.9

    def test_pairs_out_of_order_are_not_used_for_a_tree(self) -> None:
        texts = [{"amount": "1"}, {"amount": "2"}]
        assert tree_accuracy(texts, texts[::-1], [(0, 1), (1, 0)]) < 1


class TestGroupScore:
    def test_means_are_over_documents_and_shares_over_all_cells(self) -> None:
        score = group(([TEA, RICE, SOUP], [TEA, RICE, SOUP]), ([TEA], [{**TEA, "amount": "8.50"}]), ([RICE], []))
        assert score.n == 3
        assert score.row_count_right.value == pytest.approx(2 / 3)
        assert score.row_f1.value == pytest.approx(2 * 3 / (5 + 4))
        assert score.cell_f1.value == pytest.approx(2 * 10 / (14 + 11))
        assert score.work_left.value == pytest.approx(4 / 14)
        assert score.corrections.value == pytest.approx(4 / 3)
        for name in FIGURES:
            low, high = score.figure(name).ci95
            assert low <= score.figure(name).value <= high

    def test_nothing_printed_and_nothing_answered_leaves_no_work(self) -> None:
        score = group(([], []), ([], []))
        assert [score.cell_f1.value, score.row_f1.value, score.nted.value, score.row_count_right.value] == [1] * 4
        assert score.work_left.value == score.corrections.value == 0

    def test_the_interval_narrows_with_documents(self) -> None:
        pairs = [([TEA], [TEA]), ([TEA], [{**TEA, "amount": "9"}])]
        widths = []
        for count in (10, 100):
            low, high = group(*pairs * count).cell_f1.ci95
            widths.append(high - low)
        assert widths[1] < widths[0] / 2

    def test_json_has_every_figure_with_its_interval(self) -> None:
        score = group(([TEA, RICE], [TEA]), ([SOUP], [SOUP]))
        written = json.loads(json.dumps(score.to_json()))
        assert set(written) == {"n", *FIGURES, *(f"{name}_ci95" for name in FIGURES)}
        assert GroupScore.from_json(written) == score


class TestEvaluation:
    ROWS = [
        (
            {"company": ["BOOK TA"], "items": [text_of([TEA, RICE])]},
            {"company": value("BOOK TA"), "items": value(text_of([TEA]))},
        ),
        ({"company": ["ABC"]}, {"company": value("XYZ")}),
        ({"items": [text_of([SOUP])]}, {}),
    ]

    def test_flat_figures_are_those_of_flat_fields_alone(self) -> None:
        whole = evaluate(SCHEMA, self.ROWS)
        alone = evaluate(Schema("Receipts", "receipt", (Field("company"),)), self.ROWS)
        assert (whole.documents, alone.documents) == (3, 2)
        assert replace(whole, documents=2, groups={}) == alone
        assert whole.groups["items"].n == 2
        assert Evaluation.from_json(json.loads(json.dumps(whole.to_json()))) == whole

    def test_a_schema_of_groups_alone_is_compared_by_their_rows(self) -> None:
        result = evaluate(GROUP_ALONE, self.ROWS)
        assert (result.documents, result.fields) == (2, {})
        assert result.mean_anls == result.groups["items"].anls_star.value == pytest.approx(0.25)
        assert result.all_fields == 0
        better = [(truths, {"items": value(truths["items"][0])}) for truths, _ in self.ROWS if "items" in truths]
        assert evaluate(GROUP_ALONE, better).all_fields == 1
        worse = [row for row in self.ROWS if "items" in row[0]]
        lead = difference(("left", Sheet.of(GROUP_ALONE, better)), ("right", Sheet.of(GROUP_ALONE, worse)))
        assert lead is not None
        assert lead.mean_anls == pytest.approx(0.75)

    @pytest.mark.parametrize("schema", [SCHEMA, GROUP_ALONE])
    def test_nothing_to_score(self, schema: Schema) -> None:
        for rows in ([], [({}, {})]):
            assert evaluate(schema, rows) == Evaluation(0, 0.0, (0.0, 0.0), 0.0, {})
            sheet = Sheet.of(schema, rows)
            assert difference(("left", sheet), ("right", sheet)) is None

    def test_a_truth_that_holds_no_rows_is_not_scored(self) -> None:
        result = evaluate(SCHEMA, [({"company": ["A"], "items": ["no rows"]}, {"company": value("A")})])
        assert (result.mean_anls, result.groups) == (1, {})
