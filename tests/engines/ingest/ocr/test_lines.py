"""Reading order and word boxes."""

import math
from dataclasses import replace

import pytest

from extraction.engines.ingest.ocr.lines import Line, words_of

WIDTH, HEIGHT = 600, 800
TABLE = (("ITEM", "QTY", "PRICE"), ("White bread", "1", "2.40"), ("Coffee", "12", "7.95"), ("TOTAL", "", "10.35"))


def line(text: str, x: float, y: float, degrees: float = 0.0, *, size: float = 20) -> Line:
    """A line of text whose top left corner is turned around the page's middle with all of it."""
    length = 0.5 * size * len(text)
    corners = ((x, y), (x + length, y), (x + length, y + size), (x, y + size))
    return Line(text, 0.9, tuple(_turned(point, degrees) for point in corners))  # type: ignore[arg-type]


def _turned(point: tuple[float, float], degrees: float) -> tuple[float, float]:
    x, y = point[0] - WIDTH / 2, point[1] - HEIGHT / 2
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * cos - y * sin + WIDTH / 2, x * sin + y * cos + HEIGHT / 2


def read(lines: list[Line]) -> list[str]:
    rows: dict[int, list[str]] = {}
    for word in words_of(lines, WIDTH, HEIGHT):
        rows.setdefault(word.line, []).append(word.text)
    return [" ".join(words) for words in rows.values()]


@pytest.mark.parametrize("degrees", [-8, -3, 0, 3, 8])
def test_rows_of_a_leaning_table_stay_together(degrees: float) -> None:
    lines = [
        line(text, x, 100 + 30 * number, degrees)
        for number, row in enumerate(TABLE)
        for text, x in zip(row, (60, 300, 480), strict=True)
        if text
    ]
    title = line("CORNER BAKERY LIMITED, LEEDS", 60, 50, degrees)
    expected = ["CORNER BAKERY LIMITED, LEEDS", *(" ".join(text for text in row if text) for row in TABLE)]
    assert read([*reversed(lines), title]) == expected


def test_a_large_word_beside_two_small_lines_is_a_row_of_its_own_or_joins_one() -> None:
    rows = read([line("SHOP", 60, 100, size=50), line("Leeds", 300, 100), line("0113 4711", 300, 128)])
    assert "Leeds 0113" not in " ".join(rows)
    assert len(rows) >= 2


def test_words_are_cut_where_the_engine_saw_their_characters() -> None:
    corners = ((100.0, 50.0), (300.0, 50.0), (300.0, 70.0), (100.0, 70.0))
    first, second = words_of([Line("ab c", 1.0, corners, (0.1, 0.2, 0.5, 0.9))], WIDTH, HEIGHT)
    assert (first.text, second.text) == ("ab", "c")
    assert first.box.x0 == pytest.approx(100 / WIDTH)
    assert first.box.x1 == pytest.approx((100 + 200 * 0.35) / WIDTH)
    assert second.box.x0 == pytest.approx((100 + 200 * 0.7) / WIDTH)
    assert second.box.x1 == pytest.approx(300 / WIDTH)


def test_without_places_of_characters_narrow_letters_take_less_room() -> None:
    first, second = words_of([line("iiii WWWW", 0, 0)], WIDTH, HEIGHT)
    assert first.box.width < second.box.width
    assert second.box.x1 == pytest.approx(90 / WIDTH)


def test_boxes_stay_on_the_page() -> None:
    (word,) = words_of([line("beyond", WIDTH - 20, -5)], WIDTH, HEIGHT)
    assert (word.box.x1, word.box.y0) == (1, 0)


def test_a_page_without_text_has_no_words() -> None:
    assert words_of([], WIDTH, HEIGHT) == ()


@pytest.mark.parametrize("label", ["ضريبة", "מס"])
@pytest.mark.parametrize(
    ("lefts", "reads"),
    [((60, 200), "3 2.40"), ((60, 85), "2.40 3"), ((60, 350), "3 2.40")],
    ids=["two columns", "one number", "far apart"],
)
def test_columns_of_a_row_from_the_right(label: str, lefts: tuple[float, float], reads: str) -> None:
    amount, count = (line(text, left, 100, size=10) for text, left in zip(("2.40", "3"), lefts, strict=True))
    assert read([line(label, 500, 100, size=10), amount, count]) == [f"{label} {reads}"]


def test_a_telephone_number_in_a_row_from_the_right_keeps_its_order() -> None:
    parts = [line(text, x, 100, size=20) for text, x in (("+972", 60), ("3", 105), ("555", 120), ("תל:", 160))]
    assert read(parts) == ["תל: +972 3 555"]


def test_characters_far_apart_are_of_different_words_also_where_no_space_was_read() -> None:
    corners = ((0.0, 0.0), (200.0, 0.0), (200.0, 20.0), (0.0, 20.0))
    quantity_and_price = Line("155.90", 0.9, corners, (0.05, 0.8, 0.85, 0.88, 0.92, 0.97))
    assert [word.text for word in words_of([quantity_and_price], WIDTH, HEIGHT)] == ["1", "55.90"]
    spaced = Line("RECEIPT", 0.9, corners, tuple(0.02 + 0.16 * number for number in range(7)))
    assert [word.text for word in words_of([spaced], WIDTH, HEIGHT)] == ["RECEIPT"]
    [price] = words_of([replace(spaced, text="1,55.90", centers=(0.02, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7))], WIDTH, HEIGHT)
    assert price.text == "1,55.90"
