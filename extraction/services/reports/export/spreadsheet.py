"""CSV that a spreadsheet opens without running anything that stands in its cells, and what could be run."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8"
# Tells spreadsheets that the file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"
# A cell that starts with one of these is a formula to some spreadsheet; an apostrophe makes it text.
STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Blanks to some spreadsheets, marks of a formula to others.
STARTS_A_CELL = ("\t", "\r")


class _Lines:
    """A file for the csv module that keeps nothing: `write` returns the line."""

    def write(self, line: str) -> str:
        return line


def table(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file; each row is asked for when its line is."""
    writer = csv.writer(_Lines())
    yield BYTE_ORDER_MARK + _written(writer.writerow(header))
    for row in rows:
        yield _written(writer.writerow([cell(value) for value in row]))


def cell(value: object) -> object:
    """The value as it may be written: texts from documents are defused, numbers stay numbers, `None` is empty."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and is_hazardous(value) else value


def is_hazardous(text: str) -> bool:
    """Whether some spreadsheet would take the text for a formula."""
    return text.startswith(STARTS_A_CELL) or _visible(text).startswith(STARTS_A_FORMULA)


def _visible(text: str) -> str:
    """The text from its first character that shows: blanks, controls and formats before it may be overlooked."""
    start = next((index for index, character in enumerate(text) if not _overlooked(character)), len(text))
    return text[start:]


def _overlooked(character: str) -> bool:
    # Variation selectors and the combining grapheme joiner are marks; Hangul's fillers count as letters.
    return unicodedata.category(character)[0] in "ZCM" or character in "\u115f\u1160\u2800\u3164\uffa0"


def _written(line: object) -> str:
    """`writerow` returns what `_Lines.write` did, which the csv module's types do not say."""
    return str(line)
