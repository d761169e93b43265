"""The documents that a person selected: marked ones, or all that fulfil a filter."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

from extraction.domain.fields import Schema
from extraction.models import Project
from extraction.services.documents import messages
from extraction.services.documents.filters import Filter
from extraction.services.errors import Conflict, Invalid

LARGEST = 2**63 - 1
# Marked documents at most: more are selected by a filter.
MOST_MARKED = 1000


@dataclass(frozen=True, slots=True)
class Chosen:
    """The selected documents as they are now, by primary key in order."""

    keys: tuple[int, ...]

    @property
    def seal(self) -> str:
        """Their number and a hash: what a confirmation holds for."""
        text = ",".join(map(str, self.keys))
        return f"{len(self.keys)}.{hashlib.sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Selection:
    """`marked` primary keys; `None`: all documents that fulfil `condition`."""

    condition: Filter
    marked: tuple[int, ...] | None

    @classmethod
    def parse(cls, query: QueryDict, schema: Schema) -> Selection:
        """From `all` with the parameters of a filter, or from `pk`. Raises `Invalid` where nothing is selected."""
        condition = Filter.parse({name: str(query.get(name, "")) for name in query}, schema)
        if query.getlist("all"):
            return cls(condition, None)
        marked = tuple(sorted(set(_numbers(query.getlist("pk")[:MOST_MARKED]))))
        if not marked:
            raise Invalid(messages.NOTHING_CHOSEN)
        return cls(condition, marked)

    def chosen(self, project: Project) -> Chosen:
        """Raises `Invalid` where none of them is there."""
        marked = self.marked
        rows = self.condition.of(project) if marked is None else project.documents.filter(pk__in=marked)
        keys = tuple(rows.order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise Invalid(messages.NOTHING_CHOSEN)
        return Chosen(keys)

    def to_query(self) -> list[tuple[str, str]]:
        """The selection as `parse` reads it; the filter of marked documents leads back to their list."""
        marks = [("all", "1")] if self.marked is None else [("pk", str(pk)) for pk in self.marked]
        return [*self.condition.to_query().items(), *marks]


def check_unchanged(chosen: Chosen, seal: str) -> None:
    """Raises `Conflict` where these are not the documents that were confirmed."""
    if chosen.seal != seal:
        before = seal.partition(".")[0]
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else 0
        raise Conflict(messages.changed_meanwhile(number, len(chosen.keys)))


def _numbers(texts: Iterable[str]) -> Iterable[int]:
    for text in texts:
        if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST:
            yield int(text)
