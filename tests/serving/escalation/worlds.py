"""A project whose student knows little, and a teacher that says what a test wants."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from extraction.domain.escalation import pacing
from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Usage
from extraction.models import Document, Extraction, ModelVersion, Project, User
from extraction.models import Page as PageRow
from extraction.services.documents import reading
from extraction.services.projects import tokens
from extraction.services.serving import extractions, field_extraction, registry, slots
from extraction.services.serving.escalation import settings
from extraction.services.serving.escalation.settings import Settings
from tests.serving.stand_ins import Reader, picture
from tests.support import builders
from tests.support.programs import model
from tests.support.scripted_teacher import CENT, PROVIDER, Scripted, use

# The student's company is none, its date is doubtful, its total nearly sure; the teacher knows company and date.
SAID = Reply(
    {
        "company": Answer("BEAN THERE SDN BHD"),
        "date": Answer("25/12/2018"),
        "address": Answer("12 Harbour Road, 50450 Kuala Lumpur"),
        "total": Answer("3.30"),
    },
    Usage(100, 10, CENT),
    raw="{}",
)
Use = Callable[..., Scripted]


class Student:
    """Sure of the total alone."""

    sure = 0.97

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        last = len(pages[0].words) - 1
        return {
            "company": FieldValue(None, None, 0.2),
            "date": FieldValue("25/12/2018", "2018-12-25", 0.6, (Span(0, 9, 9),)),
            "address": FieldValue("Coffee", "Coffee", 0.1),
            "total": FieldValue("3.30", "3.30", self.sure, (Span(0, last, last),)),
        }


def read_at_once(document_id: int, *_: object) -> None:
    """What reading a document leaves, without OCR."""
    row = Document.objects.get(pk=document_id)
    if row.pages.exists():
        return
    page = Reader.page
    PageRow.objects.create(
        document=row,
        number=0,
        image="missing/0.jpg",
        thumbnail="missing/0-small.jpg",
        width=page.width,
        height=page.height,
        focus=500.0,
        reader="rapidocr",
        seconds=0.5,
        words=page.to_json()["words"],
    )
    Document.objects.filter(pk=row.pk).update(state=Document.State.READY, page_count=1)


@pytest.fixture
def owner(db: None) -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User, monkeypatch: pytest.MonkeyPatch) -> Project:
    """It serves a student; OCR and student are stood in for, files are checked as ever."""
    held = builders.project("receipts", owner=owner)
    held.teacher = "acme:reader-1"
    held.save()
    model(held, "small", "production")
    monkeypatch.setattr(field_extraction, "read", lambda project, path: [Reader()])
    monkeypatch.setattr(reading, "read", read_at_once)
    monkeypatch.setattr(registry, "predictor", lambda model: Student())
    return held


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch) -> Use:
    """`teacher(*replies)`: it says these one after the other, then good ones."""

    def made(*replies: Reply | Exception, **options: Any) -> Scripted:
        left = list(replies)

        def say(_: Reading) -> Reply:
            reply = left.pop(0) if left else SAID
            if isinstance(reply, Exception):
                raise reply
            return reply

        return use(monkeypatch, say, **options)

    return made


@pytest.fixture
def send(project: Project, tmp_path: Path) -> Any:
    """`send(number)`: a program sends a file and waits."""

    def sent(number: int = 0, name: str = "") -> Extraction:
        path = file(tmp_path, number)
        return extractions.extract_now(project, name or path.name, path)

    return sent


def switched_on(project: Project, **chosen: Any) -> None:
    values = {"monthly_usd": Decimal(10), "timeout_seconds": 20, **chosen}
    settings.change(project, Settings(active=True, **values), consent=PROVIDER)


def at_the_end_of_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever day it is: what is left of the budget need not last any longer, so that every file may have it."""
    monkeypatch.setattr(pacing, "month_end", lambda now: now)


def serving(project: Project) -> ModelVersion:
    found = registry.serving(project)
    assert found
    return found


def file(folder: Path, number: int = 0) -> Path:
    """A picture; another number, another content."""
    path = folder / f"receipt-{number}.jpg"
    if not path.exists():
        # Bytes after the end of a picture are no part of it.
        path.write_bytes(picture().read() + bytes([number]) * number)
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def token(project: Project, owner: User, *scopes: str) -> str:
    return tokens.create(project, owner, name="test", scopes=scopes)[1]


def extracted(project: Project, folder: Path, number: int = 0) -> Extraction:
    path = file(folder, number)
    return extractions.extract_now(project, path.name, path)


def at_once(project: Project, folder: Path, numbers: list[int], monkeypatch: pytest.MonkeyPatch) -> list[Extraction]:
    """Each file by a caller of its own."""
    monkeypatch.setattr(extractions, "slots", slots.Slots(waiting=len(numbers), timeout=30))
    for number in numbers:
        file(folder, number)

    def work(number: int) -> Extraction:
        try:
            return extracted(Project.objects.get(pk=project.pk), folder, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(numbers)) as pool:
        return list(pool.map(work, numbers))
