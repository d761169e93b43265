"""Sentences about claims from tables: refusals, and what is to be said about lines and cells."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from extraction.domain.claims.cells import letters
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.errors import gettext_noop
from extraction.models import ClaimRemark
from extraction.services import figures

NO_FIELDS = gettext_noop("This project has no field that a column can fill: rows of groups do not fit into one cell.")
NO_HEADER = gettext_noop(
    "The first line names a document of this project: the table needs a line with the columns' names."
)
NO_DOCUMENT_COLUMN = gettext_noop("Choose the column that names the document: its file name, its path or its SHA-256.")
DOCUMENT_TWICE = gettext_noop("Only one column can name the document.")
NO_FIELD_COLUMN = gettext_noop("Choose a field for at least one column.")
COLUMN_TWICE = gettext_noop("A column of the table either names the document or fills a field.")
FIELD_TWICE = gettext_noop("Two columns fill the field {name!r}: leave one of them out.")
UNKNOWN_FIELD = gettext_noop("The project has no field {name!r} that a column can fill.")
UNKNOWN_COLUMN = gettext_noop("The table has no column {name!r}; it has {known}.")
DOUBLED_COLUMN = gettext_noop("Several columns of the table are called {name!r}: give them different names.")
WRONG_MAP = gettext_noop("Write {text!r} as COLUMN=FIELD.")
FILE_GONE = gettext_noop("The file of this import is no longer in the data folder.")
ELSEWHERE = gettext_noop("Another process goes on with this import.")

REMARKS = {
    RemarkCode.NO_DOCUMENT: gettext_noop("The line names no document."),
    RemarkCode.UNKNOWN_DOCUMENT: gettext_noop("The project has no such document."),
    RemarkCode.AMBIGUOUS_DOCUMENT: gettext_noop("Several documents are called so: name it by its SHA-256."),
    RemarkCode.TOO_MANY_CELLS: gettext_noop("The line has more cells than the table has columns."),
    RemarkCode.CONTRADICTION: gettext_noop("Line {line} says something else about the same document."),
    RemarkCode.ERROR_CELL: gettext_noop("The cell holds an error of its spreadsheet."),
    RemarkCode.NO_RESULT: gettext_noop(
        "The file does not hold the formula's result: open it in a spreadsheet program and save it."
    ),
    RemarkCode.TOO_LONG: gettext_noop("The text is too long for a value."),
    RemarkCode.AMBIGUOUS: gettext_noop("It can mean two things, and no other cell of the column tells which."),
    RemarkCode.SERIAL_NUMBER: gettext_noop(
        "It may be the number of a day, but the column has other cells than such numbers."
    ),
    RemarkCode.NOT_READ: gettext_noop("It is no value of the field's type."),
}


def remark(row: ClaimRemark) -> str:
    """The sentence of a remark, in the reader's language."""
    return gettext(REMARKS[RemarkCode(row.code)]).format(line=figures.whole(row.other_line or 0))


def remark_in_english(row: ClaimRemark) -> str:
    """The same for commands and files."""
    return REMARKS[RemarkCode(row.code)].format(line=row.other_line or 0)


def column(columns: list[str], number: int | None) -> str:
    """A column's name with its letter where it has none of its own; empty for none."""
    if number is None:
        return ""
    name = columns[number] if number < len(columns) else ""
    if name and columns.count(name) == 1:
        return name
    return f"{name} ({letters(number)})" if name else gettext("Column %(letters)s") % {"letters": letters(number)}


def taken_back(count: int) -> str:
    """What taking an import back has come to."""
    sentence = ngettext(
        "%(count)s label was taken back; what was claimed before holds again.",
        "%(count)s labels were taken back; what was claimed before holds again.",
        count,
    )
    return sentence % {"count": figures.whole(count)}
