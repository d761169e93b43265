"""A label file becomes labels: unpacked, read as its format says, checked to its last line, stored batch by batch."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.models import F

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, PutOff
from extraction.models import Document, LabelImport
from extraction.services import leftovers, storage
from extraction.services.documents.imports.document_finding import ByName
from extraction.services.documents.label_files import archives
from extraction.services.errors import Invalid
from extraction.services.labels.label_files import jsonl, storing
from extraction.services.labels.label_files.formats import conversion
from extraction.services.labels.label_files.formats.conversion import FieldNames
from extraction.services.labels.label_files.formats.registry import FORMATS
from extraction.services.labels.label_files.jsonl import LabelFile, RefusedLabels

State = LabelImport.State
# Lines and names that are kept of those that filled nothing, and characters of one.
KEPT, LONGEST = 100, 200
# Seconds until documents that are being read are looked at again, or this many times what looking takes.
PAUSE, SHARE = 5.0, 20
WAITING = gettext_noop("Waiting until its documents are read")
FILE_GONE = gettext_noop("The file of this import is no longer in the data folder.")
NO_FIELD = gettext_noop("{name} names no field of the project.")

# Number of a line and the reason why it gave no label.
Lines = Sequence[tuple[int, str]]


def run(import_id: int, progress: Progress) -> None:
    """Go on with an import where it stands; the work of a job. Raises `Cancelled` and `PutOff`; what was stored stays.

    A file that is refused is an outcome, in the row, and no failure of the job.
    """
    row = LabelImport.objects.select_related("project__schema_version").filter(pk=import_id).first()
    if row is None or row.state != State.LOADING:
        return
    names, started = FieldNames(row.project.schema, row.names), time.monotonic()
    try:
        with TemporaryDirectory() as folder:
            parsed = _parsed(row, names, Path(folder))
            if parsed is None:
                _change(row, state=State.MAPPING, passed_over=_counted(names))
                return
            if _has_unread_documents(parsed):
                raise PutOff(max(PAUSE, SHARE * (time.monotonic() - started)), WAITING)
            result = storing.store(
                row.project, [parsed], row.source, progress=progress, written=partial(_count, row.pk)
            )
    except RefusedLabels as refusal:
        lines = [(problem.line, problem.reason) for problem in refusal.problems]
        _end(row, State.REFUSED, lines, refusal.count, names)
    except Invalid as refusal:
        _end(row, State.REFUSED, [], 0, names, str(refusal))
    else:
        lines = [(line.line, line.reason) for line in result.refused]
        _end(row, State.LOADED, lines, len(lines), names, known=result.new + result.known)


def _parsed(row: LabelImport, names: FieldNames, folder: Path) -> LabelFile | None:
    """The checked file; `None` where it has names that a person has to choose fields for. Raises `Invalid`."""
    format, finder = FORMATS.get(row.format), ByName(row.project)
    try:
        # Formats look for pictures in folders beside that of the labels.
        place = folder / "import" / "labels"
        labels = archives.unpack(storage.fetch(row.file), row.name, place, as_one=format is None)
    except FileNotFoundError:
        raise Invalid(FILE_GONE) from None
    if format is None:
        return jsonl.parse(row.project, labels, finder=finder)
    converted = folder / archives.file_name(row.name)
    filled = conversion.convert(format, labels, names, converted)
    if names.passed_over and not row.confirmed:
        return None
    if not filled:
        raise Invalid(NO_FIELD, name=row.name)
    return jsonl.parse(row.project, converted, format.unit, finder)


def _has_unread_documents(parsed: LabelFile) -> bool:
    """Whether one of the documents is not read yet: its labels could not be found on its pages."""
    return any(
        isinstance(each, Document) and each.state == Document.State.QUEUED
        for lines in parsed.batches()
        for each in parsed.finder.find(parsed.project, [line.file for line in lines]).values()
    )


def _count(import_id: int, labels: int) -> None:
    LabelImport.objects.filter(pk=import_id).update(new=F("new") + labels)


def _counted(names: FieldNames) -> Mapping[str, int]:
    return {name[:LONGEST]: count for name, count in names.passed_over.most_common(KEPT)}


def _end(
    row: LabelImport,
    state: LabelImport.State,
    lines: Lines,
    refused: int,
    names: FieldNames,
    reason: str = "",
    *,
    known: int = 0,
) -> None:
    """`known`: labels of the file that are stored now, whether an earlier attempt of this import stored them or not."""
    row.refresh_from_db(fields=["new"])
    kept = [[number, told[:LONGEST]] for number, told in lines[:KEPT]]
    with leftovers.changing(storage.path(row.file)):
        _change(
            row,
            state=state,
            lines=kept,
            refused=refused,
            reason=reason[:500],
            known=max(0, known - row.new),
            passed_over=_counted(names),
            file="",
        )


def _change(row: LabelImport, **values: object) -> None:
    LabelImport.objects.filter(pk=row.pk, state=State.LOADING).update(**values)
