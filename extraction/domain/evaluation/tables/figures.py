"""All figures of a report that follow from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Self

from extraction.domain.evaluation.bootstrap import Draws
from extraction.domain.evaluation.scoring import Evaluation, PairedDifference, Sheet, difference
from extraction.domain.evaluation.tables.agreement import Agreement, AgreementCount
from extraction.domain.evaluation.tables.partitions import Partition, PartitionKind, partitions
from extraction.domain.evaluation.tables.rows import Facts, FrozenRow
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject

# Sizes of sets of documents for which draws are kept at a time.
SIZES = 2


@dataclass(frozen=True, slots=True)
class Tables:
    """The paper's Tables 4 and 5 and its comparison of student and teacher, on the documents of a report."""

    partitions: tuple[Partition, ...] = ()
    agreements: tuple[Agreement, ...] = ()

    def partition(self, kind: PartitionKind, of: str = "") -> Partition | None:
        return next((each for each in self.partitions if (each.kind, each.of) == (kind, of)), None)

    def agreement(self, student: str) -> Agreement | None:
        """Of a student with the first teacher."""
        return next((each for each in self.agreements if each.student == student), None)

    def to_json(self) -> JsonObject:
        return {
            "partitions": [partition.to_json() for partition in self.partitions],
            "agreements": [agreement.to_json() for agreement in self.agreements],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            tuple(map(Partition.from_json, value["partitions"])), tuple(map(Agreement.from_json, value["agreements"]))
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Evaluations by system, the difference of each pair, and the tables."""

    documents: int
    evaluations: Mapping[str, Evaluation]
    differences: tuple[PairedDifference, ...]
    tables: Tables


class Counting:
    """Counts rows one after the other; of these nothing but scores and facts is kept.

    `students` and `teachers` are the names of those among `systems`.
    """

    def __init__(
        self,
        schema: Schema,
        conventions: Conventions,
        systems: Sequence[str],
        students: Sequence[str],
        teachers: Sequence[str],
    ) -> None:
        self._sheets = {name: Sheet(schema, conventions) for name in systems}
        self._students = students
        self._agreements = [AgreementCount(schema, conventions, one, other) for one in students for other in teachers]
        self._facts: list[Facts] = []

    def add(self, row: FrozenRow) -> None:
        scores = {name: sheet.add(row.row(name)) for name, sheet in self._sheets.items()}
        for agreement in self._agreements:
            agreement.add(row, scores[agreement.student], scores[agreement.teacher])
        self._facts.append(row.facts)

    def figures(self) -> Figures:
        draws = lru_cache(SIZES)(Draws)
        return Figures(
            len(self._facts),
            {name: sheet.evaluation(draws) for name, sheet in self._sheets.items()},
            tuple(
                pair
                for left, right in combinations(self._sheets.items(), 2)
                if (pair := difference(left, right, draws)) is not None
            ),
            Tables(
                tuple(partitions(self._facts, self._sheets, self._students, draws)),
                tuple(agreement.result(draws) for agreement in self._agreements),
            ),
        )


def figures(
    rows: Iterable[FrozenRow],
    schema: Schema,
    conventions: Conventions,
    systems: Sequence[str],
    students: Sequence[str] = (),
    teachers: Sequence[str] = (),
) -> Figures:
    """Those of all `rows`."""
    counting = Counting(schema, conventions, systems, students, teachers)
    for row in rows:
        counting.add(row)
    return counting.figures()
