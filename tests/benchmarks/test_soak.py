"""Counts of the soak: what callers were promised beside what rows and files say."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from benchmarks.soak.counts import Counts, count
from benchmarks.soak.load import Accepted
from extraction.models import Document, Extraction, Job, Project
from extraction.services import storage
from tests.support import builders
from tests.support.programs import model

pytestmark = pytest.mark.django_db
SOUND = Counts(documents=1, extractions=1, lost=0, doubled=0, stuck=0, orphans=0)


@pytest.fixture
def project() -> Project:
    """One document was there before."""
    held = builders.project("soak")
    builders.document(held, "before")
    return held


@pytest.fixture
def document(project: Project) -> Document:
    return builders.document(project, "sent")


@pytest.fixture
def extraction(project: Project) -> Extraction:
    served = model(project, "first", "production")
    return Extraction.objects.create(project=project, model=served, name="a.jpg", state=Extraction.State.DONE)


@pytest.fixture
def accepted(document: Document, extraction: Extraction) -> Accepted:
    return Accepted({document.sha256}, {str(extraction.public_id)})


def test_what_was_promised_is_there_once(accepted: Accepted) -> None:
    found = count([accepted], accepted.extractions, before=1)
    assert found == SOUND
    assert found.sound
    assert str(found) == "documents 1  extractions 1  lost 0  doubled 0  stuck 0  orphans 0"


def test_what_is_not_there_is_lost(accepted: Accepted) -> None:
    told = set(accepted.extractions)
    accepted.documents.add("0" * 64)
    accepted.extractions.add(str(uuid4()))
    # The second extraction is not there, and nobody was told of it.
    assert count([accepted], told, before=1) == replace(SOUND, documents=2, extractions=2, lost=3)


def test_what_nobody_sent_is_doubled_unless_its_request_got_no_answer(project: Project, accepted: Accepted) -> None:
    builders.document(project, "once more")
    assert count([accepted], accepted.extractions, before=1) == replace(SOUND, doubled=1)
    accepted.unanswered = 1
    assert count([accepted], accepted.extractions, before=1) == SOUND


def test_jobs_under_way_are_stuck_and_files_without_a_row_orphans(project: Project, accepted: Accepted) -> None:
    Job.objects.create(project=project, kind="read", subject=1)
    place = storage.extraction_folder(project) / "0123"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"left")
    found = count([accepted], accepted.extractions, before=1)
    assert found == replace(SOUND, stuck=1, orphans=1)
    assert not found.sound
