"""Label files in JSONL, one document a line: `{"file": …, field: value, …, "unsure": [field, …]}`.

`null` means "not on the document", an absent key "no label"; what stands under "alternatives" is passed over. A group's
label that is no list of rows is `{"text": …}`: a text alone is refused, since it may be a mistake. A file with any line
that cannot be understood is refused as a whole, before anything is stored; a line whose document is not in the project
is refused alone. A file is read twice, to check it and to store it, so that never more than a batch of its lines is
held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.field_types import InvalidValue
from extraction.domain.fields import Field, Schema
from extraction.domain.notation import texts
from extraction.domain.text import storable
from extraction.models import Project
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.finding import ByContent, Finder
from extraction.services.labels.label_files.messages import NO_TEXT, NOT_OPENED
from extraction.services.projects import schema_versions

# The key of a group's label that is no list of rows.
TEXT = "text"
# The key of the values that others have in place of the best ones.
ALTERNATIVES = "alternatives"
# Wrong lines that are named one by one, and of these in a sentence.
NAMED, TOLD = 100, 5
BATCH = 400
# Of a label file: lines, characters of one of them, and characters of values that are held at once.
MOST_LINES, LONGEST_LINE, MOST_HELD = 200_000, 1_200_000, 4_000_000
NO_JSON = gettext_noop("is not valid JSON")
TOO_DEEP = gettext_noop("is nested too deep, or holds a number of too many digits")


class _Wrong(UserError):
    """A malformed line; the message ends a sentence that begins with the line's number."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be understood; `reason` ends a sentence that begins with its number."""

    line: int
    reason: str


class RefusedLabels(Invalid):
    """A file with such lines: the first `problems` of `count`."""

    def __init__(self, name: str, unit: str, problems: Sequence[Problem], count: int) -> None:
        told = "; ".join(f"{unit} {problem.line} {problem.reason}" for problem in problems[:TOLD])
        more = f"; and {count - TOLD} more {unit}s" if count > TOLD else ""
        super().__init__(gettext_noop("{name} is refused: {problems}."), name=name, problems=told + more)
        self.problems, self.count = tuple(problems), count


class _Number(str):
    """A JSON number in the characters in which it was written: `9.00` stays `9.00`."""


