"""The answer to a file: the student's, and where that is worth it the teacher's beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.models import ModelVersion, Project, User
from extraction.services.serving import field_extraction
from extraction.services.serving.escalation import consulting
from extraction.services.serving.escalation.consulting import Consulted, Sent

if TYPE_CHECKING:
    from extraction.engines.ingest.reading import ReadPage


def answer(
    project: Project,
    name: str,
    path: Path,
    *,
    model: ModelVersion,
    author: User | None = None,
    on_page: Callable[[ReadPage], object] = lambda page: None,
    seconds: float | None = None,
    slot: AbstractContextManager[None] | None = None,
) -> Consulted:
    """As `field_extraction.extract_file`; pages are read in `slot`, the teacher is waited for outside of it."""
    with slot or nullcontext():
        read = field_extraction.extract_file(project, name, path, model=model, on_page=on_page, seconds=seconds)
        if read.result.error:
            return Consulted(read.result)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        sent = Sent(project, model, Path(name).name, path, sha256, read.pages, read.answers, read.result, author)
        prepared = consulting.prepare(sent)
    return consulting.finish(prepared)
