"""Labels of checked files: stored once, batch by batch; loading the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from extraction.domain import label_sources
from extraction.domain.errors import filled, gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress, Silent, check
from extraction.models import Document, Label, Project, Source
from extraction.services.errors import Invalid
from extraction.services.labels import conventions
from extraction.services.labels import store as label_store
from extraction.services.labels.label_files.jsonl import LabelFile, LabelLine, parse
from extraction.services.labels.label_files.messages import NO_SOURCE
from extraction.services.labels.store import LabelInput

# The name of the teacher whose labels were loaded from a file.
RECORDED = "recorded"
STORING = gettext_noop("Storing labels")
OTHER_FILE = gettext_noop("{name} has other values than in line {line} of {labels}.")
SAME_CONTENT = gettext_noop("{name} has the same content as {first} (line {line}) and other values.")


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
        return cls(labels, line.number, line.title, values)

    def contradicts(self, other: _Seen) -> bool:
        return any(self.values[name] != other.values[name] for name in self.values.keys() & other.values.keys())

    def reason(self, other: _Seen) -> str:
        """Why the `other` one, which contradicts, is refused."""
        if self.labels != other.labels:
            return filled(OTHER_FILE, name=other.file, line=self.number, labels=self.labels)
        return filled(SAME_CONTENT, name=other.file, first=self.file, line=self.number)


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


def store(
    project: Project,
    files: Sequence[LabelFile],
    source: Source | str,
    *,
    progress: Progress | None = None,
    written: Callable[[int], None] | None = None,
) -> LoadResult:
    """Add what is not known yet. A second time, or after a crash in the middle, only what is missing is added.

    Of several files, each may say another part of what is known about a document. `written` as in `store.write_many`.
    Raises `Invalid` and `Cancelled`.
    """
    if source not in label_sources.names(loadable=True):
        raise Invalid(NO_SOURCE, source=source)
    result = LoadResult()
    storing = _Storing(project, source, progress or Silent(), written, sum(parsed.length for parsed in files))
    for parsed in files:
        stored = storing.store(parsed)
        result.new, result.known = result.new + stored.new, result.known + stored.known
        name = f"{parsed.path.name}: " if len(files) > 1 else ""
        result.refused += [replace(line, reason=name + line.reason) for line in stored.refused]
    conventions.read_unread(project)
    return result


@dataclass(slots=True)
class _Storing:
    """Files of one source; `first` is what was said first about each document, in any of them."""

    project: Project
    source: Source | str
    progress: Progress
    written: Callable[[int], None] | None
    total: int
    first: dict[int, _Seen] = field(default_factory=dict)
    lines: int = 0

    def store(self, parsed: LabelFile) -> LoadResult:
        result = LoadResult()
        for lines in parsed.batches():
            check(self.progress)
            self.progress.report(self.lines, self.total, STORING)
            documents = _agreeing(
                parsed.path.name, lines, _documents(self.project, parsed, lines, result), self.first, result
            )
            self._write(lines, documents, result)
            self.lines += len(lines)
        result.refused.sort(key=lambda refused: refused.line)
        return result

    def _write(self, lines: Sequence[LabelLine], documents: Mapping[int, Document], result: LoadResult) -> None:
        teacher = RECORDED if label_sources.find(self.source).named else ""
        inputs = [
            LabelInput(documents[line.number], name, value, self.source, unsure=name in line.unsure, teacher=teacher)
            for line in lines
            if line.number in documents
            for name, value in line.values.items()
        ]
        before = _loaded_before(inputs, self.source, teacher)
        fresh = [row for row in inputs if before.get((row.document.pk, row.field)) != (row.value, row.unsure)]
        label_store.write_many(self.project, fresh, written=self.written)
        result.new += len(fresh)
        result.known += len(inputs) - len(fresh)


def _documents(
    project: Project, parsed: LabelFile, lines: Sequence[LabelLine], result: LoadResult
) -> dict[int, Document]:
    """The project's document of each line, by the line's number; lines without one are refused in `result`."""
    found = parsed.finder.find(project, [line.file for line in lines])
    documents = dict[int, Document]()
    for line in lines:
        answer = found[line.file]
        if isinstance(answer, Document):
            documents[line.number] = answer
        else:
            result.refused.append(RefusedLine(line.number, answer))
    return documents


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
