"""A project whose teacher answered right, wrong and not at all, and a written report on it."""

from collections.abc import Callable

import pytest
from django.test import Client

from extraction.domain.progress import Silent
from extraction.models import Project, Report, Role, Source, User
from extraction.services.labels import store
from extraction.services.reports import reports
from tests.support import builders

WriteReport = Callable[..., Report]
LINES = ("BEAN THERE SDN BHD", "Date: 25/12/2018", "Subtotal 3.00", "Total 3.30", "Cash 5.00")


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def reviewer(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def page(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


@pytest.fixture
def project(owner: User) -> Project:
    """Three documents: `recorded` has the first right, the subtotal for the second's total, nothing for the third's.
    `other` is right but for the first's company."""
    held = builders.project("receipts", owner=owner)
    for number, total in enumerate(("3.30", "3.00", None)):
        row = builders.document(held, *LINES, split="test")
        for name, value in (("company", "BEAN THERE SDN BHD"), ("total", "3.30")):
            store.write(row, name, value, source=Source.TRUTH)
        for teacher, company, amount in (
            ("recorded", "BEAN THERE SDN BHD", total),
            ("other", "SDN BHD" if not number else "BEAN THERE SDN BHD", "3.30"),
        ):
            sure = {"source": Source.TEACHER, "teacher": teacher, "confidence": 0.9 - 0.3 * number}
            store.write(row, "company", company, **sure)  # type: ignore[arg-type]
            store.write(row, "total", amount, **sure)  # type: ignore[arg-type]
    return held


@pytest.fixture
def report(write_report: WriteReport) -> Report:
    return write_report("teacher", "other")


@pytest.fixture
def write_report(project: Project) -> WriteReport:
    """`write_report(*systems, split)` writes a report against the best labels; the test split has truth."""

    def written(*systems: str, split: str = "test") -> Report:
        row = reports.start(project, split=split, against="best", systems=systems, send=False)
        return reports.run(row.pk, Silent())

    return written
