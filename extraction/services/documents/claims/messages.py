"""Sentences about claims from tables: refusals, and what is to be said about lines and cells."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from extraction.domain.claims.attributes import Attribute
from extraction.domain.claims.cells import letters
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.errors import gettext_noop
from extraction.models import ClaimRemark
from extraction.services import figures
from extraction.services.errors import Invalid

NO_HEADER = gettext_noop(
    "The first line names a document of this project: the table needs a line with the columns' names."
)
NO_DOCUMENT_COLUMN = gettext_noop("Choose the column that names the document: its file name, its path or its SHA-256.")
DOCUMENT_TWICE = gettext_noop("Only one column can name the document.")
NO_MEANING = gettext_noop("Choose what at least one column means: a field of the document, or a part of the claim.")
ATTRIBUTE_TWICE = gettext_noop("Two columns are the {name!s} of the claim: leave one of them out.")
NEEDED_ATTRIBUTE = gettext_noop("A claim needs a column for its {name!s}.")
UNKNOWN_ATTRIBUTE = gettext_noop("A claim has no {name!r}; it has {known}.")
COLUMN_TWICE = gettext_noop("A column of the table either names the document or fills a field.")
FIELD_TWICE = gettext_noop("Two columns fill the field {name!r}: leave one of them out.")
UNKNOWN_FIELD = gettext_noop("The project has no field {name!r} that a column can fill.")
UNKNOWN_COLUMN = gettext_noop("The table has no column {name!r}; it has {known}.")
DOUBLED_COLUMN = gettext_noop("Several columns of the table are called {name!r}: give them different names.")
WRONG_MAP = gettext_noop("Write {text!r} as COLUMN=FIELD.")
FILE_GONE = gettext_noop("The file of this import is no longer in the data folder.")
ELSEWHERE = gettext_noop("Another process goes on with this import.")

ATTRIBUTES = {
    Attribute.REFERENCE: gettext_noop("reference"),
    Attribute.EMPLOYEE: gettext_noop("employee"),
    Attribute.REPORT: gettext_noop("report"),
    Attribute.MERCHANT: gettext_noop("merchant"),
    Attribute.AMOUNT: gettext_noop("amount"),
    Attribute.CURRENCY: gettext_noop("currency"),
    Attribute.DATE: gettext_noop("date"),
    Attribute.CATEGORY: gettext_noop("category"),
    Attribute.ATTENDEES: gettext_noop("attendees"),
    Attribute.PAYMENT: gettext_noop("payment"),
    Attribute.COMMENT: gettext_noop("comment"),
}
REMARKS = {
    RemarkCode.NO_DOCUMENT: gettext_noop("The line names no document."),
    RemarkCode.UNKNOWN_DOCUMENT: gettext_noop("The project has no such document."),
    RemarkCode.AMBIGUOUS_DOCUMENT: gettext_noop("Several documents are called so: name it by its SHA-256."),
    RemarkCode.TOO_MANY_CELLS: gettext_noop("The line has more cells than the table has columns."),
    RemarkCode.NO_EMPLOYEE: gettext_noop("The line names no employee."),
    RemarkCode.NO_AMOUNT: gettext_noop("The line has no amount."),
    RemarkCode.AMOUNT_NOT_READ: gettext_noop("The amount cannot be read with certainty: write it as 1234.50."),
    RemarkCode.DATE_NOT_READ: gettext_noop("The date cannot be read with certainty: write it as 2026-11-30."),
    RemarkCode.NO_CURRENCY: gettext_noop("This is no currency, or several: write its code, such as EUR."),
    RemarkCode.NO_COUNT: gettext_noop("This is neither a number of people nor their names."),
    RemarkCode.SAME_REFERENCE: gettext_noop("Line {line} has the same reference and says something else."),
    RemarkCode.OTHER_CLAIM: gettext_noop("A claim with this reference is stored already and says something else."),
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
    RemarkCode.REFUND: gettext_noop("The amount is negative: the claim is stored as a refund."),
    RemarkCode.SAME_FILE: gettext_noop("Line {line} names the same file: both claims are stored."),
    RemarkCode.FILE_NOT_FOUND: gettext_noop("The project has no such document yet: the claim is stored without it."),
    RemarkCode.FILE_AMBIGUOUS: gettext_noop("Several documents are called so: the claim is stored without one."),
}


def remark(row: ClaimRemark) -> str:
    """The sentence of a remark, in the reader's language."""
    return gettext(REMARKS[RemarkCode(row.code)]).format(line=figures.whole(row.other_line or 0))


def remark_in_english(row: ClaimRemark) -> str:
    """The same for commands and files."""
    return REMARKS[RemarkCode(row.code)].format(line=row.other_line or 0)


def attribute(each: Attribute) -> str:
    """What a part of a claim is called, in the reader's language."""
    name = gettext(ATTRIBUTES[each])
    return name[:1].upper() + name[1:]


def find_attribute(name: str) -> Attribute:
    """Raises `Invalid` for what a claim does not have."""
    if name not in list(Attribute):
        raise Invalid(UNKNOWN_ATTRIBUTE, name=name, known=", ".join(Attribute))
    return Attribute(name)


def column(columns: list[str], number: int | None) -> str:
    """A column's name with its letter where it has none of its own; empty for none."""
    if number is None:
        return ""
    name = columns[number] if number < len(columns) else ""
    if name and columns.count(name) == 1:
        return name
    return f"{name} ({letters(number)})" if name else gettext("Column %(letters)s") % {"letters": letters(number)}


def taken_back(count: int) -> str:
    """What taking an import back has come to for labels."""
    sentence = ngettext(
        "%(count)s label was taken back; what was claimed before holds again.",
        "%(count)s labels were taken back; what was claimed before holds again.",
        count,
    )
    return sentence % {"count": figures.whole(count)}


def claims_taken_back(count: int) -> str:
    """The same for claims."""
    sentence = ngettext("%(count)s claim was taken back.", "%(count)s claims were taken back.", count)
    return sentence % {"count": figures.whole(count)}
