"""Pages, words, boxes and spans: what is stored comes back, and a value stands where it should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.pages import Box, Page, Span, Word
from tests.support.builders import page

share = st.floats(0, 1, allow_nan=False)


@given(share, share, share, share)
def test_a_clamped_box_is_in_order(x0: float, y0: float, x1: float, y1: float) -> None:
    box = Box.clamped(x0, y0, x1, y1)
    assert box.x0 <= box.x1
    assert box.y0 <= box.y1


def test_a_box_beyond_the_page_is_cut_off() -> None:
    assert Box.clamped(1.2, -0.5, 0.5, 0.5) == Box(0.5, 0.0, 1.0, 0.5)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), share, share, share, share, share), max_size=5))
def test_a_page_comes_back_as_it_was_exported(rows: list[tuple[str, float, float, float, float, float]]) -> None:
    words = tuple(Word(text, Box.clamped(*corners), sure, 0) for text, *corners, sure in rows)
    held = Page(800, 1200, words)
    again = Page.from_json(held.to_json())
    assert [word.text for word in again.words] == [word.text for word in words]
    assert Page.from_json(again.to_json()) == again


def test_text_keeps_the_printed_lines() -> None:
    assert page("BEAN THERE", "Total 3.30").text == "BEAN THERE\nTotal 3.30"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(0, 0, 1), "Date:25/12/2018 10:31"),
        (Span(0, 0, 0, 5), "25/12/2018"),
        (Span(0, 0, 0, 5, 7), "25"),
        (Span(0, 0, 1, 5, 2), "25/12/2018 10"),
    ],
)
def test_a_span_may_begin_and_end_inside_words(span: Span, text: str) -> None:
    assert span.text([page("Date:25/12/2018 10:31")]) == text
    assert Span.from_json(span.to_json()) == span


def test_a_span_has_a_box_for_each_line_cut_to_its_characters() -> None:
    held = page("abcd efgh", "ijkl mnop")
    first, second = Span(0, 1, 2, 2).boxes([held])
    word = held.words[1].box
    assert first.x0 == pytest.approx(word.x0 + word.width / 2)
    assert first.x1 == word.x1
    assert second == held.words[2].box
