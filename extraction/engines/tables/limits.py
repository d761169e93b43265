"""Limits of a table's file, and the error of one that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain.errors import UserError


@dataclass(frozen=True, slots=True)
class TableLimits:
    """`unpacked` counts the parts of a workbook, `texts` the one of them that is held in memory as a whole."""

    bytes: int = 50 * 2**20  # of the file
    lines: int = 200_000
    columns: int = 200
    unpacked: int = 500 * 2**20
    texts: int = 64 * 2**20


LIMITS = TableLimits()


class UnreadableTable(UserError):
    """The file is no table that can be read; the message is one sentence."""
