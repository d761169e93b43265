"""CSV (RFC 4180) with the encoding and the delimiter that the file itself shows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Self

from extraction.domain.claims.cells import TableLine, text_cell
from extraction.domain.errors import gettext_noop
from extraction.engines.tables.limits import UnreadableTable

# The first of equals: where a semicolon delimits, commas may stand before decimals.
DELIMITERS = (";", "\t", "|", ",")
# A first line with which spreadsheets are told the delimiter.
_TOLD = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
# Lines whose cells tell the delimiter.
LOOKED_AT = 50
# Characters of a line of the file, so that a file without any line end is not held as one.
LONGEST_LINE = 1_000_000
FOREIGN = gettext_noop("The file is in an unknown encoding: save it as CSV in UTF-8, or as XLSX.")
MIXED = gettext_noop("Line {line} is in another encoding than other lines: save the file as CSV in UTF-8, or as XLSX.")
BINARY = gettext_noop("This is no table: it is neither a CSV file nor an XLSX workbook.")


@dataclass(frozen=True, slots=True)
class Delimited:
    """A CSV file; `skipped` lines stand before its table."""

    path: Path
    encoding: str
    delimiter: str
    skipped: int = 0

    @classmethod
    def of(cls, path: Path) -> Self:
        """Raises `UnreadableTable` for a file that is no text."""
        encoding = _encoding(path)
        with path.open(encoding=encoding, newline="") as file:
            told = _TOLD.fullmatch(file.readline(LONGEST_LINE))
        return cls(path, encoding, told[1], 1) if told else cls(path, encoding, _delimiter(path, encoding))

    def lines(self) -> Iterator[TableLine]:
        """The records with the numbers of the lines on which they begin. Raises `UnreadableTable`."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(_bounded(file), delimiter=self.delimiter, strict=True)
            number = 1
            try:
                for record in reader:
                    if number > self.skipped:
                        yield TableLine(number, [text_cell(text) for text in record])
                    number = reader.line_num + 1
            except csv.Error:
                raise UnreadableTable(
                    gettext_noop("The quotation marks of the record that begins on line {line} do not close."),
                    line=number,
                ) from None


def _bounded(file: Iterator[str]) -> Iterator[str]:
    readline = file.readline  # type: ignore[attr-defined]
    while line := readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise UnreadableTable(BINARY)
        yield line


def _encoding(path: Path) -> str:
    """UTF-8, else UTF-16 where a byte order mark says so, else Windows-1252, in which old spreadsheets export."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(path, "utf-16")
    if b"\0" in head:
        raise UnreadableTable(BINARY)
    try:
        return _checked(path, "utf-8-sig")
    except UnreadableTable as refusal:
        if refusal.args[0] == BINARY:
            raise
        _check_one_encoding(path)
        return _checked(path, "cp1252")


def _check_one_encoding(path: Path) -> None:
    """Refuse a file some of whose lines show letters in UTF-8 and others in another encoding: pasted together."""
    shown: bool | None = None
    with path.open("rb") as file:
        for number, line in enumerate(_short(file), start=1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                is_utf8 = True
            except UnicodeDecodeError:
                is_utf8 = False
            if shown is not None and shown != is_utf8:
                raise UnreadableTable(MIXED, line=number)
            shown = is_utf8


def _short(file: BinaryIO) -> Iterator[bytes]:
    """Its lines; one that is too long comes in pieces, and is refused later."""
    while line := file.readline(LONGEST_LINE):
        yield line


def _checked(path: Path, encoding: str) -> str:
    """`encoding`, where the whole file is text in it."""
    try:
        with path.open(encoding=encoding) as file:
            while part := file.read(2**20):
                if "\0" in part:
                    raise UnreadableTable(BINARY)
    except UnicodeError:
        raise UnreadableTable(FOREIGN) from None
    return encoding


def _delimiter(path: Path, encoding: str) -> str:
    """The one that cuts most of the first lines into the same number of cells; of equals the one with more cells."""
    return max(DELIMITERS, key=lambda delimiter: _evenness(path, encoding, delimiter))


def _evenness(path: Path, encoding: str, delimiter: str) -> tuple[int, int]:
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_bounded(file), delimiter=delimiter)
        try:
            widths = Counter(len(record) for record in islice(reader, LOOKED_AT) if len(record) > 1)
        except csv.Error:
            return 0, 0
    [(width, count)] = widths.most_common(1) or [(0, 0)]
    return count, width
