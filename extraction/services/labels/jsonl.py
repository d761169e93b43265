"""Label files in JSONL, one document a line: `{"file": …, field: value, …, "unsure": [field, …]}`.

`null` means "not on the document", an absent key "no label"; what stands under "alternatives" is passed over. A group's
label that is no list of rows is `{"text": …}`: a text alone is refused, since it may be a mistake. A file with any line
that cannot be understood is refused as a whole, before anything is stored; a line whose document is not in the project
is refused alone. A file is read twice, to check it and to store it, so that never more than a batch of its lines is
held.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from extraction.domain import label_sources
from extraction.domain.errors import quoted
from extraction.domain.field_types import InvalidValue
from extraction.domain.fields import Field, Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.notation import texts
from extraction.domain.text import storable
from extraction.engines import digests
from extraction.models import Document, Label, Project, Source
from extraction.services.errors import Invalid
from extraction.services.labels import conventions
from extraction.services.labels import store as label_store
from extraction.services.labels.file_names import FileNames
from extraction.services.labels.store import LabelInput
from extraction.services.projects import schema_versions

# The name of the teacher whose labels were loaded from a file.
RECORDED = "recorded"
# The key of a group's label that is no list of rows.
TEXT = "text"
# The key of the values that others have in place of the best ones.
ALTERNATIVES = "alternatives"
NAMED_LINES = 5
BATCH = 400
# Of a label file: lines, characters of one of them, and characters of values that are held at once.
MOST_LINES, LONGEST_LINE, MOST_HELD = 200_000, 1_200_000, 4_000_000
_PLACE = re.compile(r" at line \d+, column \d+")


class _Wrong(ValueError):
    """A malformed line; the message ends a sentence that begins with the line's number."""


class _Number(str):
    """A JSON number in the characters in which it was written: `9.00` stays `9.00`."""


@dataclass(frozen=True, slots=True)
class LabelLine:
    """The labels of one line for the document that `file` holds."""

    number: int
    file: Path
    values: Mapping[str, str | None]
    unsure: frozenset[str]

    @property
    def length(self) -> int:
        """Characters of its values."""
        return sum(len(value or "") for value in self.values.values())


@dataclass(frozen=True, slots=True)
class _Seen:
    """A line of a label file, of which only hashes are kept, since all documents of a file have one."""

    labels: str
    number: int
    file: str
    values: Mapping[str, int]

    @classmethod
    def of(cls, labels: str, line: LabelLine) -> _Seen:
        values = {name: hash((value, name in line.unsure)) for name, value in line.values.items()}
        return cls(labels, line.number, line.file.name, values)

    def contradicts(self, other: _Seen) -> bool:
        return any(self.values[name] != other.values[name] for name in self.values.keys() & other.values.keys())

    def reason(self, other: _Seen) -> str:
        """Why the `other` one, which contradicts, is refused."""
        if self.labels != other.labels:
            return f"{other.file} has other values than in line {self.number} of {self.labels}."
        return f"{other.file} has the same content as {self.file} (line {self.number}) and other values."


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A label file whose lines are all good, as it was when they were checked."""

    path: Path
    project: Project
    modified: tuple[int, int]

    def lines(self) -> Iterator[LabelLine]:
        """The lines, read anew. Raises `Invalid` where the file is another one by now."""
        if _modified(self.path) != self.modified:
            raise Invalid(f"{self.path.name} was changed while it was being loaded; load it again.")
        schema, names = self.project.schema, FileNames(self.path.parent)
        for number, text in _lines(self.path):
            yield _line(self.project, schema, number, text, names)

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
        return {line.file for line in self.lines()}


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that names no document of the project; `line` counts from 1, `reason` is one sentence."""

    line: int
    reason: str


@dataclass(slots=True)
class LoadResult:
    """How many labels were new and known, and the lines that were refused."""

    new: int = 0
    known: int = 0
    refused: list[RefusedLine] = field(default_factory=list)

    def to_json(self) -> JsonObject:
        """As `load --json` prints it."""
        return asdict(self)


def load_labels(project: Project, path: Path, source: Source | str) -> LoadResult:
    """Check a label file to its last line and store what it says. Raises `Invalid`; then nothing was stored."""
    return store(project, [parse(project, path)], source)


