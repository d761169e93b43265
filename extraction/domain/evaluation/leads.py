"""Whether one student may take the place of another: its lead on the same documents, and what follows from it.

The lead is that of mean ANLS with a paired bootstrap over documents (`bootstrap`). A candidate is *surely not worse*
where the lower bound of its lead is above minus a margin, and no field or group lost more than a margin of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np

from extraction.domain.evaluation.bootstrap import Floats, Interval, interval, intervals
from extraction.domain.evaluation.scoring import Row, decisive_anls, flat_anls, group_anls
from extraction.domain.field_types import UNKNOWN, Conventions
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.rows import flat, groups

# Two students that answer `n` documents alike differ, at 95 %, on fewer than 3 / n of all (the rule of three): on
# fewer documents than these an interval without width would say too much.
FEWEST_DOCUMENTS = 30


@dataclass(frozen=True, slots=True)
class Lead:
    """Mean ANLS (0–1) of a candidate and of the serving student over `n` documents, and the 95 % interval of the
    difference."""

    n: int
    candidate: float
    serving: float
    ci95: Interval

    @property
    def value(self) -> float:
        return self.candidate - self.serving

    def to_json(self) -> JsonObject:
        return {**asdict(self), "ci95": list(self.ci95)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["n"], value["candidate"], value["serving"], interval(value["ci95"]))


@dataclass(frozen=True, slots=True)
class Leads:
    """`mean` is over the flat fields (over groups where no flat field has a truth), as mean ANLS is everywhere;
    `groups` compare the ANLS* of rows."""

    mean: Lead
    fields: Mapping[str, Lead]
    groups: Mapping[str, Lead]

    @property
    def documents(self) -> int:
        return self.mean.n

    @property
    def parts(self) -> dict[str, Lead]:
        """Of the fields and of the groups."""
        return {**self.fields, **self.groups}

    def to_json(self) -> JsonObject:
        return {
            "mean": self.mean.to_json(),
            "fields": {name: lead.to_json() for name, lead in self.fields.items()},
            "groups": {name: lead.to_json() for name, lead in self.groups.items()},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        fields, tables = (
            {name: Lead.from_json(lead) for name, lead in value[part].items()} for part in ("fields", "groups")
        )
        return cls(Lead.from_json(value["mean"]), fields, tables)


@dataclass(frozen=True, slots=True)
class Margins:
    """What still counts as not worse, in ANLS (0–1): of the lower bound of the mean lead, and of the lead of each field
    and group."""

    mean: float = 0.005
    field: float = 0.02


class Standing(StrEnum):
    """A candidate's place beside the serving student."""

    NOT_WORSE = "not_worse"
    OPEN = "open"
    WORSE = "worse"


class Doubt(StrEnum):
    """Why a standing is open."""

    FEW_DOCUMENTS = "few_documents"
    MEAN = "mean"
    FIELDS = "fields"


def leads(
    schema: Schema,
    candidate: Sequence[Row],
    serving: Sequence[Row],
    *,
    conventions: Conventions = UNKNOWN,
    seed: int = 0,
) -> Leads | None:
    """Of answers for the same documents with the same truths; `None` where nothing is scored."""
    rows = candidate, serving
    first, second = (decisive_anls(schema, each, conventions) for each in rows)
    if not first.size:
        return None
    mean = Lead(len(first), _mean(first), _mean(second), intervals(first - second, seed)[-1])
    fields = [flat_anls(schema, each, conventions) for each in rows]
    tables = [group_anls(schema, each, conventions) for each in rows]
    return Leads(
        mean,
        dict(_columns(flat(schema).names, fields[0], fields[1], seed)),
        dict(_columns([group.name for group in groups(schema)], tables[0], tables[1], seed)),
    )


def standing(found: Leads | None, margins: Margins) -> tuple[Standing, tuple[Doubt, ...]]:
    """Where the candidate stands, and why that is open. `None`, nothing compared, is open for want of documents."""
    if found is None or found.documents < FEWEST_DOCUMENTS:
        return Standing.OPEN, (Doubt.FEW_DOCUMENTS,)
    low, high = found.mean.ci95
    if high < 0:
        return Standing.WORSE, ()
    doubts = [Doubt.MEAN] if low < -margins.mean else []
    doubts += [Doubt.FIELDS] if worse_parts(found, margins) else []
    return (Standing.OPEN if doubts else Standing.NOT_WORSE), tuple(doubts)


def worse_parts(found: Leads, margins: Margins) -> list[str]:
    """Names of the fields and groups that lost more than their margin."""
    return [name for name, lead in found.parts.items() if lead.value < -margins.field]


def _columns(names: Sequence[str], first: Floats, second: Floats, seed: int) -> Iterator[tuple[str, Lead]]:
    """Of the columns, document × column, that have any score."""
    if not first.size:
        return
    *bounds, _ = intervals(first - second, seed)
    for column, name in enumerate(names):
        known = ~np.isnan(first[:, column])
        if known.any():
            left, right = (float(each[known, column].mean()) for each in (first, second))
            yield name, Lead(int(known.sum()), left, right, bounds[column])


def _mean(scores: Floats) -> float:
    """Of the means of the columns that have any score."""
    return float(np.nanmean(scores[:, ~np.isnan(scores).all(axis=0)], axis=0).mean())
