"""How scores of tokens become one answer."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.domain.decoding import Evidence, Place, gain, places, readings, viterbi


def evidence(
    begin: list[float], inside: list[float], group: list[int] | None = None, run: list[int] | None = None
) -> Evidence:
    return Evidence(
        np.array(begin, dtype=np.float32),
        np.array(inside, dtype=np.float32),
        np.array(group or [0] * len(begin), dtype=np.int64),
        np.array(run or range(len(begin)), dtype=np.int64),
    )


def test_a_value_goes_on_over_a_doubtful_token() -> None:
    [best, *_] = places(evidence([9, -9, -9, -9, -9], [-5, 4, -1, 4, -5]), pauses=False)
    assert best.parts == ((0, 3),)


def test_a_value_does_not_cross_a_page() -> None:
    [best, *_] = places(evidence([-9, 9, -9, -9], [-5, -5, 4, 4], [0, 0, 0, 1]), pauses=True)
    assert best.parts == ((1, 2),)


def test_a_value_may_pause() -> None:
    held = evidence([9, *[-9] * 9], [-5, 4, 4, -6, -6, -6, 4, 4, 4, -6])
    assert places(held, pauses=True)[0].parts == ((0, 2), (6, 8))
    assert places(held, pauses=False)[0].parts == ((0, 2),)


@pytest.mark.parametrize("pauses", [True, False])
def test_no_value_ends_within_a_run_of_letters_or_digits(pauses: bool) -> None:
    cut = evidence([9, *[-9] * 6], [-5, -1, 4, 5, -2, 3, -6], run=[0, 0, 1, 2, 2, 2, 3])
    assert places(cut, pauses=pauses)[0].parts == ((0, 5),)
    over = evidence([9, *[-9] * 3], [-5, 4, 3, -6], run=[0, 1, 2, 2])
    assert places(over, pauses=pauses)[0].parts == ((0, 1),)


def test_gain_tells_how_much_more_probable_an_extent_is() -> None:
    held = evidence([9, *[-9] * 4], [-5, 4, -1, 3, -6])
    assert gain(held, [(0, 0)]) == 0
    assert gain(held, [(0, 1), (3, 3)]) == pytest.approx(7)
    assert gain(held, [(0, 4)]) == pytest.approx(0)


def test_where_it_begins_is_shared_out_among_all_places_and_nowhere() -> None:
    shares, nowhere = evidence([0.0, math.log(2), -50], [-5, -5, -5]).beginnings()
    assert shares == pytest.approx([0.25, 0.5, 0.0], abs=1e-6)
    assert nowhere == pytest.approx(0.25)


def test_very_sure_scores_do_not_overflow() -> None:
    shares, nowhere = evidence([900.0, -900.0], [0.0, 0.0]).beginnings()
    assert shares[0] == 1
    assert nowhere == 0


def test_no_tokens_is_nowhere() -> None:
    held = evidence([], [])
    assert held.beginnings()[1] == 1
    assert places(held, pauses=True) == []


def test_places_that_say_the_same_are_added() -> None:
    said = {0: "54.50", 1: "60.00", 2: "54.50", 3: None}
    found = [Place(((at, at),), share, 1.0) for at, share in enumerate((0.3, 0.4, 0.25, 0.05))]
    best, second = readings(found, lambda place: said[place.parts[0][0]])
    assert (best.key, round(best.probability, 2)) == ("54.50", 0.55)
    assert best.places[0].parts == ((0, 0),)
    assert second.key == "60.00"


def test_firmness_speaks_of_the_edges() -> None:
    sure, unsure = (places(evidence([9, -9, -9], [-5, edge, -edge]), pauses=False)[0] for edge in (8.0, 0.1))
    assert sure.parts == unsure.parts == ((0, 1),)
    assert sure.firmness > 0.99 > 0.6 > unsure.firmness


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_viterbi_finds_the_best_of_all_sequences(data: st.DataObject) -> None:
    states, length = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    score = st.floats(-5, 5)
    steps = data.draw(st.lists(st.lists(score, min_size=states, max_size=states), min_size=length, max_size=length))
    moves = np.array(data.draw(st.lists(score | st.just(-np.inf), min_size=states**2, max_size=states**2)))
    moves = moves.reshape(states, states)
    np.fill_diagonal(moves, 0.0)

    def total(path: tuple[int, ...]) -> float:
        return sum(steps[t][s] for t, s in enumerate(path)) + sum(moves[a, b] for a, b in itertools.pairwise(path))

    best = max(total(path) for path in itertools.product(range(states), repeat=length))
    assert total(tuple(viterbi(steps, moves))) == pytest.approx(best)
