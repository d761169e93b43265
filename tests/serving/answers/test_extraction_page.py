"""The page of one extraction: what was answered, by whom, how surely, for how much; and the links to it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.domain.escalation.outcomes import Outcome
from extraction.models import Document, Extraction, ModelVersion, Project, Role, Source, User
from extraction.services.labels import store
from tests.serving.answers import worlds
from tests.support import builders
from tests.support.programs import model


@pytest.fixture
def version(project: Project) -> ModelVersion:
    return model(project, "first", "production")


@pytest.fixture
def page(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.VIEWER))
    return client


def address(row: Extraction) -> str:
    return reverse("extraction", args=["slips", row.pk])


def shown(page: Client, url: str) -> str:
    response = page.get(url)
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def line(page: Client, row: Extraction, name: str) -> str:
    """The text of a field's line without what phones show in place of columns."""
    text = page.get(address(row)).content.decode()
    [found] = re.findall(rf'<th scope="row" class="breaks">{name}</th>(.*?)</tr>', text, re.DOTALL)
    wide = re.sub(r'<div class="narrow-only">.*?</div>', "", found, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", wide)).split())


def test_an_answer_of_both_is_told_by_field(page: Client, version: ModelVersion) -> None:
    row = worlds.escalated(version)
    assert line(page, row, "total") == "3.30 Both accepted unseen 98 % the same"
    assert line(page, row, "date") == "25/12/2018 Teacher doubtful 55 % 26/12/2018 50 % 25/12/2018 55 %"
    assert line(page, row, "company") == "=BEAN THERE Teacher to be checked 91 % not found =BEAN THERE 91 %"
    text = shown(page, address(row))
    for words in ("The teacher answered", "$0.0031", "1,472", "by first", f"/api/v1/extractions/{row.public_id}"):
        assert words in text


def test_an_answer_of_the_student_alone_has_no_columns_of_others(page: Client, version: ModelVersion) -> None:
    row = worlds.done(version, escalated=Outcome.NOT_NEEDED)
    text = shown(page, address(row))
    assert line(page, row, "total") == "3.30 Student 90 %"
    assert "the same" not in text
    assert "The student was sure enough" in text
    assert "$0 " in text


def test_rows_are_a_table(page: Client, version: ModelVersion) -> None:
    cell = {"value": "Coffee", "normalized": "Coffee", "confidence": 0.98, "boxes": []}
    table = {"rows": [{"cells": {"description": cell}, "confidence": 0.97, "checks": {"product": None}}]}
    group = worlds.answer("[…]", 0.9, "teacher", **table, checks={"sum": True})
    row = worlds.escalated(version, fields={"items": group}, student={}, teacher={"items": group})
    text = page.get(address(row)).content.decode()
    assert 'aria-label="items"' in text
    assert "1 row" in shown(page, address(row))


def test_files_that_wait_or_were_refused_say_so(page: Client, version: ModelVersion) -> None:
    assert "The file is empty." in shown(page, address(worlds.refused(version)))
    assert "waits for a worker" in shown(page, address(worlds.done(version, state="queued", fields=None)))


def test_it_leads_to_its_batch_and_to_the_document_that_its_file_became(page: Client, version: ModelVersion) -> None:
    document = builders.document(version.project)
    sent = worlds.batch(version)
    row = worlds.escalated(version, batch=sent, position=0, sha256=document.sha256)
    text = page.get(address(row)).content.decode()
    assert f'href="{reverse("extraction_batch", args=["slips", sent.pk])}"' in text
    assert f'href="{reverse("document", args=["slips", document.pk])}"' in text


def accepted(project: Project) -> Document:
    document = builders.document(project)
    document.review = Document.Review.ACCEPTED
    document.save()
    return document


def test_of_a_file_without_an_answer_it_says_the_decision_alone(page: Client, version: ModelVersion) -> None:
    document = accepted(version.project)
    waiting = worlds.done(version, state="queued", fields=None, sha256=document.sha256)
    for row in (worlds.refused(version, sha256=document.sha256), waiting):
        text = shown(page, address(row))
        assert "People accepted this document." in text
        assert "as it was read" not in text


def test_another_meaning_of_the_same_text_is_told(page: Client, version: ModelVersion) -> None:
    document = accepted(version.project)
    store.write(
        document, "date", "01/02/2018", source=Source.REVIEWER, normalized="2018-01-02", reading_chosen=True, spans=()
    )
    given = {"date": worlds.answer("01/02/2018", normalized="2018-02-01")}
    row = worlds.done(version, fields=given, sha256=document.sha256)
    assert line(page, row, "date") == "01/02/2018 2018-02-01 corrected 01/02/2018 2018-01-02 Student 90 %"


def test_hostile_text_stays_text(page: Client, version: ModelVersion) -> None:
    row = worlds.done(version, name="<b>x.jpg", fields={"total": worlds.answer("<script>alert(1)</script>")})
    text = page.get(address(row)).content.decode()
    assert "<script>alert" not in text
    assert "<b>x" not in text


def test_that_of_another_project_is_not_found(client: Client, version: ModelVersion) -> None:
    row = worlds.done(version)
    other = builders.project("other", owner=builders.user())
    client.force_login(other.members.get())
    assert client.get(address(row)).status_code == 404
    assert client.get(reverse("extraction", args=["other", row.pk])).status_code == 404


def test_lists_tell_outcome_and_dollars_and_lead_to_it(page: Client, version: ModelVersion) -> None:
    sent = worlds.batch(version)
    rows = {"api": worlds.escalated(version), "batch": worlds.escalated(version, batch=sent, position=0)}
    urls = {"api": reverse("api", args=["slips"]), "batch": reverse("extraction_batch", args=["slips", sent.pk])}
    for name, url in urls.items():
        text = page.get(url).content.decode()
        assert f'href="{address(rows[name])}"' in text
        assert "The teacher answered" in text
        assert "$0.0031" in text


def test_queries_do_not_grow(
    page: Client, version: ModelVersion, owner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = {f"field{number}": worlds.answer("3.30", 0.5, "teacher") for number in range(40)}
    small, large = worlds.escalated(version, author=owner), worlds.escalated(version, fields=many, teacher=many)
    page.get(address(small))
    with django_assert_max_num_queries(12) as first:
        page.get(address(small))
    with django_assert_max_num_queries(len(first.captured_queries)):
        page.get(address(large))
