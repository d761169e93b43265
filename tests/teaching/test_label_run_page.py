"""The page of a label run: its documents, time, and agreement with people's labels."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from extraction.domain.progress import Silent
from extraction.models import Document, Job, LabelRun, Project, Role, User
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.teaching import label_runs
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    return builders.project("receipts", owner=owner)


def labelled(project: Project, documents: int) -> LabelRun:
    """A finished run of the rules over so many new documents."""
    for _ in range(documents):
        builders.document(project)
    return label_runs.label_here(project, Silent(), teacher="rules")


def show(user: User, run: LabelRun, **query: int) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("label_run", args=[run.project.slug, run.pk]), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def named(text: str) -> list[str]:
    """The documents in the table."""
    return re.findall(r'<th scope="row"> <a href="[^"]+">([^<]+)</a>', text)


def test_it_lists_its_documents_part_by_part(project: Project, owner: User) -> None:
    run = labelled(project, 45)
    parts = [named(show(owner, run, page=number)) for number in (1, 2, 3)]
    assert [len(part) for part in parts] == [20, 20, 5]
    assert [name for part in parts for name in part] == list(
        project.documents.order_by("pk").values_list("name", flat=True)
    )
    assert "21 to 40 of 45" in show(owner, run, page=2)
    assert named(show(owner, run, page=99)) == parts[2]


def test_documents_of_other_runs_are_not_among_them(project: Project, owner: User) -> None:
    first, second = labelled(project, 2), labelled(project, 3)
    assert (len(named(show(owner, first))), len(named(show(owner, second)))) == (2, 3)


@pytest.mark.parametrize(("role", "linked"), [(Role.VIEWER, False), (Role.REVIEWER, True), (Role.OWNER, True)])
def test_it_leads_those_who_may_to_review(project: Project, role: Role, linked: bool) -> None:
    run = labelled(project, 3)
    assert ("Review 3 documents" in (text := show(builders.member(project, role), run))) is linked
    assert "3 of 3 wait for review" in text


def test_it_counts_what_agrees_with_people(project: Project, owner: User) -> None:
    """By meaning, for the fields that a person answered; truth counts as well as review."""
    run = labelled(project, 3)
    assert "As people say" not in show(owner, run)
    first, second, _ = project.documents.order_by("pk")
    said = dict(second.labels.values_list("field", "value"))
    assert said == said | {"company": "BEAN THERE SDN BHD", "total": "3.30", "date": "25/12/2018"}
    store.write(first, "total", "RM 3.30", source="truth")
    store.write(first, "company", "bean there sdn bhd", source="reviewer", author=owner)
    store.write(second, "total", "9.99", source="reviewer", author=owner)
    store.write(second, "date", None, source="reviewer", author=owner)
    text = show(owner, run)
    assert "50.0 %" in text
    assert "of 4 fields that they answered" in text


def test_it_says_how_long_it_took(project: Project, owner: User) -> None:
    run = labelled(project, 4)
    begun = timezone.now()
    Job.objects.update(started=begun, finished=begun + timedelta(seconds=70))
    text = show(owner, run)
    assert "1 min 10 s" in text
    assert "17.5 s a document" in text


def test_a_run_without_a_job_or_labels_is_shown_as_well(project: Project, owner: User) -> None:
    run = LabelRun.objects.create(project=project, schema_version=project.schema_version, teacher="recorded")
    text = show(owner, run)
    assert ">Time<" not in text
    assert named(text) == []


def test_it_says_why_documents_got_no_labels(project: Project, owner: User) -> None:
    counts = {"refusals": 1, "malformed": 2, "failures": 3}
    run = LabelRun.objects.create(project=project, schema_version=project.schema_version, teacher="a:b", **counts)
    text = show(owner, run)
    assert '<span class="figure-value">6</span>' in text
    assert "1 refused, 2 off the format, 3 without an answer, which another run asks again" in text


def test_queries_do_not_grow_with_the_run(project: Project, owner: User) -> None:
    counts = []
    for documents in (2, 12):
        run = labelled(project, documents)
        for document in Document.objects.filter(labels__run=run).distinct():
            actions.save(document, "total", "1.00", known=0, actor=owner)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            show(owner, run)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("teacher", "said"), [("rules", "no prompt"), ("acme:reader-1", "kdweb's own words")])
def test_it_names_the_prompt(project: Project, owner: User, teacher: str, said: str) -> None:
    run = LabelRun.objects.create(project=project, schema_version=project.schema_version, teacher=teacher)
    assert said in show(owner, run).replace("&#x27;", "'")
