"""Which documents are picked for a teacher, and for which reason."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from extraction.domain.label_quality.layouts import SIZE
from extraction.domain.label_quality.selection import Candidate, Labelled, Pick, PickReason, choose, counts

BLANK = bytes(SIZE)


def vector(*parts: int) -> bytes:
    """Part `n` belongs to a shop; several are a mixture. Vectors of other shops have nothing in common."""
    numbers = np.zeros(SIZE)
    numbers[list(parts)] = 100
    return numbers.astype(np.int8).tobytes()


def near(shop: int, other: int) -> bytes:
    """Of that shop, with a little of its own: cosine similarity 0.95 to the shop's plain vector, 0.91 to its others."""
    numbers = np.zeros(SIZE)
    numbers[shop], numbers[other] = 95, 31
    return numbers.astype(np.int8).tobytes()


def candidates(shops: Sequence[int], doubt: float | None = 0.2, legibility: float = 1.0) -> list[Candidate]:
    return [Candidate(number, near(shop, 60 + number), legibility, doubt) for number, shop in enumerate(shops)]


def keys(picks: Sequence[Pick]) -> list[int]:
    return [pick.document for pick in picks]


def reasons(picks: Sequence[Pick]) -> list[PickReason]:
    return [pick.reason for pick in picks]


class TestUnlike:
    def test_no_near_duplicates_while_there_is_anything_else(self) -> None:
        picks = choose(candidates([1, 1, 1, 2, 2, 3]), [], 3)
        assert keys(picks) == [0, 3, 5]

    def test_a_layout_that_has_no_labels_comes_first(self) -> None:
        labelled = [Labelled(vector(1), right=0.9)] * 5
        picks = choose(candidates([1, 1, 2], doubt=0.5), labelled, 2)
        assert keys(picks)[0] == 2
        assert reasons(picks) == [PickReason.NEW_LAYOUT, PickReason.UNSURE]

    def test_where_nothing_is_labelled_every_layout_is_new_and_so_none_is(self) -> None:
        assert set(reasons(choose(candidates([1, 2, 3], doubt=None), [], 3))) == {PickReason.VARIED}


class TestCommon:
    def test_what_many_are_like_comes_before_what_is_rare(self) -> None:
        assert keys(choose(candidates([1, 2, 2, 2, 2]), [], 2)) == [1, 0]

    def test_one_of_a_common_layout_is_enough_while_there_are_others(self) -> None:
        picks = choose(candidates([1, 2, 3, *[4] * 30]), [], 4)
        assert len({key for key in keys(picks) if key >= 3}) == 1


class TestInformative:
    def test_the_least_sure_of_documents_alike_comes_first(self) -> None:
        rows = candidates([1, 2, 3, 4])
        rows[2] = replace(rows[2], doubt=0.9)
        assert keys(choose(rows, [], 1)) == [2]

    def test_a_document_that_nobody_read_counts_as_unsure(self) -> None:
        rows = candidates([1, 2, 3], doubt=0.9)
        rows[1] = replace(rows[1], doubt=None)
        assert keys(choose(rows, [], 1)) == [1]

    def test_documents_like_those_on_which_the_student_was_wrong_come_before_others(self) -> None:
        labelled = [Labelled(vector(1), mistakes=0.0), Labelled(vector(2), mistakes=0.9)]
        picks = choose(candidates([1, 2], doubt=0.1), labelled, 2)
        assert keys(picks) == [1, 0]
        assert reasons(picks) == [PickReason.MISTAKES, PickReason.VARIED]

    def test_sure_mistakes_weigh_more(self) -> None:
        labelled = [Labelled(vector(1), mistakes=0.5), Labelled(vector(2), mistakes=0.9)]
        assert keys(choose(candidates([1, 2]), labelled, 1)) == [1]

    def test_what_the_student_is_sure_of_is_still_worth_a_little(self) -> None:
        picks = choose(candidates([1, 2], doubt=0.0), [], 2)
        assert all(pick.score > 0 for pick in picks)


class TestRight:
    def test_layouts_whose_labels_are_mostly_wrong_wait(self) -> None:
        labelled = [Labelled(vector(1), right=0.2)] * 4 + [Labelled(vector(2), right=0.95)] * 4
        assert keys(choose(candidates([1, 2]), labelled, 2)) == [1, 0]

    def test_documents_that_were_read_badly_wait(self) -> None:
        rows = candidates([1, 2])
        rows[0] = replace(rows[0], legibility=0.5)
        assert keys(choose(rows, [], 2)) == [1, 0]

    def test_a_blank_page_comes_last_and_is_no_new_layout(self) -> None:
        rows = [Candidate(1, BLANK, 0.0), *(replace(row, document=row.document + 2) for row in candidates([1, 1]))]
        picks = choose(rows, [Labelled(vector(1), right=0.9)], 3)
        assert keys(picks)[-1] == 1
        assert (picks[-1].score, picks[-1].reason) == (0, PickReason.VARIED)


class TestRandom:
    def test_a_tenth_is_drawn_and_stands_evenly_among_the_others(self) -> None:
        picks = choose(candidates(list(range(40))), [], 20, "1/1")
        drawn = [number for number, pick in enumerate(picks) if pick.reason is PickReason.RANDOM]
        assert len(drawn) == 2
        assert drawn[0] < 10 <= drawn[1]

    @pytest.mark.parametrize(("count", "drawn"), [(9, 0), (10, 1), (11, 2), (40, 4)])
    def test_rounded_up_from_ten_documents_on(self, count: int, drawn: int) -> None:
        picks = choose(candidates(list(range(40))), [], count)
        assert counts(picks).get(PickReason.RANDOM, 0) == drawn

    def test_a_repeat_is_the_same_and_another_run_another(self) -> None:
        rows = candidates(list(range(50)))
        first = choose(rows, [], 30, "1/1")
        assert choose(reversed(rows), [], 30, "1/1") == first
        assert choose(rows, [], 30, "1/2") != first


def test_no_more_than_there_are_and_each_once() -> None:
    picks = choose(candidates([1, 2, 3]), [], 10)
    assert sorted(keys(picks)) == [0, 1, 2]
    assert sorted(keys(choose(candidates([1, 2, 3] * 10), [], None))) == list(range(30))
    assert choose([], [Labelled(vector(1))], 5) == []
    assert choose(candidates([1]), [], 0) == []


def test_picks_survive_the_row() -> None:
    picks = choose(candidates([1, 2]), [Labelled(vector(1))], 2)
    restored = [Pick.from_json(pick.to_json()) for pick in picks]
    assert [(pick.document, pick.reason) for pick in restored] == [(pick.document, pick.reason) for pick in picks]
    assert counts(restored) == counts(picks)


@pytest.mark.slow
@pytest.mark.parametrize("count", [120, None])
def test_ten_thousand_candidates_take_seconds(count: int | None) -> None:
    numbers = np.random.default_rng(1).integers(-100, 100, (14_000, SIZE)).astype(np.int8)
    rows = [Candidate(at, row.tobytes(), 0.9, at % 10 / 10) for at, row in enumerate(numbers[:10_000])]
    labelled = [Labelled(row.tobytes(), 0.9, 0.1) for row in numbers[10_000:]]
    began = time.process_time()
    assert len(choose(rows, labelled, count)) == (count or 10_000)
    assert time.process_time() - began < 5
