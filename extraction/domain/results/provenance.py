"""Where the numbers of a report come from: documents, labels, systems and code as they were when it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from extraction.domain.field_types import Conventions
from extraction.domain.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class SystemOrigin:
    """A system of a report. Of a student: the hash of its files and of the snapshot that it learned from, and
    the source of these labels (`best` or a label source). `stored` of its answers had been given before the report."""

    name: str
    kind: str
    model: str = ""
    snapshot: str = ""
    learned_from: str = ""

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


@dataclass(frozen=True, slots=True)
class Code:
    """A version of kdweb, and the commit that it was (empty: not known)."""

    version: str
    commit: str

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["version"], value["commit"])


@dataclass(frozen=True, slots=True)
class Provenance:
    """`schema_version` is the primary key of the fields in force, `sha256` that of all frozen rows in their order."""

    code: Code
    schema_version: int
    conventions: Conventions
    documents: int
    sha256: str
    systems: tuple[SystemOrigin, ...]

    def to_json(self) -> JsonObject:
        return {
            "code": self.code.to_json(),
            "schema_version": self.schema_version,
            "conventions": asdict(self.conventions),
            "documents": self.documents,
            "sha256": self.sha256,
            "systems": [system.to_json() for system in self.systems],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            Code.from_json(value["code"]),
            value["schema_version"],
            Conventions(**value["conventions"]),
            value["documents"],
            value["sha256"],
            tuple(map(SystemOrigin.from_json, value["systems"])),
        )


# Places of numbers that differ, as far as a report keeps them.
MOST_DIFFERENCES = 20


class RecountState(StrEnum):
    """What computing a report again has shown. `INCOMPLETE`: documents of it were deleted since."""

    SAME = "same"
    DIFFERENT = "different"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class Recount:
    """A report computed again: by which code, and the places of its JSON whose numbers differ, the first
    `MOST_DIFFERENCES` of them. `deleted` documents are missing."""

    state: RecountState
    at: datetime
    code: Code
    differences: tuple[str, ...] = ()
    deleted: int = 0

    def to_json(self) -> JsonObject:
        return {
            "state": self.state.value,
            "at": self.at.isoformat(),
            "code": self.code.to_json(),
            "differences": list(self.differences),
            "deleted": self.deleted,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            RecountState(value["state"]),
            datetime.fromisoformat(value["at"]),
            Code.from_json(value["code"]),
            tuple(value["differences"]),
            value["deleted"],
        )
