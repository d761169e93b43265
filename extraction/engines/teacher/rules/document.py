"""A document as the rules look at it: its rows, and what several fields need to know of it, found out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from extraction.domain.fields import Schema
from extraction.engines.teacher.rules.candidates import best_answer
from extraction.engines.teacher.rules.lines import Piece, Row, pieces_of
from extraction.engines.teacher.rules.names import companies
from extraction.engines.teacher.rules.values.sums import Amounts


@dataclass(frozen=True)
class Document:
    """`schema`: all fields that are asked for, as one may tell what another means."""

    rows: Sequence[Row]
    schema: Schema

    @cached_property
    def pieces(self) -> list[Piece]:
        return pieces_of(self.rows)

    @cached_property
    def amounts(self) -> Amounts:
        return Amounts(self.rows)

    @cached_property
    def issuer(self) -> str | None:
        """The name of the business that issued it."""
        return best_answer(companies(self.pieces)).value
