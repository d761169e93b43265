"""Codes of what is to be said about a line or a cell of a table of claims."""

from __future__ import annotations

from enum import StrEnum


class RemarkCode(StrEnum):
    """Why a line or a cell made no label or claim, or in what it is in doubt."""

    # of lines, none of which makes a label
    NO_DOCUMENT = "no_document"
    UNKNOWN_DOCUMENT = "unknown_document"
    AMBIGUOUS_DOCUMENT = "ambiguous_document"
    TOO_MANY_CELLS = "too_many_cells"
    # of lines and cells that make neither a claim nor labels
    NO_EMPLOYEE = "no_employee"
    NO_AMOUNT = "no_amount"
    AMOUNT_NOT_READ = "amount_not_read"
    DATE_NOT_READ = "date_not_read"
    NO_CURRENCY = "no_currency"
    NO_COUNT = "no_count"
    SAME_REFERENCE = "same_reference"
    OTHER_CLAIM = "other_claim"
    # of cells that make no label
    CONTRADICTION = "contradiction"
    ERROR_CELL = "error_cell"
    NO_RESULT = "no_result"
    TOO_LONG = "too_long"
    # of cells whose label stays as typed
    AMBIGUOUS = "ambiguous"
    SERIAL_NUMBER = "serial_number"
    NOT_READ = "not_read"
    # of claims that are stored
    REFUND = "refund"
    SAME_FILE = "same_file"
    FILE_NOT_FOUND = "file_not_found"
    FILE_AMBIGUOUS = "file_ambiguous"

    @property
    def refuses(self) -> bool:
        """Whether what it is about makes neither a label nor a claim."""
        return self not in DOUBTS


DOUBTS = frozenset(
    {
        RemarkCode.AMBIGUOUS,
        RemarkCode.SERIAL_NUMBER,
        RemarkCode.NOT_READ,
        RemarkCode.REFUND,
        RemarkCode.SAME_FILE,
        RemarkCode.FILE_NOT_FOUND,
        RemarkCode.FILE_AMBIGUOUS,
    }
)
