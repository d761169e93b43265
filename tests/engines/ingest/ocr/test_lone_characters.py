"""Characters that stand alone in a row, such as quantities: each is a word, and nothing that is none becomes one."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFont

from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.orientation import read_upright, turned
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.ocr.strips import read_in_strips

GOODS = ("Bread", "Butter", "Cheese", "Milk", "Honey", "Apples", "Rice", "Salt", "Tea")
QUANTITIES = "123456789"
# Type of 18 pixels on a page so wide that the detector sees it at half its size.
SIZE, WIDTH, TOP, STEP = 18, 1800, 90, 44
COLUMNS = NAME, QUANTITY, PRICE, AMOUNT = 180, 810, 1080, 1350
TITLE = "ITEMS DELIVERED ON FRIDAY TO THE CORNER BAKERY, 12 HIGH STREET, LEEDS, AND PAID"


def table(quantities: str = QUANTITIES, *, ink: str = "black", paper: str = "white") -> Image.Image:
    """A row for each quantity; a space leaves its place free."""
    font = ImageFont.load_default(SIZE)
    image = Image.new("RGB", (WIDTH, 2 * TOP + STEP * len(quantities)), paper)
    draw = ImageDraw.Draw(image)
    draw.text((NAME, TOP - 50), TITLE, ink, font)
    for number, quantity in enumerate(quantities):
        cells = (GOODS[number % len(GOODS)], quantity, "4.50", "9.00")
        for left, text in zip(COLUMNS, cells, strict=True):
            draw.text((left, TOP + STEP * number), text, ink, font)
    return image


def rows(words: tuple[Word, ...]) -> list[str]:
    found: dict[int, list[str]] = {}
    for word in words:
        found.setdefault(word.line, []).append(word.text)
    return [" ".join(row) for row in found.values()]


def in_column(words: tuple[Word, ...]) -> list[str]:
    """The words of the column of quantities below the title."""
    return [word.text for word in words if word.line > 0 and QUANTITY - 40 < word.box.center[0] * WIDTH < PRICE - 40]


def expected(quantities: str = QUANTITIES) -> list[str]:
    cells = ((GOODS[number % len(GOODS)], quantity.strip()) for number, quantity in enumerate(quantities))
    return [TITLE, *(" ".join(filter(None, (name, quantity, "4.50", "9.00"))) for name, quantity in cells)]


@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("#606060", "#e8e0d0"), ("white", "#203040")])
def test_every_digit_of_a_column_is_a_word_of_its_row(ink: str, paper: str) -> None:
    words = engine("rapidocr", 1).read(table(ink=ink, paper=paper))
    assert rows(words) == expected()
    for number, word in enumerate(word for word in words if word.text in list(QUANTITIES)):
        assert word.confidence > 0.9
        x, y = word.box.center[0] * WIDTH, word.box.center[1] * table().height
        assert x == pytest.approx(QUANTITY + SIZE / 4, abs=SIZE / 3)
        assert y == pytest.approx(TOP + STEP * number + 0.6 * SIZE, abs=SIZE / 2)


@pytest.mark.parametrize("degrees", [-2, 1.5])
def test_digits_of_a_leaning_page_stay_in_their_rows(degrees: float) -> None:
    page = table().rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    assert rows(engine("rapidocr", 1).read(page)) == expected()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_digits_are_found_on_a_page_that_lies_wrong(degrees: int) -> None:
    upright = read_upright(turned(table(), degrees), engine("rapidocr", 1))
    assert upright.rotation == 360 - degrees
    assert rows(upright.words) == expected()


def test_digits_of_a_roll_are_read_once() -> None:
    quantities = "".join(str(number % 9 + 1) for number in range(60))
    page = table(quantities)
    columns = [page.crop((left, TOP - 5, left + 100, page.height)) for left in COLUMNS]
    roll = Image.new("RGB", (4 * 130, page.height), "white")
    for number, column in enumerate(columns):
        roll.paste(column, (20 + 130 * number, 0))
    assert rows(read_in_strips(roll, engine("rapidocr", 1))) == expected(quantities)[1:]


def rule(draw: ImageDraw.ImageDraw) -> None:
    """Lines between the columns and the rows, and a frame."""
    bottom = TOP + STEP * len(QUANTITIES)
    for left in (NAME - 30, QUANTITY - 60, QUANTITY + 70, PRICE + 120, AMOUNT + 120):
        draw.line((left, TOP - 10, left, bottom), "black", 2)
    for number in range(len(QUANTITIES) + 1):
        draw.line((NAME - 30, TOP - 10 + STEP * number, AMOUNT + 120, TOP - 10 + STEP * number), "black", 2)


def strokes(draw: ImageDraw.ImageDraw) -> None:
    """A dash, a dot, a colon or a stroke in place of each digit."""
    font = ImageFont.load_default(SIZE)
    for number in range(len(QUANTITIES)):
        draw.text((QUANTITY, TOP + STEP * number), "-.:—·'_"[number % 7], "black", font)


def stains(draw: ImageDraw.ImageDraw) -> None:
    """A blot in place of each digit."""
    chance = random.Random(1)
    for number in range(len(QUANTITIES)):
        left, top = QUANTITY + chance.uniform(-9, 9), TOP + STEP * number + chance.uniform(-5, 5)
        draw.ellipse((left, top, left + chance.uniform(6, 20), top + chance.uniform(6, 20)), fill="#777")


def specks(draw: ImageDraw.ImageDraw) -> None:
    """Dust all over the page."""
    chance = random.Random(2)
    for _ in range(1000):
        x, y = chance.random() * WIDTH, chance.random() * (2 * TOP + STEP * len(QUANTITIES))
        draw.rectangle((x, y, x + chance.random() * 2, y + chance.random() * 2), fill="#444")


DIRT = [rule, strokes, stains, specks]


@pytest.mark.parametrize("soil", DIRT, ids=lambda soil: soil.__name__)
def test_what_is_no_character_adds_no_word(soil: Callable[[ImageDraw.ImageDraw], None]) -> None:
    page = table(" " * len(QUANTITIES))
    soil(ImageDraw.Draw(page))
    assert in_column(engine("rapidocr", 1).read(page)) == []


def test_digits_are_found_between_rules() -> None:
    page = table()
    rule(ImageDraw.Draw(page))
    assert in_column(engine("rapidocr", 1).read(page)) == list(QUANTITIES)


@pytest.mark.parametrize("soil", [rule, stains, specks], ids=lambda soil: soil.__name__)
def test_a_page_without_text_stays_empty(soil: Callable[[ImageDraw.ImageDraw], None]) -> None:
    page = Image.new("RGB", table().size, "white")
    soil(ImageDraw.Draw(page))
    assert engine("rapidocr", 1).read(page) == ()
