"""Fields suggested from a few files that are in no project yet; nothing of the files is kept."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.conf import settings

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress, Silent
from extraction.engines.ingest.limits import Refused
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.engines.teacher.protocol import Reading, Teacher, TeacherError
from extraction.engines.teacher.suggestion import Suggestion, SuggestsFields
from extraction.services.documents import staging
from extraction.services.documents.staging import Upload
from extraction.services.errors import Conflict, Invalid
from extraction.services.teaching import messages, teachers
from extraction.services.teaching.estimates import Consent
from extraction.services.teaching.label_runs import ConsentNeeded

if TYPE_CHECKING:
    from extraction.engines.ingest.ocr.base import OcrEngine

# What is printed once on each document stands on its first pages.
MOST_FILES, PAGES = 3, 2
RULES = "rules"
NOT_READ = gettext_noop("{file} was not read. {refusal!s}")

File = tuple[str, Path | Upload]


@dataclass(frozen=True, slots=True)
class SuggestedFields:
    """Fields to begin with, `None` where nothing was found.

    `teacher` suggested them; `note` is a sentence where another one was asked first, else empty.
    """

    schema: Schema | None
    teacher: str
    note: str = ""

    def to_json(self) -> JsonObject:
        """As `suggest_fields --json` prints it."""
        return {
            "teacher": self.teacher,
            "note": self.note,
            "schema": self.schema.to_json() if self.schema else None,
        }


def consent(name: str) -> Consent | None:
    """The agreement that the teacher needs before it sees pictures. Raises `Invalid` where it is not set up."""
    return teachers.consent(teachers.find(name))


def offered() -> str:
    """The installation's teacher where it can be asked for fields, else the rules."""
    try:
        teacher = teachers.find(settings.KD_TEACHER)
    except Invalid:
        return RULES
    return teacher.name if isinstance(teacher, SuggestsFields) else RULES


def suggest(files: Sequence[File], progress: Progress, *, teacher: str = RULES, agreed: str = "") -> SuggestedFields:
    """Read the first pages of at most three files and ask the teacher; where it has no answer, the rules.

    `agreed` is the provider to which somebody agreed (`Consent.provider`). Raises `Invalid` for an unknown teacher, for
    a number of files and for a file that cannot be read, `ConsentNeeded`, and `Conflict` without an OCR engine.
    """
    if not 1 <= len(files) <= MOST_FILES:
        raise Invalid(
            gettext_noop("Fields are suggested from 1 to {most} files, not from {number}."),
            most=MOST_FILES,
            number=len(files),
        )
    asked = teachers.find(teacher)
    if (needed := teachers.consent(asked)) and agreed != needed.provider:
        raise ConsentNeeded(needed.sentence)
    with TemporaryDirectory(prefix="kdweb-") as folder:
        readings = [
            _read(file, Path(folder) / str(number), number, len(files), progress) for number, file in enumerate(files)
        ]
        progress.report(len(files), len(files), gettext_noop("Suggesting fields"))
        return _ask(asked, readings)


def _ask(teacher: Teacher, readings: Sequence[Reading]) -> SuggestedFields:
    note = ""
    if isinstance(teacher, SuggestsFields):
        try:
            return SuggestedFields(_schema(teacher.suggest_fields(readings)), teacher.name)
        except TeacherError as error:
            note = messages.rules_instead(str(error))
    rules = teachers.find(RULES)
    found = _schema(rules.suggest_fields(readings)) if isinstance(rules, SuggestsFields) else None
    return SuggestedFields(found, RULES, note or messages.cannot_suggest(teacher.name))


def _schema(suggestion: Suggestion) -> Schema | None:
    if not suggestion.fields:
        return None
    return Schema(f"{suggestion.document.capitalize()}s", suggestion.document, suggestion.fields)


def _read(file: File, folder: Path, number: int, total: int, progress: Progress) -> Reading:
    """The first pages of one file, with their pictures below `folder`."""
    from extraction.engines.ingest.page_images import save_page
    from extraction.engines.ingest.reading import read_pages

    name, content = file
    progress.report(number, total, gettext_noop("Reading {name}").format(name=name))
    pages, images = [], []
    with ExitStack() as stack:
        try:
            staged, _ = stack.enter_context(staging.stage(content))
            for place, read in enumerate(islice(read_pages(staged, _engine(), staging.LIMITS, Silent()), PAGES)):
                pages.append(read.page)
                images.append(save_page(read.image, folder, place)[0])
        except Refused as refusal:
            raise Invalid(NOT_READ, file=staging.clean_name(name), refusal=refusal) from None
    return Reading(tuple(pages), tuple(images))


def _engine() -> OcrEngine:
    from extraction.engines.ingest.ocr.registry import engine

    try:
        return engine(settings.KD_OCR, settings.KD_THREADS)
    except OcrUnavailable as error:
        raise Conflict(str(error)) from None
