"""Parts of the documents on which systems are compared one by one, as Tables 4 and 5 of the paper do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

import numpy as np

from extraction.domain.evaluation.bootstrap import Drawing, Draws, Floats, Interval, interval, over, percentiles
from extraction.domain.evaluation.scoring import Sheet
from extraction.domain.evaluation.tables.rows import Facts
from extraction.domain.json_types import JsonObject
from extraction.domain.line_items.rows import flat

# A vendor is frequent from so many labelled documents of a project on.
FREQUENT = 5
# Bounds of the paper's bands of focus (Table 5), variance of the Laplacian.
FOCUS = (200, 500, 750, 1000)
UNKNOWN = ""
# Values of one kind that are told apart, the most frequent ones; the others are one part, and so is what is not known.
MOST_PARTS = 12
OTHERS = "others"


class PartitionKind(StrEnum):
    VENDORS = "vendors"
    SEEN = "seen"
    FOCUS = "focus"
    LANGUAGE = "language"
    ORIGIN = "origin"
    MEDIA_TYPE = "media_type"


class VendorPart(StrEnum):
    FREQUENT = "frequent"
    RARE = "rare"


class SeenPart(StrEnum):
    SEEN = "seen"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class PartScore:
    """A system on the documents of a part; shares from 0 to 1, `fields` are ANLS by field."""

    mean_anls: float
    mean_anls_ci95: Interval
    all_fields: float
    all_fields_ci95: Interval
    fields: Mapping[str, float]

    def to_json(self) -> JsonObject:
        return {
            "mean_anls": self.mean_anls,
            "mean_anls_ci95": list(self.mean_anls_ci95),
            "all_fields": self.all_fields,
            "all_fields_ci95": list(self.all_fields_ci95),
            "fields": dict(self.fields),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        bounds = (interval(value[name]) for name in ("mean_anls_ci95", "all_fields_ci95"))
        return cls(value["mean_anls"], next(bounds), value["all_fields"], next(bounds), value["fields"])


@dataclass(frozen=True, slots=True)
class Part:
    """Documents alike in one respect; `key` is empty where that is not known of them. `systems` are by name."""

    key: str
    documents: int
    systems: Mapping[str, PartScore]

    def to_json(self) -> JsonObject:
        systems = {name: score.to_json() for name, score in self.systems.items()}
        return {"key": self.key, "documents": self.documents, "systems": systems}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        systems = {name: PartScore.from_json(score) for name, score in value["systems"].items()}
        return cls(value["key"], value["documents"], systems)


@dataclass(frozen=True, slots=True)
class Partition:
    """All compared documents by one respect. `of` names the student whose training it is about (`SEEN`), else empty."""

    kind: PartitionKind
    of: str
    parts: tuple[Part, ...]

    def to_json(self) -> JsonObject:
        return {"kind": self.kind.value, "of": self.of, "parts": [part.to_json() for part in self.parts]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(PartitionKind(value["kind"]), value["of"], tuple(map(Part.from_json, value["parts"])))


def partitions(
    facts: Sequence[Facts], sheets: Mapping[str, Sheet], students: Sequence[str], draws: Drawing = Draws
) -> Iterator[Partition]:
    """Of the documents of all sheets, which have the same ones in the order of `facts`."""
    first = next(iter(sheets.values()), None)
    if first is None or not any(first.compared):
        return
    compared = [each for each, kept in zip(facts, first.compared, strict=True) if kept]
    for kind, of, key_of in _respects(students):
        keys = _fewer([key_of(each) for each in compared])
        parts = (_part(key, np.array([each == key for each in keys]), sheets, draws) for key in _ordered(kind, keys))
        yield Partition(kind, of, tuple(parts))


def focus_band(focus: float | None) -> str:
    """`200-500`, `1000-` for all from 1,000 on; empty where the focus is not known."""
    if focus is None:
        return UNKNOWN
    low, high = next((low, high) for low, high in reversed(_bands()) if focus >= low or not low)
    return f"{low}-{'' if high is None else high}"


def _bands() -> list[tuple[int, int | None]]:
    return list(zip((0, *FOCUS), (*FOCUS, None), strict=True))


def _respects(students: Sequence[str]) -> Iterator[tuple[PartitionKind, str, Callable[[Facts], str]]]:
    yield PartitionKind.VENDORS, "", _frequency
    for student in students:
        yield PartitionKind.SEEN, student, lambda facts, student=student: _seen(facts, student)  # type: ignore[misc]
    yield PartitionKind.FOCUS, "", lambda facts: focus_band(facts.focus)
    yield PartitionKind.LANGUAGE, "", lambda facts: facts.language
    yield PartitionKind.ORIGIN, "", lambda facts: facts.origin
    yield PartitionKind.MEDIA_TYPE, "", lambda facts: facts.media_type


def _frequency(facts: Facts) -> str:
    if not facts.vendor:
        return UNKNOWN
    return VendorPart.FREQUENT if facts.vendor_documents >= FREQUENT else VendorPart.RARE


def _seen(facts: Facts, student: str) -> str:
    if not facts.vendor or student not in facts.seen:
        return UNKNOWN
    return SeenPart.SEEN if facts.seen[student] else SeenPart.UNSEEN


def _fewer(keys: Sequence[str]) -> list[str]:
    counts = Counter(key for key in keys if key != UNKNOWN)
    kept = {UNKNOWN, *sorted(counts, key=lambda key: (-counts[key], key))[:MOST_PARTS]}
    return [key if key in kept else OTHERS for key in keys]


def _ordered(kind: PartitionKind, keys: Sequence[str]) -> list[str]:
    """In their own order where they have one, else the most frequent first; what is not known comes last."""
    known = {
        PartitionKind.VENDORS: [*VendorPart],
        PartitionKind.SEEN: [*SeenPart],
        PartitionKind.FOCUS: [focus_band(low) for low, _ in _bands()],
    }.get(kind, [])
    order = {str(key): place for place, key in enumerate(known)}
    return sorted(set(keys), key=lambda key: (not key, order.get(key, len(order)), -keys.count(key), key))


def _part(key: str, inside: Floats, sheets: Mapping[str, Sheet], draws: Drawing) -> Part:
    """Resamples are those of all documents, of which the part's count."""
    columns, shapes = [], []
    for sheet in sheets.values():
        scores, _, meant = sheet.decisive
        whole = np.nanmin(meant, axis=1, keepdims=True)
        columns.append(np.where(inside[:, None], np.hstack([scores, whole]), np.nan))
        shapes.append(scores.shape[1])
    drawn = draws(len(inside)).means(np.hstack(columns))
    systems, start = {}, 0
    for (name, sheet), scores, width in zip(sheets.items(), columns, shapes, strict=True):
        ours = drawn[:, start : start + width + 1]
        start += width + 1
        known = [not bool(np.isnan(column).all()) for column in scores.T]
        means = [float(np.nanmean(scores[:, column])) if known[column] else np.nan for column in range(width + 1)]
        bounds = percentiles(np.column_stack([over(ours[:, :-1]), ours[:, -1]]))
        names = flat(sheet.schema).names if width == len(flat(sheet.schema).names) else ()
        fields = {field: mean for field, mean in zip(names, means, strict=False) if not np.isnan(mean)}
        mean_anls = float(np.nanmean(means[:-1]))
        systems[name] = PartScore(mean_anls, bounds[0], means[-1], bounds[1], fields)
    return Part(key, int(inside.sum()), systems)
