"""The teacher's page: methods of asking, and asking again only where the first answer is doubtful."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Document, Project, Source
from extraction.services.labels import store
from extraction.services.teaching import teachers
from tests.support.scripted_teacher import PROVIDER, use

pytestmark = pytest.mark.django_db


def show(page: Client) -> str:
    return page.get(reverse("teacher", args=["receipts"])).content.decode()


def start(page: Client, **typed: str) -> Any:
    return page.post(reverse("teacher", args=["receipts"]), {"teacher": "rules", "limit": "", **typed})


def estimate(page: Client, **typed: str) -> str:
    response = page.get(reverse("teacher_estimate", args=["receipts"]), {"teacher": "rules", "limit": "", **typed})
    assert response.status_code == 200
    return response.content.decode()


class TestMethods:
    """Asking in another way, and only where the first answer is doubtful."""

    @pytest.fixture(autouse=True)
    def _outside(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(teachers, "check", lambda name: None)
        use(monkeypatch)

    @pytest.fixture
    def doubtful(self, project: Project) -> Document:
        document = project.documents.order_by("pk")[0]
        store.write(document, "total", "7.77", source=Source.TEACHER, teacher="rules", unsure=True)
        return document

    def test_a_method_is_part_of_the_teachers_name(self, page: Client, project: Project) -> None:
        assert start(page, teacher="acme:reader-1", method="list", consent=PROVIDER).status_code == 302
        assert project.label_runs.get().teacher == "acme:reader-1#list"
        assert "List every labelled value" in show(page)

    def test_a_method_that_nobody_knows_is_refused(self, page: Client, project: Project) -> None:
        assert start(page, teacher="acme:reader-1", method="guess", consent=PROVIDER).status_code == 400
        assert not project.label_runs.exists()

    def test_the_price_of_asking_again_where_it_is_doubtful(
        self, page: Client, project: Project, doubtful: Document
    ) -> None:
        assert "1 document has one" in show(page)
        text = estimate(page, teacher="acme:reader-1", method="single", doubtful="on")
        assert "1 document</strong>" in text
        assert "about $0.01" in text
        assert PROVIDER in text
        assert start(page, teacher="acme:reader-1", method="single", doubtful="on").status_code == 400
        start(page, teacher="acme:reader-1", method="single", doubtful="on", consent=PROVIDER)
        run = project.label_runs.get()
        assert (run.doubtful, run.chosen) == (True, [doubtful.pk])
        assert "where the first answer was doubtful" in show(page)

    def test_without_doubt_nothing_is_offered(self, page: Client, project: Project) -> None:
        assert 'name="doubtful"' not in show(page)
        text = estimate(page, teacher="acme:reader-1", method="list", doubtful="on")
        assert "No doubtful first answer is left" in text


def test_the_rules_are_asked_in_one_way_alone(page: Client, project: Project) -> None:
    assert "has no model that could be asked by another method" in estimate(page, method="list")
    assert start(page, method="list").status_code == 400
