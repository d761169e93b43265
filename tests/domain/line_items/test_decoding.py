"""From scores of tokens to rows: cells by Viterbi, rows by their beginnings and by what they hold."""

import numpy as np
import pytest

from extraction.domain.line_items.decoding import Part, RowEvidence, Segment, by_field, decode

TAGS = {".": (-6.0, -6.0), "B": (6.0, -2.0), "I": (-2.0, 6.0), "?": (0.5, -6.0), "b": (1.0, -6.0)}


def evidence(rows: str, *cells: str, pages: str = "", runs: str = "") -> RowEvidence:
    """One character a token: `B` begins, `I` goes on, `.` neither, `b` and `?` begin perhaps."""
    size = len(rows)
    scores = np.array([[TAGS[tag] for tag in line] for line in cells], dtype=np.float32).reshape(len(cells), size, 2)
    page = np.array([int(number) for number in pages or "0" * size])
    run = np.array([ord(letter) for letter in runs]) if runs else np.arange(size)
    return RowEvidence(
        scores.transpose(1, 0, 2), np.array([TAGS[tag] for tag in rows], dtype=np.float32).reshape(size, 2), page, run
    )


def shown(segments: list[Segment]) -> list[dict[int, list[tuple[int, int]]]]:
    return [
        {field: [(part.first, part.last) for part in parts] for field, parts in by_field(segment.parts).items()}
        for segment in segments
    ]


def no_arithmetic(parts: object) -> float:
    return 0.0


def test_rows_begin_where_their_tags_begin() -> None:
    segments = decode(evidence("BIIBII", "BI.BI.", "..B..B"), no_arithmetic)
    assert shown(segments) == [{0: [(0, 1)], 1: [(2, 2)]}, {0: [(3, 4)], 1: [(5, 5)]}]
    assert all(segment.margin > 0.9 for segment in segments)


def test_a_row_begins_with_words_before_its_first_cell() -> None:
    assert shown(decode(evidence("BIIBII", ".BI.BI"), no_arithmetic)) == [{0: [(1, 2)]}, {0: [(4, 5)]}]


def test_two_values_of_one_field_are_two_rows_where_tags_are_in_doubt() -> None:
    segments = decode(evidence("BI?I", "B.B.", ".B.B"), no_arithmetic)
    assert shown(segments) == [{0: [(0, 0)], 1: [(1, 1)]}, {0: [(2, 2)], 1: [(3, 3)]}]
    assert min(segment.margin for segment in segments) < 0.7


def test_arithmetic_settles_what_tags_leave_open() -> None:
    def whole(parts: list[Part]) -> float:
        return 4.0 if [part.first for part in parts] in ([0, 1], [2, 3]) else 0.0

    rows = evidence("BbbI", "B...", ".B..", "..B.", "...B")
    assert shown(decode(rows, whole)) == [{0: [(0, 0)], 1: [(1, 1)]}, {2: [(2, 2)], 3: [(3, 3)]}]


def test_a_cell_goes_on_after_a_gap() -> None:
    assert shown(decode(evidence("BIIIBII", "BI.IB..", "..B..B."), no_arithmetic)) == [
        {0: [(0, 1), (3, 3)], 1: [(2, 2)]},
        {0: [(4, 4)], 1: [(5, 5)]},
    ]


def test_rows_do_not_cross_pages() -> None:
    rows = evidence("BIII", "BIBI", "....", pages="0011")
    assert shown(decode(rows, no_arithmetic)) == [{0: [(0, 1)]}, {0: [(2, 3)]}]


def test_a_cell_that_goes_on_begins_anew_on_the_next_page() -> None:
    assert shown(decode(evidence("BIII", "BIII", pages="0011"), no_arithmetic)) == [{0: [(0, 1)]}, {0: [(2, 3)]}]


def test_a_run_of_letters_is_not_cut() -> None:
    assert shown(decode(evidence("BIIII", "BI?..", runs="aaabc"), no_arithmetic)) == [{0: [(0, 2)]}]


@pytest.mark.parametrize("size", [0, 1, 4])
def test_nothing_tagged_gives_no_rows(size: int) -> None:
    assert decode(evidence("." * size, "." * size), no_arithmetic) == []
