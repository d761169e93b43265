"""A project with two reviewers, documents of vendors, and what a teacher says about them."""

from __future__ import annotations

import pytest

from extraction.models import Document, Project, Role, User
from extraction.services import storage
from extraction.services.labels import store
from tests.review.questions.rounds import Make
from tests.support import builders
from tests.support.drawing import encoded, receipt


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def anna(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def ben(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def make(project: Project) -> Make:
    """`make(total="3.30", sure=0.5)`: a read document with a teacher's labels; `None`: not on the document.
    `doubt`: the field that the teacher is least sure of."""

    def made(sure: float | None = 0.5, doubt: str = "", **values: str | None) -> Document:
        said: dict[str, str | None] = {
            "company": "BEAN THERE SDN BHD",
            "date": "25/12/2018",
            "address": "12 Harbour Road, 50450 Kuala Lumpur",
            "total": "3.30",
        }
        said |= values
        document = builders.document(
            project, said["company"] or "-", said["address"] or "-", "Date: 25/12/2018", "Coffee 3.00", "Total 3.30"
        )
        for page in document.pages.all():
            path = storage.path(page.image)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(receipt()))
        inputs = [
            store.LabelInput(
                document, field, value, "teacher", teacher="rules", confidence=0.3 if field == doubt else sure
            )
            for field, value in said.items()
        ]
        store.write_many(project, inputs)
        document.refresh_from_db()
        return document

    return made
