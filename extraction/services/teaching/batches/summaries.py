"""Batches of a run for pages and commands, and their files for download."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Count, Q

from extraction.domain.errors import gettext_noop
from extraction.engines.teacher.batching import batches_of
from extraction.models import AuditAction, LabelRun, TeacherBatch, TeacherBatchEntry
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid, NotFound
from extraction.services.teaching import teachers
from extraction.services.teaching.batches import files

State = TeacherBatchEntry.State


@dataclass(frozen=True, slots=True)
class ShownBatch:
    """A batch with the numbers of its requests, of those answered, and of those that get no answer any more.

    `problem` is a sentence to be translated. `size` is that of its file in bytes while it waits to be handed in.
    """

    number: int
    state: TeacherBatch.State
    provider_batch: str
    requests: int
    answered: int
    unanswered: int
    expires: datetime | None
    problem: str
    size: int | None

    @property
    def title(self) -> str:
        return str(self.state.label)

    @property
    def ended(self) -> bool:
        return self.state == TeacherBatch.State.ENDED


def of_run(run: LabelRun) -> list[ShownBatch]:
    """By number. One query."""
    unanswered = ~Q(entries__state__in=(State.WAITING, State.ANSWERED))
    rows = run.batches.annotate(
        requests=Count("entries"),
        answered=Count("entries", filter=Q(entries__state=State.ANSWERED)),
        unanswered=Count("entries", filter=unanswered),
    )
    by_hand = run.delivery == LabelRun.Delivery.FILE
    return [
        ShownBatch(
            row.number,
            TeacherBatch.State(row.state),
            row.provider_batch,
            row.requests,
            row.answered,
            row.unanswered,
            row.expires,
            row.problem,
            row.bytes if by_hand and row.state == TeacherBatch.State.WRITTEN else None,
        )
        for row in rows.order_by("number")
    ]


def file_of(run: LabelRun, number: int) -> tuple[Path, str]:
    """The file of a batch that waits to be handed in, and a name for it. Raises `NotFound`."""
    batch = run.batches.filter(number=number, state=TeacherBatch.State.WRITTEN).first()
    path = files.written(batch) if batch and run.delivery == LabelRun.Delivery.FILE else None
    if path is None:
        raise NotFound(gettext_noop("The run has no file {number} to hand in."), number=str(number))
    return path, f"{run.project.slug}-{run.pk}-{number}{_suffix(run)}"


def record_download(run: LabelRun, number: int) -> None:
    """In the audit log, before the file is handed out."""
    changes = {"label_run": run.pk, "file": number}
    audit_log.record(AuditAction.EXPORTED, run, project=run.project, changes=changes)


def export(run: LabelRun, target: Path) -> list[Path]:
    """Copies of the run's files to hand in: `target`, and beside it those of further batches, numbered."""
    copied: list[Path] = []
    for number in run.batches.filter(state=TeacherBatch.State.WRITTEN).values_list("number", flat=True):
        path, _ = file_of(run, number)
        record_download(run, number)
        place = target if not copied else target.with_name(f"{target.stem}-{number}{target.suffix}")
        with path.open("rb") as source, place.open("wb") as out:
            shutil.copyfileobj(source, out)
        copied.append(place)
    return copied


def _suffix(run: LabelRun) -> str:
    try:
        batches = batches_of(teachers.find(run.teacher, for_files=True))
    except Invalid:
        return ""
    return batches.framing.suffix if batches else ""
