"""How a page is cut into tokens and windows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.domain.pages import Page, Span
from extraction.engines.student.layout.inference.featurizer import (
    AMOUNTS,
    DATE,
    LINE_START,
    PART,
    RANKS,
    REPEATS,
    SCALE,
    SUM,
    Featurizer,
)
from extraction.engines.student.layout.network.pretrained import load_tokenizer
from tests.support.page_builders import page

TOKENIZER = load_tokenizer("tiny")


def featurizer(window: int = 512, stride: int = 128) -> Featurizer:
    return Featurizer(TOKENIZER, window, stride)


def test_tokens_end_where_values_inside_words_do() -> None:
    there = page("Date:25/12/2018 RM54.50SR")
    tokens = featurizer().tokens([there])
    date = tokens.within(Span(0, 0, 0, 5))
    assert tokens.span([there], date[0], date[-1]).text([there]) == "25/12/2018"
    amount = tokens.within(Span(0, 1, 1, 2, 7))
    assert tokens.span([there], amount[0], amount[-1]) == Span(0, 1, 1, 2, 7)


def test_each_token_has_its_strip_of_the_word() -> None:
    tokens = featurizer().tokens([page("Date:25/12/2018")])
    assert (np.diff(tokens.boxes[:, 0]) > 0).all()
    assert (tokens.boxes[:, 2] <= SCALE).all()
    assert (tokens.boxes[:, 0] <= tokens.boxes[:, 2]).all()


def test_roles_tell_dates_amounts_and_where_lines_begin() -> None:
    there = page("Shop on 25/12/2018", "Tea    3.30", "Total    3.30", "Cash    10.00")
    tokens = featurizer().tokens([there])
    role = {int(word): int(tokens.roles[tokens.word == word][0]) for word in np.unique(tokens.word)}
    assert role == {
        0: LINE_START,
        1: 0,
        2: DATE,
        3: LINE_START,
        4: AMOUNTS + RANKS + 1,  # printed twice, the second largest
        5: LINE_START,
        6: AMOUNTS + RANKS + 1,
        7: LINE_START,
        8: AMOUNTS,  # printed once, the largest
    }


def test_roles_tell_which_amounts_add_up() -> None:
    there = page("Subtotal    9.00", "Tax    0.50", "Total    9.50", "Cash    20.00", "Change    10.50", "Tip    0.00")
    tokens = featurizer().tokens([there])
    kinds = [(int(tokens.roles[tokens.word == word][0]) - AMOUNTS) // RANKS // REPEATS for word in range(1, 12, 2)]
    assert kinds == [PART, PART, PART + SUM, SUM, PART, 0]


def test_an_amount_adds_up_with_itself_only_where_it_stands_twice() -> None:
    for lines, kind in ((["2.00", "4.00"], 0), (["2.00", "2.00", "4.00"], PART)):
        tokens = featurizer().tokens([page(*lines)])
        assert (int(tokens.roles[0]) - AMOUNTS) // RANKS // REPEATS == kind


def test_no_words_no_windows() -> None:
    tokens = featurizer().tokens([Page(10, 10, ())])
    assert len(tokens) == 0
    assert featurizer().windows(tokens) == []


def test_inputs_are_framed_and_padded() -> None:
    cutter = featurizer(16, 4)
    tokens = cutter.tokens([page("one two three four five six seven eight " * 4)])
    windows = cutter.windows(tokens)
    batch = cutter.batch(tokens, windows)
    assert batch["input_ids"].shape[0] == len(windows) > 1
    assert batch["bbox"].shape == (*batch["input_ids"].shape, 4)
    for row, (first, end) in enumerate(windows):
        assert batch["input_ids"][row, 0] == cutter.first
        assert batch["attention_mask"][row].sum() == end - first + 2


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 80), min_size=1, max_size=3), st.integers(16, 40), st.integers(0, 8))
def test_windows_cover_every_token_and_never_mix_pages(sizes: list[int], window: int, stride: int) -> None:
    cutter = featurizer(window, stride)
    tokens = cutter.tokens([page(" ".join(["ox"] * size)) for size in sizes])
    covered = np.zeros(len(tokens), dtype=int)
    for first, end in cutter.windows(tokens):
        assert 0 < end - first <= window - 2
        assert len(set(tokens.page[first:end].tolist())) == 1
        covered[first:end] += 1
    assert (covered > 0).all()


@pytest.mark.parametrize("text", ["ﬁne ½ ２５/１２/２０１８", "日本語 レシート", "\u202egnitirw", "a" * 3000])
def test_odd_characters_keep_their_places(text: str) -> None:
    there = page(text)
    tokens = featurizer().tokens([there])
    for index in range(len(tokens)):
        assert 0 <= tokens.start[index] < tokens.end[index] <= len(there.words[tokens.word[index]].text)


def test_a_run_is_the_letters_or_digits_of_one_word() -> None:
    there = page("TOTAL:RM54.50 extraordinarily", "54")
    tokens = featurizer(64, 8).tokens([there])
    runs: dict[int, str] = {}
    for run, text in zip(tokens.run, tokens.texts([there], 0, len(tokens)), strict=True):
        runs[int(run)] = runs.get(int(run), "") + text
    assert list(runs.values()) == ["TOTAL", ":", "RM", "54", ".", "50", "extraordinarily", "54"]


def test_texts_stop_at_the_end_of_a_page() -> None:
    there = [page("old lion"), page("new fox")]
    tokens = featurizer(64, 8).tokens(there)
    second = int(np.flatnonzero(tokens.page == 1)[0])
    assert "".join(tokens.texts(there, 0, 99)) == "oldlion"
    assert "".join(tokens.texts(there, second, 99)) == "newfox"
