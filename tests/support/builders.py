"""Short ways to the rows and values that tests start from."""

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from openpyxl import Workbook
from pytest_django import DjangoDbBlocker

from extraction.domain.auditing.finding import Evidence, Severity
from extraction.domain.auditing.finding import Finding as FoundValue
from extraction.domain.auditing.policy import Policy
from extraction.domain.evaluation.bootstrap import Estimate
from extraction.domain.evaluation.line_items import GroupScore
from extraction.domain.evaluation.scoring import Evaluation, FieldScore
from extraction.domain.fields import Schema
from extraction.domain.pages import Box, Page, PageBox, Word
from extraction.domain.results.costs import Usage
from extraction.domain.results.reports import ReportedSystem, ReportValue, SystemEvaluation, WrongAnswer
from extraction.domain.results.wrong_tables import WrongTable
from extraction.models import (
    AuditRun,
    Claim,
    Document,
    Finding,
    Match,
    PolicyVersion,
    Project,
    Role,
    Source,
    User,
)
from extraction.models import Page as PageRow
from extraction.services import pseudonyms, storage
from extraction.services.auditing.findings.leading import lead
from extraction.services.labels import store
from extraction.services.projects import projects
from tests.support.drawing import encoded, receipt

T = TypeVar("T")

RECEIPT = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "company", "type": "text", "required": True},
            {"name": "date", "type": "date"},
            {"name": "address", "type": "text"},
            {"name": "total", "type": "money"},
        ],
    }
)
# A receipt's total and its rows.
WITH_ROWS = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "total", "type": "money"},
            {
                "name": "items",
                "type": "group",
                "fields": [{"name": "description"}, {"name": "amount", "type": "money"}],
            },
        ],
    }
)
LINES = ("BEAN THERE SDN BHD", "12 Harbour Road, 50450 Kuala Lumpur", "Date: 25/12/2018", "Coffee 3.00", "Total 3.30")

_numbers = itertools.count(1)


def page(*lines: str) -> Page:
    """A page whose printed lines stand one below the other, words spread by their length."""
    words = []
    for number, line in enumerate(lines):
        left, top = 0.05, 0.05 + 0.9 * number / max(len(lines), 10)
        for text in line.split():
            width = 0.012 * len(text)
            words.append(Word(text, Box(left, top, min(left + width, 1.0), top + 0.03), 0.99, number))
            left = min(left + width + 0.012, 0.98)
    return Page(800, 1200, tuple(words))


def typed_page(*lines: str) -> Page:
    """A page as a typewriter prints it: every character as wide as the others, spaces in a row kept."""
    width, words = 0.0105, []
    for number, line in enumerate(lines):
        for match in re.finditer(r"\S+", line):
            left, right = 0.03 + width * match.start(), 0.03 + width * match.end()
            words.append(Word(match[0], Box(left, 0.04 + 0.024 * number, right, 0.058 + 0.024 * number), 0.95, number))
    return Page(1000, 1400, tuple(words))


def user(name: str = "") -> User:
    return User.objects.create_user(username=name or f"user-{next(_numbers)}", password="a good long password")


def project(slug: str = "", *, owner: User | None = None, schema: Schema = RECEIPT) -> Project:
    return projects.create(slug or f"project-{next(_numbers)}", schema, owner=owner)


def member(held: Project, role: Role) -> User:
    """A new user with that role in the project."""
    who = user()
    projects.add_member(held, who, role)
    return who


def claim(held: Project, *, amount: str = "3.30", employee: str = "Ann", **values: Any) -> Claim:
    """A claim of its own, without a receipt unless one is given."""
    key = f"{next(_numbers)}"
    match = Match.FILE if values.get("document") else Match.NONE
    values = {"match": match, "employee": pseudonyms.of(employee), "currency": "EUR", **values}
    row = Claim.objects.create(project=held, key=key, amount=Decimal(amount), **values)
    return Claim.objects.get(pk=row.pk)


def finding(claim: Claim, *, check: str = "claimed_more", **values: Any) -> Finding:
    """A finding about a claim, as a run of its own left it."""
    at_risk = Decimal(values.pop("at_risk", "2.00"))
    probability = values.pop("probability", 0.9)
    policy = PolicyVersion.objects.filter(project=claim.project).order_by("-number").first()
    policy = policy or PolicyVersion.objects.create(project=claim.project, number=1, value=Policy().to_json())
    run = AuditRun.objects.filter(project=claim.project).first() or AuditRun.objects.create(
        project=claim.project, policy=policy, today=date(2018, 2, 1), finished=timezone.now(), claims=1
    )
    document = "" if claim.document_id is None else str(claim.document_id)
    facts = {"amount": str(claim.amount), "currency": "EUR", "printed": "1.30", "printed_currency": "EUR"}
    value = FoundValue(
        *(check, 1, Severity.BLOCK, (str(claim.pk),), document, probability, at_risk, "EUR"),
        evidence=(Evidence(document, "amount", (PageBox(0, Box(0.1, 0.2, 0.3, 0.25)),)),) if document else (),
        facts=values.pop("facts", facts),
    )
    row = Finding.objects.create(
        project=claim.project,
        key=value.key,
        check_name=check,
        severity="block",
        claim=claim,
        document=claim.document,
        employee=claim.employee,
        month=claim.date.replace(day=1) if claim.date else None,
        probability=probability,
        at_risk=at_risk,
        expected=value.expected_loss,
        currency="EUR",
        value=value.to_json(),
        first_run=run,
        run=run,
        **{"doubtful": False, **values},
    )
    lead(claim.project, claim.pk)
    return Finding.objects.get(pk=row.pk)


