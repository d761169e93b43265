"""Text layers that browsers print in scripts from the right, letter by letter, and narrow letters of any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from extraction.domain.progress import Silent
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.reading import read_document
from tests.support.badfiles.layers import SIZE, Blind, lines, page, text

Rows = Callable[[bytes], list[str]]


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """The rows of a page by its text layer alone."""

    def read(data: bytes) -> list[str]:
        path = tmp_path / "page.pdf"
        path.write_bytes(data)
        [found] = read_document(path, Blind(), Limits(), Silent())
        return found.page.text.splitlines()

    return read


# Characters whose drawings are of several heights, with their widths in Helvetica by the size of the font.
UNEVEN = {"l": 0.222, "g": 0.556, ".": 0.278, "a": 0.556, "x": 0.5, ",": 0.278, "t": 0.278, "p": 0.556, "-": 0.333}


def browser_text(words: str, x: float, y: float, *, rightward: bool = True) -> str:
    """A line as browsers print it: each letter for itself with its text beside it, from the left or the right."""
    drawn = []
    for number, letter in enumerate(reversed(words)):
        code = list(UNEVEN)[number % len(UNEVEN)]
        drawn.append(_letter(letter, code, x, y))
        x += SIZE * (0.278 if letter == " " else UNEVEN[code])
    return "".join(drawn if rightward else reversed(drawn))


def _letter(letter: str, code: str, x: float, y: float) -> str:
    if letter == " ":
        return text(" ", x, y)
    return f"/Span << /ActualText <FEFF{ord(letter):04X}> >> BDC\n{text(code, x, y)}EMC\n"


@pytest.mark.parametrize("rightward", [True, False], ids=["from the left", "in reading order"])
@pytest.mark.parametrize(
    "words", ["شركة النور للتجارة", "فروشگاه کتاب پارسی", "ضريبة القيمة المضافة", "חנות הספרים לתשלום"]
)
def test_letters_that_are_drawn_one_by_one_are_words(words: str, rightward: bool, rows: Rows) -> None:
    read = rows(page(lines() + browser_text(words, 40, 200, rightward=rightward)))
    assert read[-1] == words


def joined_letters(word: str, x: float, y: float) -> list[str]:
    """The letters of a word as they are drawn without a gap, from the left; a mark stands above its letter."""
    step, drawn = 0.556 * SIZE, list[str]()
    places = {at: sum(not unicodedata.combining(letter) for letter in word[at + 1 :]) for at in range(len(word))}
    for at, letter in reversed(list(enumerate(word))):
        mark = bool(unicodedata.combining(letter))
        drawn.append(_letter(letter, "_", x + step * places[at], y + 5 * mark))
    return drawn


@pytest.mark.parametrize("word", ["חשבונית", "للتجارة", "فروشگاه"])
def test_letters_that_touch_are_one_word_in_whatever_order_they_are_drawn(word: str, rows: Rows) -> None:
    letters = joined_letters(word, 40, 200)
    read = rows(page(lines() + "".join(letters[1::2]) + text("Total", 40, 100) + "".join(letters[::2])))
    assert read[-2:] == [word, "Total"]


@pytest.mark.parametrize("first", ["letters", "marks"])
@pytest.mark.parametrize("word", ["שָלוֹם", "سَلامُ", "عُمَر"])
def test_marks_above_letters_are_in_their_word(word: str, first: str, rows: Rows) -> None:
    letters = joined_letters(word, 40, 200)
    read = rows(page(lines() + "".join(letters if first == "marks" else reversed(letters))))
    assert read[-1] == word


@pytest.mark.parametrize(("stands", "reads"), [("%15", "15%"), (",10", "10,"), (".2024", "2024."), ("-5", "-5")])
def test_a_sign_after_a_number_stands_on_its_left_on_a_page_from_the_right(stands: str, reads: str, rows: Rows) -> None:
    arabic = "".join(browser_text("ضريبة القيمة المضافة", 40, y) for y in (500, 450, 400))
    assert rows(page(arabic + text(stands, 40, 200)))[-1] == reads
    assert rows(page(lines() + text(stands, 40, 200)))[-1] == stands


@pytest.mark.parametrize("words", ["Wall 110011 illegal", "iiii 1111 llll"])
def test_narrow_letters_beside_each_other_are_no_second_print(words: str, rows: Rows) -> None:
    assert rows(page(lines() + text(words, 40, 200, state="50 Tz")))[-1] == words


HEBREW = dict(zip("abcdefghijklmnopqrstuvwxyz~", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", strict=True))
CODES = {letter: code for code, letter in HEBREW.items()}
TITLE = ("קבלה מספר", "סך הכל לתשלום", "חנות הספרים")


def shown(words: str) -> str:
    """Hebrew in the codes of F2 as it stands on paper from left to right."""
    return "".join(CODES.get(letter, letter) for letter in reversed(words))


def hebrew_page(row: str) -> bytes:
    """A page in Hebrew with a row as it stands on paper."""
    title = "".join(text(shown(line), 40, 500 - 40 * at, font="F2") for at, line in enumerate(TITLE))
    return page(title + text(row, 40, 200, font="F2"), maps=HEBREW)


@pytest.mark.parametrize(
    ("amount", "label"),
    [("(12.50)", "זיכוי"), ("[12.50]", "זיכוי"), ("(-12.50)", "זיכוי"), ("(12.50) 3.00", "זיכוי"), ("(1)", "הערה")],
)
def test_brackets_around_a_number_stay_around_it(amount: str, label: str, rows: Rows) -> None:
    read = rows(hebrew_page(f"{amount} {shown(label)}"))[-1].split()
    assert read[0] == label
    assert sorted(read[1:]) == sorted(amount.split())


@pytest.mark.parametrize("words", ["(כולל)", "(כולל מעמ)", "[הנחה]"])
def test_brackets_around_words_open_before_them_and_close_after_them(words: str, rows: Rows) -> None:
    mirrored = words.translate(str.maketrans("()[]", ")(]["))
    assert rows(hebrew_page(f"12.50 {shown(mirrored)}"))[-1] == f"{words} 12.50"


@pytest.mark.parametrize(
    ("beside", "label"),
    [
        ("VISA 1234", "כרטיס"),
        ("SUPER PHARM LTD", "סניף"),
        ("IL62 0108 0000 0009 9999 999", "חשבון"),
        ("03 123 4567", "טלפון"),
    ],
)
def test_a_label_comes_first_however_much_latin_stands_beside_it(beside: str, label: str, rows: Rows) -> None:
    assert rows(hebrew_page(f"{beside} {shown(label)}"))[-1] == f"{label} {beside}"


@pytest.mark.parametrize(
    ("left", "right"),
    [("31/03/2023", "01/03/2023"), ("18:22", "14/03/2023"), ("3.00", "12.50"), ("2023-03-31", "2023-03-01")],
)
@pytest.mark.parametrize("between", [" ", " - "])
def test_values_beside_each_other_are_read_from_the_right(left: str, right: str, between: str, rows: Rows) -> None:
    read = rows(hebrew_page(f"{left}{between}{right} {shown('תאריך')}"))
    assert read[-1] == f"תאריך {right}{between}{left}"


@pytest.mark.parametrize("row", ["TOTAL (12.50) ILS", "14/03/2023 18:22", "VISA 1234"])
def test_a_row_without_letters_from_the_right_stays(row: str, rows: Rows) -> None:
    assert rows(page(lines() + text(row, 40, 200)))[-1] == row