def parse(project: Project, path: Path, unit: str = "line") -> LabelFile:
    """A label file with good lines only. Raises `Invalid` with the numbers of those that are not.

    `unit`: what a line is called, where the file was made of one of another format.
    """
    checked, schema = LabelFile(path, project, _modified(path)), project.schema
    names = FileNames(path.parent)
    seen: dict[int, int] = {}
    wrong: list[str] = []
    count = 0
    for number, text in _lines(path):
        try:
            if number > MOST_LINES:
                raise Invalid(f"{path.name} has more than {MOST_LINES:,} lines; split it.")
            _check_new(_line(project, schema, number, text, names), seen, unit)
        except _Wrong as error:
            count += 1
            if count <= NAMED_LINES:
                wrong.append(f"{unit} {number} {error}")
    if wrong:
        more = f"; and {count - NAMED_LINES} more {unit}s" if count > NAMED_LINES else ""
        raise Invalid(f"{path.name} is refused: {'; '.join(wrong)}{more}.")
    if not seen:
        raise Invalid(f"{path.name} holds no labels.")
    return checked


def _check_new(line: LabelLine, seen: dict[int, int], unit: str) -> None:
    """`seen`: the number of the line of each file, by a hash that takes less memory than the file's path."""
    digest = hashlib.blake2b(str(line.file).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    first = seen.setdefault(int.from_bytes(digest), line.number)
    if first != line.number:
        raise _Wrong(f"names the same file as {unit} {first}")


def _modified(path: Path) -> tuple[int, int]:
    """What tells a file from a later one of the same path: its size and the time of its last change."""
    try:
        found = path.stat()
    except OSError as error:
        raise Invalid(f"{path.name} cannot be opened: {error.strerror}.") from None
    return found.st_size, found.st_mtime_ns


def store(project: Project, files: Sequence[LabelFile], source: Source | str) -> LoadResult:
    """Add what is not known yet. A second time, or after a crash in the middle, only what is missing is added.

    Of several files, each may say another part of what is known about a document.
    """
    if source not in label_sources.names(loadable=True):
        raise Invalid(f"Labels cannot be loaded as those of a {source}.")
    result = LoadResult()
    first: dict[int, _Seen] = {}
    for parsed in files:
        stored = _store_file(project, parsed, source, first)
        result.new, result.known = result.new + stored.new, result.known + stored.known
        name = f"{parsed.path.name}: " if len(files) > 1 else ""
        result.refused += [replace(line, reason=name + line.reason) for line in stored.refused]
    conventions.read_unread(project)
    return result


def _store_file(project: Project, parsed: LabelFile, source: Source | str, first: dict[int, _Seen]) -> LoadResult:
    """`first` is what was said first about each document, in this file and those before it."""
    teacher = RECORDED if label_sources.find(source).named else ""
    result = LoadResult()
    for lines in parsed.batches():
        documents = _agreeing(parsed.path.name, lines, _documents(project, lines, result), first, result)
        inputs = [
            LabelInput(documents[line.number], name, value, source, unsure=name in line.unsure, teacher=teacher)
            for line in lines
            if line.number in documents
            for name, value in line.values.items()
        ]
        before = _loaded_before(inputs, source, teacher)
        fresh = [row for row in inputs if before.get((row.document.pk, row.field)) != (row.value, row.unsure)]
        label_store.write_many(project, fresh)
        result.new += len(fresh)
        result.known += len(inputs) - len(fresh)
    result.refused.sort(key=lambda refused: refused.line)
    return result


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
        raise Invalid(f"{path.name} is not a text file in UTF-8.") from None
    except OSError as error:
        raise Invalid(f"{path.name} cannot be opened: {error.strerror}.") from None


def _line(project: Project, schema: Schema, number: int, text: str, names: FileNames) -> LabelLine:
    if len(text) > LONGEST_LINE:
        raise _Wrong(f"has more than {LONGEST_LINE:,} characters")
    value = _decoded(text)
    file, unsure = value.pop("file", None), value.pop("unsure", [])
    if ALTERNATIVES not in schema:
        # What an export adds: the values of others, which are no labels of this source.
        value.pop(ALTERNATIVES, None)
    if not isinstance(file, str) or not file.strip() or "\0" in file:
        raise _Wrong("names no file")
    if unknown := [name for name in value if name not in schema]:
        raise _Wrong(f"names the unknown field {quoted(unknown[0])}{_renamed(project, unknown[0])}")
    if not isinstance(unsure, list) or not all(isinstance(name, str) and name in schema for name in unsure):
        raise _Wrong("has something else than names of fields under 'unsure'")
    values = {name: _value(schema[name], part) for name, part in value.items()}
    return LabelLine(number, names.path(file), values, frozenset(unsure))


def _renamed(project: Project, name: str) -> str:
    """The end of the sentence where the field had that name before."""
    present = schema_versions.renamed_to(project, name)
    return f", which is called {present!r} now" if present else ""


def _decoded(text: str) -> dict[str, Any]:
    try:
        value = texts.json_value(
            text, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except texts.Unreadable as error:
        # Without the place: a line is short enough to find it.
        raise _Wrong(_PLACE.sub("", str(error).removeprefix("The text ")).rstrip(".")) from None
    if not isinstance(value, dict):
        raise _Wrong("is not a JSON object")
    return value


def _no_constant(name: str) -> None:
    raise _Wrong(f"has the value {name}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _Wrong("names a key twice")
    return value


def _value(field: Field, value: object) -> str | None:
    """A label's text; `None` for null and an empty text."""
    _check_storable(value)
    try:
        text = _text(field, value) or field.kind.from_json(field, value)
    except InvalidValue as error:
        raise _Wrong(str(error)) from None
    if text and len(text) > field.kind.longest:
        raise _Wrong(f"has a value of more than {field.kind.longest:,} characters for {field.name!r}")
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
            raise _Wrong("has a character that cannot be stored")
        if isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part


def _documents(project: Project, lines: Sequence[LabelLine], result: LoadResult) -> dict[int, Document]:
    """The project's document of each line, by the line's number; lines without one are refused in `result`."""
    hashes: dict[int, str] = {}
    for line in lines:
        try:
            hashes[line.number] = digests.of_file(line.file)
        except OSError as error:
            result.refused.append(RefusedLine(line.number, f"{line.file.name}: {error.strerror}."))
    known = {row.sha256: row for row in project.documents.filter(sha256__in=set(hashes.values()))}
    for line in lines:
        if line.number in hashes and hashes[line.number] not in known:
            result.refused.append(RefusedLine(line.number, f"{line.file.name} is not in the project."))
    return {number: known[sha256] for number, sha256 in hashes.items() if sha256 in known}


def _agreeing(
    labels: str,
    lines: Sequence[LabelLine],
    documents: Mapping[int, Document],
    first: dict[int, _Seen],
    result: LoadResult,
) -> dict[int, Document]:
    """The documents of the lines without those that contradict an earlier line about the same content.

    Two names of one content are one document, whose labels would change with each loading. `first` holds what was said
    first about each document, `labels` is the name of the label file.
    """
    agreeing: dict[int, Document] = {}
    for line in lines:
        if line.number not in documents:
            continue
        document = documents[line.number]
        seen = _Seen.of(labels, line)
        earlier = first.setdefault(document.pk, seen)
        if earlier.contradicts(seen):
            result.refused.append(RefusedLine(line.number, earlier.reason(seen)))
        else:
            first[document.pk] = replace(earlier, values={**seen.values, **earlier.values})
            agreeing[line.number] = document
    return agreeing


def _loaded_before(
    inputs: Sequence[LabelInput], source: Source | str, teacher: str
) -> dict[tuple[int, str], tuple[str | None, bool]]:
    """The values and doubts that files brought last, by document and field.

    Labels that people wrote since do not count, so that loading a file again does not override them.
    """
    rows = Label.objects.filter(
        document__in={label_input.document.pk for label_input in inputs},
        source=source,
        teacher=teacher,
        author=None,
        run=None,
        withdrawn=False,
    )
    return {(row.document_id, row.field): (row.value, row.unsure) for row in rows.order_by("id")}
