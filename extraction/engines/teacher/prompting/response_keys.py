"""Assignment of the keys in a teacher's response to fields, whichever way the keys are written and wrapped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extraction.domain.fields import Field
from extraction.engines.teacher.prompting.field_aliases import aliases_of
from extraction.engines.teacher.prompting.response_json import Json, Malformed

# Keys under which a list of pairs gives the name of the field.
NAME_KEYS = ("field", "name", "key")
# Objects or lists that may stand around the answer, such as {"result": {"fields": [...]}}.
MAX_WRAPPERS = 3

Entries = Mapping[str, Sequence[Json]]


@dataclass(frozen=True, slots=True)
class Keys:
    """Names of fields by the keys that a response may use for them: alias or own name, in any spelling."""

    exact: Mapping[str, str]
    folded: Mapping[str, str]

    @classmethod
    def of(cls, fields: Sequence[Field]) -> Keys:
        exact = {field.name: field.name for field in fields}
        exact |= {alias: name for name, alias in aliases_of(fields).items()}
        meanings: defaultdict[str, set[str]] = defaultdict(set)
        for key, name in exact.items():
            meanings[fold(key)].add(name)
        return cls(exact, {key: min(names) for key, names in meanings.items() if len(names) == 1})

    def name(self, key: str) -> str | None:
        """The field that `key` means; `None` where it means none or may mean two."""
        return self.exact.get(key) or self.folded.get(fold(key))

    def entries(self, document: Json, wrappers: int = MAX_WRAPPERS) -> Entries:
        """All values that `document` gives for each field, by its name, at the outermost level that gives any; other
        keys are left out. Raises `Malformed` where no level does, or several do beside each other."""
        candidates = list(self._candidates(document, wrappers))
        if not candidates:
            raise Malformed("the object has none of the keys that were asked for")
        if len(candidates) > 1:
            raise Malformed("several objects have the keys that were asked for")
        return candidates[0]

    def row(self, row: Mapping[str, Json]) -> Entries:
        """The values in a row of a group, by the parts' names."""
        return self._grouped(row.items())

    def _candidates(self, document: Json, wrappers: int) -> Iterator[Entries]:
        pairs = list(self._pairs(document))
        if entries := self._grouped(pairs):
            yield entries
        elif wrappers:
            for _, value in pairs:
                yield from self._candidates(value, wrappers - 1)

    def _grouped(self, pairs: Iterable[tuple[str, Json]]) -> Entries:
        values: defaultdict[str, list[Json]] = defaultdict(list)
        for key, value in pairs:
            if name := self.name(key):
                values[name].append(value)
        return dict(values)

    def _pairs(self, document: Json) -> Iterator[tuple[str, Json]]:
        """Keys and values of an object, or of all objects of a list."""
        if isinstance(document, dict):
            yield from document.items()
        elif isinstance(document, list):
            for row in document:
                if isinstance(row, dict):
                    yield from self._row_pairs(row)

    def _row_pairs(self, row: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
        """A row such as {"field": "total", "value": "3.30"} is one pair: the field's name and its entry."""
        names = [key for key in NAME_KEYS if key in row and self.name(key) is None]
        name = row[names[0]] if len(names) == 1 and "value" in row else None
        if isinstance(name, str):
            yield name, {key: value for key, value in row.items() if key != names[0]}
        else:
            yield from row.items()


def fold(key: str) -> str:
    """`key` without case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", key).casefold()
