"""Values of a report: systems compared on the same documents, their wrong answers and the teacher's usage.

`to_json` writes what `Report.value` stores and `evaluate --json` prints; `from_json` restores it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import Evaluation, FieldScore, PairedDifference
from extraction.domain.evaluation.tables.figures import Tables
from extraction.domain.json_types import JsonObject
from extraction.domain.results.costs import Usage
from extraction.domain.results.system_facts import SystemFacts
from extraction.domain.results.wrong_tables import WrongTable

# Words of the note of a report whose systems are compared with the teacher's own labels.
AGREEMENT = gettext_noop("this is agreement, not quality")


@dataclass(frozen=True, slots=True)
class SystemEvaluation:
    """Quality and speed of one system on a split.

    `against` names what the answers were compared with (`truth` or `best`), `note` says it in a sentence.
    `documents_per_second` is measured from file to fields; `None` for recorded answers.
    """

    project: str
    system: str
    split: str
    against: str
    note: str
    documents_per_second: float | None
    scores: Evaluation

    def to_json(self) -> JsonObject:
        return {
            "project": self.project,
            "system": self.system,
            "split": self.split,
            "against": self.against,
            "note": self.note,
            "documents_per_second": self.documents_per_second,
            **self.scores.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            project=value["project"],
            system=value["system"],
            split=value["split"],
            against=value["against"],
            note=value["note"],
            documents_per_second=value["documents_per_second"],
            scores=Evaluation.from_json(value),
        )


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer that differs from the truth. `document` is a primary key; `nls` is the similarity from 0 to 1."""

    document: int
    name: str
    field: str
    truth: str | None
    answer: str | None
    nls: float

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class ReportedSystem:
    """A system of a report with its worst answers, the least similar first, and its wrong tables, those with the most
    left to do first. `kind` names a `SystemKind`; reports of earlier versions have no `facts`."""

    kind: str
    evaluation: SystemEvaluation
    errors: tuple[WrongAnswer, ...] = ()
    tables: tuple[WrongTable, ...] = ()
    facts: SystemFacts | None = None

    @property
    def name(self) -> str:
        return self.evaluation.system

    @property
    def scores(self) -> Evaluation:
        return self.evaluation.scores

    @property
    def documents_per_second(self) -> float | None:
        return self.evaluation.documents_per_second

    def score(self, field: str) -> FieldScore | None:
        return self.scores.fields.get(field)

    def to_json(self) -> JsonObject:
        value = {"name": self.name, "kind": self.kind, **self.evaluation.to_json()}
        value["errors"] = [error.to_json() for error in self.errors]
        value |= {"tables": [table.to_json() for table in self.tables]} if self.tables else {}
        return value | ({"facts": self.facts.to_json()} if self.facts else {})

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        errors = tuple(WrongAnswer.from_json(error) for error in value["errors"])
        tables = tuple(map(WrongTable.from_json, value.get("tables", ())))
        facts = SystemFacts.from_json(value["facts"]) if "facts" in value else None
        return cls(value["kind"], SystemEvaluation.from_json(value), errors, tables, facts)


@dataclass(frozen=True, slots=True)
class ReportValue:
    """Systems compared on `documents` documents of a split, and what the project's teacher has used so far.

    `differences` are of each pair of systems in their order; reports of earlier versions have none, and no `tables`.
    """

    project: str
    split: str
    against: str
    note: str
    documents: int
    systems: tuple[ReportedSystem, ...]
    teacher_usage: Usage
    differences: tuple[PairedDifference, ...] = ()
    tables: Tables | None = None

    @property
    def agreement(self) -> bool:
        """Whether the figures say how far systems agree with the teacher, and not how good they are."""
        return AGREEMENT in self.note

    @property
    def fields(self) -> list[str]:
        """Every flat field that any system was scored on, in the order of the first system."""
        return list(dict.fromkeys(name for system in self.systems for name in system.scores.fields))

    @property
    def groups(self) -> list[str]:
        """Every group whose rows were scored."""
        return list(dict.fromkeys(name for system in self.systems for name in system.scores.groups))

    def system(self, name: str) -> ReportedSystem | None:
        return next((system for system in self.systems if system.name == name), None)

    def difference(self, left: str, right: str) -> PairedDifference | None:
        """The lead of `left` over `right`, however the pair is stored."""
        for pair in self.differences:
            if (pair.left, pair.right) == (left, right):
                return pair
            if (pair.left, pair.right) == (right, left):
                return pair.reversed()
        return None

    def first(self, kind: str) -> ReportedSystem | None:
        """The first system of a kind."""
        return next((system for system in self.systems if system.kind == kind), None)

    def to_json(self) -> JsonObject:
        return {
            "project": self.project,
            "split": self.split,
            "against": self.against,
            "note": self.note,
            "documents": self.documents,
            "systems": [system.to_json() for system in self.systems],
            "teacher_usage": self.teacher_usage.to_json(),
            **({"differences": [pair.to_json() for pair in self.differences]} if self.differences else {}),
            **({"tables": self.tables.to_json()} if self.tables else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            project=value["project"],
            split=value["split"],
            against=value["against"],
            note=value["note"],
            documents=value["documents"],
            systems=tuple(ReportedSystem.from_json(system) for system in value["systems"]),
            teacher_usage=Usage.from_json(value["teacher_usage"]),
            differences=tuple(map(PairedDifference.from_json, value.get("differences", ()))),
            tables=Tables.from_json(value["tables"]) if "tables" in value else None,
        )
