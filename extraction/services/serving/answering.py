"""The answer to a file: the student's, and where that is worth it the teacher's beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from extraction.engines import digests
from extraction.models import Canary, ModelVersion, Project, User
from extraction.services.serving import field_extraction
from extraction.services.serving.canaries import recording
from extraction.services.serving.canaries.recording import Answered
from extraction.services.serving.escalation import consulting, keeping
from extraction.services.serving.escalation.consulting import Consulted, Sent

if TYPE_CHECKING:
    from extraction.engines.ingest.reading import ReadPage


def answer(
    project: Project,
    name: str,
    path: Path,
    *,
    model: ModelVersion,
    canary: Canary | None = None,
    author: User | None = None,
    came: datetime | None = None,
    on_page: Callable[[ReadPage], object] = lambda page: None,
    seconds: float | None = None,
    slot: AbstractContextManager[None] | None = None,
) -> Consulted:
    """As `field_extraction.extract_file`; pages are read in `slot`, the teacher is waited for outside of it.

    A file of a `canary` is kept until the other version has answered it too, one that stays unsure for review. `came`:
    when it was sent (`None`: just now).
    """
    came = came or timezone.now()
    with slot or nullcontext():
        read = field_extraction.extract_file(
            project, name, path, model=model, canary=canary, on_page=on_page, seconds=seconds
        )
        if read.result.error:
            return Consulted(read.result)
        sha256 = digests.of_file(path)
        sent = Sent(
            project,
            read.model,
            Path(name).name,
            path,
            sha256,
            read.pages,
            read.answers,
            read.result,
            author,
            came=came,
        )
        prepared = consulting.prepare(sent)
    if canary is not None and read.result.timing is not None:
        taken, own = read.result.timing.student, read.model.pk == canary.candidate_id
        recording.record(canary, Answered(sent.name, path, sha256, read.pages, read.answers, taken, by_candidate=own))
    answered = consulting.finish(prepared)
    keeping.keep(sent, answered)
    return answered
