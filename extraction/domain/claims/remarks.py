"""Codes of what is to be said about a line or a cell of a table of claims."""

from __future__ import annotations

from enum import StrEnum


class RemarkCode(StrEnum):
    """Why a line or a cell made no label, or in what its label is in doubt."""

    # of lines, none of which makes a label
    NO_DOCUMENT = "no_document"
    UNKNOWN_DOCUMENT = "unknown_document"
    AMBIGUOUS_DOCUMENT = "ambiguous_document"
    TOO_MANY_CELLS = "too_many_cells"
    # of cells that make no label
    CONTRADICTION = "contradiction"
    ERROR_CELL = "error_cell"
    NO_RESULT = "no_result"
    TOO_LONG = "too_long"
    # of cells whose label stays as typed
    AMBIGUOUS = "ambiguous"
    SERIAL_NUMBER = "serial_number"
    NOT_READ = "not_read"

    @property
    def refuses(self) -> bool:
        """Whether what it is about makes no label."""
        return self not in (RemarkCode.AMBIGUOUS, RemarkCode.SERIAL_NUMBER, RemarkCode.NOT_READ)
