"""From scores of tokens to rows: cells by Viterbi, rows by their beginnings and by what they hold."""

from collections.abc import Callable

import numpy as np
import pytest

from extraction.domain.line_items.decoding import RowEvidence, cell_parts, spare_parts
from extraction.domain.line_items.segmentation import Cells, Segment, segments

Worth = Callable[[Cells], float]
TAGS = {
    ".": (-6.0, -6.0),
    "B": (6.0, -2.0),
    "I": (-2.0, 6.0),
    "b": (1.0, -6.0),
    "?": (0.5, -6.0),
    "s": (-2.0, -6.0),
}


def evidence(rows: str, *cells: str, pages: str = "", runs: str = "") -> RowEvidence:
    """One character a token: `B` begins, `I` goes on, `.` neither, `b` and `?` begin perhaps, `s` hardly."""
    size = len(rows)
    scores = np.array([[TAGS[tag] for tag in line] for line in cells], dtype=np.float32).reshape(len(cells), size, 2)
    page = np.array([int(number) for number in pages or "0" * size])
    run = np.array([ord(letter) for letter in runs]) if runs else np.arange(size)
    return RowEvidence(
        scores.transpose(1, 0, 2), np.array([TAGS[tag] for tag in rows], dtype=np.float32).reshape(size, 2), page, run
    )


def no_arithmetic(cells: Cells) -> float:
    return 0.0


def decode(given: RowEvidence, worth: Worth = no_arithmetic, texts: tuple[int, ...] = ()) -> list[Segment]:
    return segments(given, cell_parts(given), texts, worth)


def shown(rows: list[Segment]) -> list[dict[int, list[tuple[int, int]]]]:
    return [
        {field: [(part.first, part.last) for part in value] for field, value in sorted(row.cells.items())}
        for row in rows
    ]


def test_rows_begin_where_their_tags_begin() -> None:
    rows = decode(evidence("BIIBII", "BI.BI.", "..B..B"))
    assert shown(rows) == [{0: [(0, 1)], 1: [(2, 2)]}, {0: [(3, 4)], 1: [(5, 5)]}]
    assert all(row.margin > 0.9 for row in rows)


def test_a_row_begins_with_words_before_its_first_cell() -> None:
    assert shown(decode(evidence("BIIBII", ".BI.BI"))) == [{0: [(1, 2)]}, {0: [(4, 5)]}]


def test_two_values_of_one_field_are_two_rows_where_tags_are_in_doubt() -> None:
    rows = decode(evidence("BI?I", "B.B.", ".B.B"))
    assert shown(rows) == [{0: [(0, 0)], 1: [(1, 1)]}, {0: [(2, 2)], 1: [(3, 3)]}]
    assert min(row.margin for row in rows) < 0.7


def test_of_two_values_of_one_field_in_a_row_the_less_likely_is_left_out() -> None:
    assert shown(decode(evidence("BIII", "BI..", "..?.", "...B", "....", "...."))) == [
        {0: [(0, 1)], 1: [(2, 2)], 2: [(3, 3)]}
    ]
    assert shown(decode(evidence("BIIII", "BI...", "..?B.", "....B", ".....", "....."))) == [
        {0: [(0, 1)], 1: [(3, 3)], 2: [(4, 4)]}
    ]


def test_no_word_serves_two_fields() -> None:
    assert shown(decode(evidence("BIII", "BI..", "..b.", "..?.", "...B"))) == [{0: [(0, 1)], 1: [(2, 2)], 3: [(3, 3)]}]
    assert shown(decode(evidence("BIII", "BI..", "..b.", "..?B"))) == [{0: [(0, 1)], 1: [(2, 2)], 2: [(3, 3)]}]


def test_adjacent_texts_of_one_row_are_one_value() -> None:
    rows = evidence("BIIII", "BIBI.", "....B")
    assert shown(decode(rows, texts=(0,))) == [{0: [(0, 1), (2, 3)], 1: [(4, 4)]}]


def test_one_doubtful_cell_by_itself_is_no_row() -> None:
    fields = ("BI....", "..B..?", "...B..", "......")
    assert shown(decode(evidence("BIII.?", *fields))) == [{0: [(0, 1)], 1: [(2, 2)], 2: [(3, 3)]}]


def test_a_sure_beginning_makes_a_row_of_one_cell() -> None:
    rows = decode(evidence("BIBIBI", "BIBIBI", "......", "......", "......"))
    assert shown(rows) == [{0: [(0, 1)]}, {0: [(2, 3)]}, {0: [(4, 5)]}]


def test_rows_of_one_column_are_rows() -> None:
    assert shown(decode(evidence("BIBI", "BIBI"))) == [{0: [(0, 1)]}, {0: [(2, 3)]}]


def test_arithmetic_settles_what_tags_leave_open() -> None:
    def whole(cells: Cells) -> float:
        return 4.0 if sorted(cells) in ([0, 1], [2, 3]) else 0.0

    rows = evidence("BbbI", "B...", ".B..", "..B.", "...B")
    assert shown(decode(rows, whole)) == [{0: [(0, 0)], 1: [(1, 1)]}, {2: [(2, 2)], 3: [(3, 3)]}]


def test_arithmetic_may_call_a_spare_word() -> None:
    given = evidence("BIIII", "BI...", "..s.s", "...B.")
    parts = cell_parts(given)
    parts += spare_parts(given, parts, 1, [(at, at) for at in range(5)])

    def proven(cells: Cells) -> float:
        return 4.0 if 1 in cells and cells[1][0].first == 2 else 0.0

    assert shown(segments(given, parts, (0,), no_arithmetic)) == [{0: [(0, 1)], 2: [(3, 3)]}]
    assert shown(segments(given, parts, (0,), proven)) == [{0: [(0, 1)], 1: [(2, 2)], 2: [(3, 3)]}]


def test_many_fields_may_claim_the_same_words() -> None:
    rows = decode(evidence("B" + "I" * 31, *["B" * 32] * 12))
    places = [part.first for row in rows for value in row.cells.values() for part in value]
    assert rows
    assert len(places) == len(set(places))


def test_a_cell_goes_on_after_a_gap() -> None:
    assert shown(decode(evidence("BIIIBII", "BI.IB..", "..B..B."))) == [
        {0: [(0, 1), (3, 3)], 1: [(2, 2)]},
        {0: [(4, 4)], 1: [(5, 5)]},
    ]


def test_rows_do_not_cross_pages() -> None:
    rows = evidence("BIII", "BIBI", "....", pages="0011")
    assert shown(decode(rows, texts=(0,))) == [{0: [(0, 1)]}, {0: [(2, 3)]}]


def test_a_cell_that_goes_on_begins_anew_on_the_next_page() -> None:
    assert shown(decode(evidence("BIII", "BIII", pages="0011"))) == [{0: [(0, 1)]}, {0: [(2, 3)]}]


def test_a_run_of_letters_is_not_cut() -> None:
    assert shown(decode(evidence("BIIII", "BI?..", runs="aaabc"))) == [{0: [(0, 2)]}]


@pytest.mark.parametrize("size", [0, 1, 4])
def test_nothing_tagged_gives_no_rows(size: int) -> None:
    assert decode(evidence("." * size, "." * size)) == []
