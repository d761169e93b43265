"""Answers of a system that a report shows: the worst of flat fields, and the tables with the most left to do."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from extraction.domain.evaluation.similarity import anls
from extraction.domain.evaluation.tables.rows import FrozenRow, Truth
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field, Schema
from extraction.domain.line_items.comparison import answered, compare
from extraction.domain.line_items.rows import flat, groups, rows_of
from extraction.domain.prediction import FieldValue
from extraction.domain.results.reports import WrongAnswer
from extraction.domain.results.wrong_tables import WrongTable

WORST, WORST_TABLES = 50, 20
# So many times more are kept until the worst of them are chosen.
SLACK = 8


class Gallery:
    """Collects the worst answers of one system, a document after the other."""

    def __init__(self, system: str, schema: Schema, conventions: Conventions) -> None:
        self.system, self._conventions = system, conventions
        self._fields, self._groups = flat(schema).fields, groups(schema)
        self._answers: list[WrongAnswer] = []
        self._tables: list[WrongTable] = []

    def add(self, row: FrozenRow) -> None:
        self._answers += self._wrong_answers(row)
        self._tables += self._wrong_tables(row)
        if len(self._answers) > SLACK * WORST:
            self._answers = self.answers
        if len(self._tables) > SLACK * WORST_TABLES:
            self._tables = self.tables

    @property
    def answers(self) -> list[WrongAnswer]:
        """At most `WORST` answers for flat fields that differ from the truth, the least similar first."""
        return sorted(self._answers, key=attrgetter("nls", "document", "field"))[:WORST]

    @property
    def tables(self) -> list[WrongTable]:
        """At most `WORST_TABLES` groups of documents with a row that is not right, the most corrections first."""
        return sorted(self._tables, key=lambda table: (-table.corrections, table.name, table.field))[:WORST_TABLES]

    def _wrong_answers(self, row: FrozenRow) -> Iterator[WrongAnswer]:
        for field, truth, answer in self._answered(row, self._fields):
            given = answer.value if field.as_printed else answer.normalized
            right = truth.value if field.as_printed else truth.normalized or truth.value
            if (similarity := anls(right, given)) < 1:
                yield WrongAnswer(row.document, row.name, field.name, right, given, similarity)

    def _wrong_tables(self, row: FrozenRow) -> Iterator[WrongTable]:
        for group, truth, answer in self._answered(row, self._groups):
            if (rows := rows_of(group, truth.value)) is None:
                continue
            compared = compare(group, rows, answered(group, answer), self._conventions).rows()
            table = WrongTable.of(row.document, row.name, group.name, compared)
            if table.corrections:
                yield table

    def _answered(self, row: FrozenRow, fields: tuple[Field, ...]) -> Iterator[tuple[Field, Truth, FieldValue]]:
        """The fields with a truth, that truth, and the answer."""
        for field in fields:
            if truth := row.truths.get(field.name):
                yield field, truth, row.answer(self.system, field.name)