@dataclass(frozen=True, slots=True)
class LabelLine:
    """The labels of one line for the document that `file`, a key of the `Finder`, means."""

    number: int
    file: str
    values: Mapping[str, str | None]
    unsure: frozenset[str]

    @property
    def length(self) -> int:
        """Characters of its values."""
        return sum(len(value or "") for value in self.values.values())

    @property
    def title(self) -> str:
        """What sentences call the file."""
        return Path(self.file).name


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A label file whose lines are all good, as it was when they were checked."""

    path: Path
    project: Project
    finder: Finder
    modified: tuple[int, int]
    length: int = 0  # lines with labels

    def lines(self) -> Iterator[LabelLine]:
        """The lines, read anew. Raises `Invalid` where the file is another one by now."""
        if _modified(self.path) != self.modified:
            raise Invalid(
                gettext_noop("{name} was changed while it was being loaded; load it again."), name=self.path.name
            )
        schema = self.project.schema
        for number, text in _lines(self.path):
            yield _line(self.project, schema, number, text, self.finder)

    def batches(self) -> Iterator[list[LabelLine]]:
        batch, held = list[LabelLine](), 0
        for line in self.lines():
            batch.append(line)
            held += line.length
            if len(batch) >= BATCH or held > MOST_HELD:
                yield batch
                batch, held = [], 0
        if batch:
            yield batch

    @property
    def files(self) -> set[Path]:
        """Of a label file whose names are those of files on this machine."""
        return {Path(line.file) for line in self.lines()}


def parse(project: Project, path: Path, unit: str = "line", finder: Finder | None = None) -> LabelFile:
    """A label file with good lines only. Raises `Invalid`, and `RefusedLabels` with those that are not good.

    `unit`: what a line is called, where the file was made of one of another format. `finder`: what its names mean,
    files beside it unless it is given.
    """
    checked = LabelFile(path, project, finder or ByContent(path.parent), _modified(path))
    schema, seen, wrong, count = project.schema, dict[int, int](), list[Problem](), 0
    for number, text in _lines(path):
        if number > MOST_LINES:
            raise Invalid(gettext_noop("{name} has more than {most} lines; split it."), name=path.name, most=MOST_LINES)
        try:
            _check_new(_line(project, schema, number, text, checked.finder), seen, unit)
        except _Wrong as error:
            count += 1
            if count <= NAMED:
                wrong.append(Problem(number, str(error)))
    if wrong:
        raise RefusedLabels(path.name, unit, wrong, count)
    if not seen:
        raise Invalid(gettext_noop("{name} holds no labels."), name=path.name)
    return replace(checked, length=len(seen))


def _check_new(line: LabelLine, seen: dict[int, int], unit: str) -> None:
    """`seen`: the number of the line of each file, by a hash that takes less memory than the file's path."""
    digest = hashlib.blake2b(line.file.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    first = seen.setdefault(int.from_bytes(digest), line.number)
    if first != line.number:
        raise _Wrong(gettext_noop("names the same file as {unit!s} {line}"), unit=unit, line=first)


def _modified(path: Path) -> tuple[int, int]:
    """What tells a file from a later one of the same path: its size and the time of its last change."""
    try:
        found = path.stat()
    except OSError as error:
        raise Invalid(NOT_OPENED, name=path.name, why=error.strerror) from None
    return found.st_size, found.st_mtime_ns


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            number = 0
            # One character beyond the limit shows that a line is longer; no more of it is held.
            while text := file.readline(LONGEST_LINE + 1):
                number += 1
                if text.strip():
                    yield number, text
                while len(text) > LONGEST_LINE and not text.endswith("\n"):
                    text = file.readline(LONGEST_LINE + 1)
    except UnicodeDecodeError:
        raise Invalid(NO_TEXT, name=path.name) from None
    except OSError as error:
        raise Invalid(NOT_OPENED, name=path.name, why=error.strerror) from None


def _line(project: Project, schema: Schema, number: int, text: str, finder: Finder) -> LabelLine:
    if len(text) > LONGEST_LINE:
        raise _Wrong(gettext_noop("has more than {most} characters"), most=LONGEST_LINE)
    value = _decoded(text)
    file, unsure = value.pop("file", None), value.pop("unsure", [])
    if ALTERNATIVES not in schema:
        # What an export adds: the values of others, which are no labels of this source.
        value.pop(ALTERNATIVES, None)
    if not isinstance(file, str) or not file.strip() or "\0" in file:
        raise _Wrong(gettext_noop("names no file"))
    if unknown := [name for name in value if name not in schema]:
        present = schema_versions.renamed_to(project, unknown[0])
        if present:
            raise _Wrong(
                gettext_noop("names the unknown field {name!r}, which is called {present!r} now"),
                name=unknown[0],
                present=present,
            )
        raise _Wrong(gettext_noop("names the unknown field {name!r}"), name=unknown[0])
    if not isinstance(unsure, list) or not all(isinstance(name, str) and name in schema for name in unsure):
        raise _Wrong(gettext_noop("has something else than names of fields under 'unsure'"))
    values = {name: _value(schema[name], part) for name, part in value.items()}
    return LabelLine(number, finder.key(file), values, frozenset(unsure))


def _decoded(text: str) -> dict[str, Any]:
    try:
        value = texts.json_value(
            text, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except texts.Unreadable as error:
        # Without the place: a line is short enough to find it.
        raise _Wrong(NO_JSON if "not valid JSON" in str(error) else TOO_DEEP) from None
    if not isinstance(value, dict):
        raise _Wrong(gettext_noop("is not a JSON object"))
    return value


def _no_constant(name: str) -> None:
    raise _Wrong(gettext_noop("has the value {value}"), value=name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _Wrong(gettext_noop("names a key twice"))
    return value


def _value(field: Field, value: object) -> str | None:
    """A label's text; `None` for null and an empty text."""
    _check_storable(value)
    try:
        text = _text(field, value) or field.kind.from_json(field, value)
    except InvalidValue as error:
        raise _Wrong(str(error)) from None
    if text and len(text) > field.kind.longest:
        raise _Wrong(
            gettext_noop("has a value of more than {most} characters for {name!r}"),
            most=field.kind.longest,
            name=field.name,
        )
    return text


def _text(field: Field, value: object) -> str | None:
    """The text of a group's label that is no list of rows; `None` for any other value."""
    if not field.kind.has_parts or not isinstance(value, Mapping) or set(value) != {TEXT}:
        return None
    return value[TEXT].strip() if isinstance(value[TEXT], str) else None


def _check_storable(value: object) -> None:
    """Databases take neither NUL nor half a surrogate pair."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and storable(part) != part:
            raise _Wrong(gettext_noop("has a character that cannot be stored"))
        if isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part
