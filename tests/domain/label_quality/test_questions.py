"""Which questions a round asks, and what random ones say about all labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from extraction.domain.evaluation.proportions import upper_bound
from extraction.domain.label_quality.crops import ASPECT, crop
from extraction.domain.label_quality.questions import Candidate, at_random, choose, draw, score
from extraction.domain.label_quality.stopping import Standing
from extraction.domain.pages import Box

LABELS = [Candidate(number, number, 0.5 - number / 1000) for number in range(100)]


def test_the_most_probably_wrong_label_is_asked_first() -> None:
    assert [each.label for each in choose(reversed(LABELS), 3, {})] == [0, 1, 2]


def test_required_fields_count_more() -> None:
    required = Candidate(7, 7, 0.4, weight=1.5)
    assert choose([LABELS[0], required], 1, {}) == [required]


def test_a_vendor_that_was_asked_about_often_waits() -> None:
    known = Candidate(1, 1, 0.5, cluster="acme")
    assert score(known, 3) == pytest.approx(0.25)
    other = Candidate(2, 2, 0.3, cluster="bean")
    assert choose([known, other], 1, {"acme": 3}) == [other]


def test_questions_of_one_round_make_their_vendor_wait_too() -> None:
    same = [Candidate(number, number, 0.5, cluster="acme") for number in range(3)]
    other = Candidate(9, 9, 0.4, cluster="bean")
    assert [each.label for each in choose([*same, other], 2, {})] == [0, 9]


def test_two_questions_a_document_and_round() -> None:
    one = [Candidate(number, 1, 0.5) for number in range(5)]
    assert len(choose(one, 5, {})) == 2
    assert len(choose(one, 5, {}, taken=[Candidate(77, 1, 0.9)])) == 1


def test_what_a_vendor_keeps_is_asked_once() -> None:
    kept = [Candidate(number, number, 0.5, once="acme address") for number in range(5)]
    assert len(choose(kept, 5, {})) == 1
    assert choose(kept, 5, {}, taken=[replace(kept[0], label=77, document=77)]) == []


def test_labels_that_are_hardly_doubtful_are_left_to_chance() -> None:
    assert choose([Candidate(1, 1, 0.01)], 5, {}) == []
    assert at_random(40, doubtful=1000) == 4
    assert at_random(40, doubtful=10) == 30


def test_the_draw_gives_each_field_its_share() -> None:
    strata = {"total": range(300), "date": range(300, 400)}
    drawn = draw(strata, 40, "seed")
    assert len(set(drawn)) == 40
    assert abs(sum(key < 300 for key in drawn) - 30) <= 1
    assert drawn == draw(strata, 40, "seed") != draw(strata, 40, "another")


def test_the_draw_gives_each_label_the_same_chance() -> None:
    counts = Counter(key for seed in range(3000) for key in draw({"a": range(7), "b": range(7, 10)}, 2, str(seed)))
    assert all(abs(counts[key] - 600) < 120 for key in range(10))


def test_the_draw_takes_what_there_is() -> None:
    assert sorted(draw({"a": [1, 2]}, 5, "seed")) == [1, 2]
    assert draw({}, 5, "seed") == []


@pytest.mark.parametrize(
    ("wrong", "asked", "bound"), [(0, 0, 1.0), (0, 22, 0.0994), (0, 127, 0.018), (1, 50, 0.0756), (3, 3, 1.0)]
)
def test_the_bound_is_that_of_clopper_and_pearson(wrong: int, asked: int, bound: float) -> None:
    assert upper_bound(wrong, asked) == pytest.approx(bound, abs=2e-4)


def standing(**values: int) -> Standing:
    return Standing(**{"labels": 1000, "unseen": 1000, "doubtful": 0, "asked": 0, "wrong": 0} | values)


def test_what_people_looked_at_counts_as_right() -> None:
    everywhere, half = standing(asked=22).bound, standing(asked=22, unseen=500).bound
    assert everywhere == pytest.approx(0.0994, abs=2e-4)
    assert half is not None
    assert half == pytest.approx(0.0497, abs=2e-4)


def test_nothing_is_known_before_the_first_random_answer() -> None:
    assert standing().bound is None
    assert standing(unseen=0).bound == 0
    assert standing(labels=0, unseen=0).bound == 0


def test_the_rounds_ahead_reach_the_target_and_no_fewer_do() -> None:
    ahead = standing(doubtful=30).ahead(0.02)
    assert ahead.questions == ahead.rounds * 40
    # All but 30 of the questions are random ones; nobody found an error so far.
    asked = ahead.questions
    assert upper_bound(0, asked - 30) * (1000 - asked) / 1000 <= 0.02
    assert upper_bound(0, asked - 70) * (1040 - asked) / 1000 > 0.02


def test_more_doubtful_labels_need_more_rounds() -> None:
    assert standing(doubtful=900).ahead(0.02).rounds > standing(doubtful=30).ahead(0.02).rounds
    assert standing(unseen=10).ahead(0.001).questions == 10
    assert standing(unseen=0).ahead().rounds == 0


def test_a_crop_holds_the_value_and_its_surroundings() -> None:
    part = crop([Box(0.4, 0.5, 0.5, 0.52)], 1000, 2000)
    assert part.x < 400
    assert part.x + part.width > 500
    assert part.y < 1000 < 1040 < part.y + part.height
    assert part.width / part.height == pytest.approx(ASPECT, rel=0.02)


def test_a_crop_stays_on_the_page() -> None:
    for box in (Box(0, 0, 0.1, 0.02), Box(0.9, 0.98, 1, 1), Box(0, 0, 1, 1)):
        part = crop([box], 1000, 2000)
        assert part.x >= 0
        assert part.y >= 0
        assert part.x + part.width <= 1000
        assert part.y + part.height <= 2000


def test_without_a_place_the_whole_page_is_shown() -> None:
    assert crop([], 1000, 2000).height == 2000
