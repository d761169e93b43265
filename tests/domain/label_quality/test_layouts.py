"""Vectors of pages: documents of one sender are alike, others are not, whatever they say in detail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extraction.domain.label_quality.layouts import ALIKE, SIZE, Layout, alike, matrix
from extraction.domain.pages import Page
from tests.support import builders

CAFE = ("BEAN THERE SDN BHD", "12 Harbour Road, 50450 Kuala Lumpur", "Tel 03-1234 5678", "Receipt 17")
FUEL = ("PETROL STATION MARTINEZ", "Avenida del Sol 4", "28013 Madrid", "CIF B-9988", "Surtidor 3")


def page(head: tuple[str, ...], *rows: str) -> Page:
    return builders.page(*head, *rows)


def similarity(one: Page, other: Page) -> float:
    first, second = matrix([Layout.of(one).vector, Layout.of(other).vector])
    return float(first @ second)


def test_receipts_of_one_shop_are_alike_whatever_was_bought() -> None:
    one = page(CAFE, "Date: 25/12/2018", "Coffee 3.00", "Total 3.30")
    other = page(CAFE, "Date: 02/01/2019", "Green tea 4.50", "Bread 2.20", "Total 6.70")
    assert similarity(one, other) > ALIKE


def test_another_shop_is_not_alike() -> None:
    assert similarity(page(CAFE, "Coffee 3.00", "Total 3.30"), page(FUEL, "Diesel 41.20", "Suma 41.20")) < ALIKE / 2


def test_numbers_alone_make_no_difference() -> None:
    one, other = page(CAFE, "Date: 25/12/2018", "Total 3.30"), page(CAFE, "Date: 31/01/2019", "Total 8.10")
    assert similarity(one, other) == pytest.approx(1, abs=0.01)


def test_a_misread_letter_changes_little() -> None:
    misread = ("BEAM THERE SDN BHD", "12 Harbour Roed, 50450 Kuala Lumpur", *CAFE[2:])
    assert similarity(page(CAFE, "Total 3.30"), page(misread, "Total 3.30")) > ALIKE


def test_the_head_weighs_more_than_the_rows() -> None:
    rows = [f"Article {name} 1.00" for name in ("apple", "pear", "plum", "fig", "kiwi", "lime", "melon", "mango")]
    assert similarity(page(CAFE, *rows), page(CAFE, "Coffee 3.00")) > similarity(page(CAFE, *rows), page(FUEL, *rows))


def test_a_page_without_words_is_like_nothing() -> None:
    blank = Layout.of(Page(800, 1200, ()))
    assert blank == Layout.blank() == Layout(bytes(SIZE), 0.0)
    assert alike(blank.vector, matrix([blank.vector, Layout.of(page(CAFE)).vector])) is None


def test_legibility_is_the_mean_confidence_of_the_words() -> None:
    clear = page(CAFE)
    words = tuple(replace(word, confidence=0.5) for word in clear.words)
    assert Layout.of(clear).legibility == pytest.approx(0.99)
    assert Layout.of(replace(clear, words=words)).legibility == pytest.approx(0.5)


def test_of_several_the_most_alike_is_found() -> None:
    known = matrix(Layout.of(each).vector for each in (page(FUEL, "Diesel"), page(CAFE, "Tea", "Bread"), page(CAFE)))
    assert alike(Layout.of(page(CAFE, "Total 3.30")).vector, known) in (1, 2)
    assert alike(Layout.of(page(("SOMEBODY ELSE LTD", "Newtown"))).vector, known) is None
    assert alike(Layout.of(page(CAFE)).vector, matrix([])) is None
