"""Mapping of a listing to fields: for each field the one value whose caption and type fit it, without a model.

A field gets a value only where one fits clearly better than every other with another meaning. Otherwise nothing is said
about it, which is no statement that it is not on the document. Rows of groups are not mapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extraction.domain.field_types import normalize
from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.listing import captions, prompt
from extraction.engines.teacher.listing.prompt import Listed
from extraction.engines.teacher.listing.values import value_in
from extraction.engines.teacher.protocol import Answer

# Points that a value needs, and by how many it must lead: a caption that says what is asked for counts about 2 to 4.
ENOUGH, LEAD = 1.6, 1.05
# What the English words beside a caption count for where the caption itself is known, and where it is not.
BESIDE_CAPTION, WITHOUT_CAPTION = 0.25, 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed value as a field's, by its place in the listing; `key` tells what it means."""

    place: int
    value: str
    key: str
    points: float


def read(schema: Schema, text: str) -> dict[str, Answer]:
    """The answers to the fields of `schema` in a model's listing. Raises `Malformed`."""
    return answers(schema, prompt.read(text))


def answers(schema: Schema, listing: Sequence[Listed]) -> dict[str, Answer]:
    """An answer for each field of which the listing tells the value; the others are left out."""
    chosen = {field.name: best for field in schema.fields if (best := _best(field, schema, listing))}
    return {
        name: Answer(best.value, _evidence(listing[best.place]))
        for name, best in chosen.items()
        if not _contested(name, best, chosen)
    }


def _best(field: Field, schema: Schema, listing: Sequence[Listed]) -> Candidate | None:
    """The candidate that leads; of several with its meaning the one with the most points."""
    best: dict[str, Candidate] = {}
    for candidate in _candidates(field, schema, listing):
        rival = best.get(candidate.key)
        if rival is None or candidate.points > rival.points:
            best[candidate.key] = candidate
    ranked = sorted(best.values(), key=lambda candidate: -candidate.points)
    if not ranked or ranked[0].points < ENOUGH:
        return None
    second = ranked[1].points if len(ranked) > 1 else 0.0
    return ranked[0] if ranked[0].points - second >= LEAD else None


def _candidates(field: Field, schema: Schema, listing: Sequence[Listed]) -> Iterator[Candidate]:
    if field.kind.has_parts:
        return
    rate = captions.rating(field, schema)
    for place, listed in enumerate(listing):
        points = _points(rate, listed)
        if points > 0 and (value := value_in(field, listed)) is not None:
            yield Candidate(place, value, normalize(field, value) or value.casefold(), points)


def _points(rate: captions.Rating, listed: Listed) -> float:
    caption, what = rate(listed.caption), rate(listed.what)
    if caption:
        return caption + BESIDE_CAPTION * what
    return WITHOUT_CAPTION * what


def _contested(name: str, best: Candidate, chosen: Mapping[str, Candidate]) -> bool:
    """Whether the listed value fits another field better. One that fits two alike is given to both."""
    others = (other for key, other in chosen.items() if key != name and other.place == best.place)
    return any(other.value == best.value and other.points > best.points for other in others)


def _evidence(listed: Listed) -> str:
    return f"{listed.caption}: {listed.value}" if listed.caption else listed.value
