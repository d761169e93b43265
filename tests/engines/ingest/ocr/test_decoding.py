"""How a line's text is read from the recogniser's scores."""

from __future__ import annotations

import numpy as np
import pytest

from extraction.engines.ingest.ocr.rapid.decoding import Decoder, Reading

ALPHABET = ["", *"0123456789.,-:()&'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", " "]
BLANK = ""

Column = dict[str, float]


def line(pattern: str, column: Column) -> str:
    """The text of a line of these characters with blanks between them, and this column for the question mark."""
    columns = [column if character == "?" else character for character in pattern]
    return read(*(each for column in columns for each in (column, BLANK))).text


def read(*columns: str | Column, fraction: float = 1.0) -> Reading:
    """A reading of columns, each a class or the scores of some."""
    scores = np.zeros((len(columns), len(ALPHABET)), dtype=np.float32)
    for row, column in zip(scores, columns, strict=True):
        for character, score in ({column: 1.0} if isinstance(column, str) else column).items():
            row[ALPHABET.index(character)] = score
    return Decoder(ALPHABET).read(scores, fraction)


def test_columns_of_one_class_are_one_character_and_blanks_part_two() -> None:
    assert read("A", "A", BLANK, "A", BLANK, BLANK, "B").text == "AAB"


@pytest.mark.parametrize(
    ("between", "text"),
    [
        ([0.3, 0.3], "A B"),
        ([0.1, 0.45], "A B"),
        ([0.2, 0.1], "AB"),
        ([0.0, 0.0], "AB"),
    ],
)
def test_a_space_is_read_where_the_columns_together_speak_for_one(between: list[float], text: str) -> None:
    assert read("A", *({BLANK: 1 - odds, " ": odds} for odds in between), "B").text == text


def test_no_second_space_is_read_beside_one() -> None:
    spread = {BLANK: 0.55, " ": 0.45}
    assert read("A", spread, " ", spread, "B").text == "A B"


def test_centers_follow_the_columns_and_spaces_lie_between() -> None:
    reading = read("A", BLANK, " ", BLANK, "B", BLANK, BLANK, BLANK, BLANK, BLANK, fraction=0.5)
    assert reading.centers == pytest.approx((0.1, 0.5, 0.9))


def test_a_line_of_nothing_has_no_centers() -> None:
    assert read(BLANK, BLANK) == Reading("", 0.0, None)
    assert read(" ").centers is None


LETTER = {"O": 0.9, "0": 0.1}
DIGIT = {"0": 0.9, "O": 0.1}
STROKE = {"1": 0.93, "I": 0.06, "l": 0.01}


@pytest.mark.parametrize(
    ("pattern", "column", "text"),
    [
        ("12?ML", LETTER, "120ML"),
        ("1?2", LETTER, "102"),
        ("PEN ?5", LETTER, "PEN 05"),
        ("4330?", LETTER, "43300"),
        ("B?STRAK", DIGIT, "BOSTRAK"),
        ("SC?SSOR", STROKE, "SCISSOR"),
        # Nothing beside tells which is meant.
        ("16?Z", LETTER, "16OZ"),
        ("CL?G", LETTER, "CLOG"),
        ("N?4", LETTER, "NO4"),
        ("A?B", DIGIT, "A0B"),
        ("EB00?050", STROKE, "EB001050"),
        ("L ? L", STROKE, "L 1 L"),
    ],
)
def test_characters_that_look_alike_are_read_by_those_beside_them(pattern: str, column: Column, text: str) -> None:
    assert line(pattern, column) == text


def test_what_the_scores_are_sure_of_stays() -> None:
    assert read("1", "2", {"O": 0.9999, "0": 0.0001}, "M", "L").text == "12OML"


def test_what_is_replaced_is_less_certain_than_what_was_read() -> None:
    sure, replaced = read("1", "2", "0", "M", "L"), read("1", "2", {"O": 0.9, "0": 0.05}, "M", "L")
    assert replaced.text == sure.text
    assert replaced.confidence < sure.confidence


FAINT = {" ": 0.99, ".": 0.003}
NONE = {" ": 0.9999, ".": 0.0001}


@pytest.mark.parametrize(
    ("pattern", "column", "text"),
    [
        ("80?91", FAINT, "80.91"),
        ("RM7?50", FAINT, "RM7.50"),
        ("TOTAL 7?50", FAINT, "TOTAL 7.50"),
        ("9?80 SR", FAINT, "9.80 SR"),
        ("-0?05", FAINT, "-0.05"),
        ("80?91", {" ": 0.99, ",": 0.003, ".": 0.0001}, "80,91"),
        ("80?91", NONE, "80 91"),
        # Groups of digits, and words beside numbers.
        ("1800?88 1231", FAINT, "1800 88 1231"),
        ("0 15?40", FAINT, "0 15 40"),
        ("12?500", FAINT, "12 500"),
        ("A-4?45", FAINT, "A-4 45"),
        ("(18?14", FAINT, "(18 14"),
        ("10?08:30", FAINT, "10 08:30"),
    ],
)
def test_a_point_that_is_hardly_printed_is_read_in_an_amount_alone(pattern: str, column: Column, text: str) -> None:
    assert line(pattern, column) == text