def document(
    held: Project,
    *lines: str,
    split: str = "train",
    state: str = Document.State.READY,
    pages: Sequence[Page] | None = None,
) -> Document:
    """A document as it is after reading; its pages say `lines` (without any: a whole little receipt)."""
    number = next(_numbers)
    # Which documents are held out follows from the hashes: the same in every order of the tests.
    content = f"document {held.documents.count()} of a project"
    read = pages if pages is not None else [page(*(lines or LINES))]
    row = Document.objects.create(
        project=held,
        name=f"receipt-{number}.jpg",
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        media_type="image/jpeg",
        bytes=1000,
        original=f"missing/{number}.jpg",
        state=state,
        split=split,
        page_count=len(read),
        empty_pages=sum(not shown.words for shown in read),
        focus=500.0,
    )
    for index, shown in enumerate(read):
        PageRow.objects.create(
            document=row,
            number=index,
            image=f"missing/{number}-{index}.jpg",
            thumbnail=f"missing/{number}-{index}-small.jpg",
            width=shown.width,
            height=shown.height,
            focus=500.0,
            reader="rapidocr",
            seconds=0.5,
            words=shown.to_json()["words"],
        )
    return row


def reported(
    name: str,
    kind: str,
    anls: float,
    speed: float | None = None,
    errors: Sequence[WrongAnswer] = (),
    *,
    fields: Sequence[str] = ("company", "total"),
    groups: Mapping[str, float] = MappingProxyType({}),
    tables: Sequence[WrongTable] = (),
    n: int = 4,
    width: float = 0.1,
) -> ReportedSystem:
    """A system in a report, equally good on all fields, with intervals of `width` on both sides; `groups` are the
    shares of the rows that are right."""
    interval = (anls - width, anls + width)
    score = FieldScore(n, anls, interval, 0.5, 0.75)
    rows = {name: group_score(share, n) for name, share in groups.items()}
    scores = Evaluation(n, anls, interval, 0.25, dict.fromkeys(fields, score), rows)
    evaluation = SystemEvaluation("receipts", name, "test", "truth", "Compared with truth.", speed, scores)
    return ReportedSystem(kind, evaluation, tuple(errors), tuple(tables))


def group_score(share: float, n: int = 4) -> GroupScore:
    """Of tables in which that share of everything is right, with intervals of a tenth on both sides."""
    right, left = Estimate(share, (share - 0.1, share + 0.1)), Estimate(1 - share, (0.9 - share, 1.1 - share))
    corrections = Estimate(2.5, (1.5, 3.5))
    return GroupScore(n, right, right, right, right, right, left, corrections)


def report_value(*systems: ReportedSystem, usage: Usage | None = None) -> ReportValue:
    """A report on four documents."""
    return ReportValue("receipts", "test", "truth", "Compared with truth.", 4, systems, usage or Usage())


def pictured_document(project: Project) -> Document:
    """A document whose pages can be looked at, with a label of the rules for its total."""
    row = document(project)
    page = row.pages.get()
    for relative in (page.image, page.thumbnail):
        storage.path(relative).parent.mkdir(parents=True, exist_ok=True)
        storage.path(relative).write_bytes(encoded(receipt()))
    store.write(row, "total", "3.30", source=Source.TEACHER, teacher="rules", confidence=0.9)
    return row


def write_jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """A file of labels, one JSON object a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def csv_file(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A table of those lines."""
    path.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))
    return path


def xlsx_file(path: Path, *rows: Sequence[object], formats: dict[str, str] | None = None) -> Path:
    """A workbook; `formats` are number formats by address of the cell."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for address, format in (formats or {}).items():
        sheet[address].number_format = format
    book.save(path)
    return path


@contextmanager
def built_once(build: Callable[[], T], folder: Path, blocker: DjangoDbBlocker) -> Iterator[tuple[T, Path]]:
    """What `build` makes for all tests of a module, with its data in `folder`. The rows are there until the last test:
    the transaction of a test is inside the module's."""
    with blocker.unblock(), transaction.atomic():
        with override_settings(DATA_DIR=folder):
            built = build()
        # Until here: each test is let in by itself.
        with blocker.block():
            yield built, folder
        transaction.set_rollback(True)
