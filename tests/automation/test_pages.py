"""The pages of the automation: settings, what is next, the open question, hints."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import Automation, AutomationStep, Hint, Project, Role, User
from extraction.services.automation import settings
from extraction.services.serving import registry
from tests.automation.worlds import asked
from tests.support import builders

pytestmark = pytest.mark.django_db
Kind = AutomationStep.Kind
FORM = {
    "active": "on",
    "corrections": "12",
    "labels": "100",
    "minutes": "10",
    "weekly_minutes": "60",
    "promotion": "promote",
    "margin": "0.5",
    "field_margin": "2",
    "monthly_usd": "1.50",
}


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def url(name: str, *arguments: object) -> str:
    return reverse(name, args=["receipts", *arguments])


class TestSettings:
    def test_an_owner_switches_it_on(self, page: Client, project: Project, owner: User) -> None:
        assert "the automation is off" in page.get(url("automation")).content.decode()
        assert page.post(url("automation"), FORM).status_code == 302
        row = Automation.objects.get()
        assert (row.active, row.corrections, row.promotion) == (True, 12, Automation.Promotion.PROMOTE)
        assert (row.margin, row.field_margin, row.monthly_usd) == (0.005, 0.02, Decimal("1.50"))
        step = AutomationStep.objects.get()
        assert (step.kind, step.author) == (Kind.SWITCHED_ON, owner)
        shown = page.get(url("automation")).content.decode()
        assert "after 12 more corrections, or after 100 more new labels" in shown
        without = {name: value for name, value in FORM.items() if name != "active"}
        page.post(url("automation"), without)
        assert not settings.of(project).active

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("corrections", "0"),
            ("labels", "x"),
            ("minutes", "nan"),
            ("minutes", "61"),
            ("weekly_minutes", "1e9"),
            ("promotion", "always"),
            ("margin", "-1"),
            ("monthly_usd", "1e20"),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_form(
        self, page: Client, project: Project, name: str, value: str
    ) -> None:
        answer = page.post(url("automation"), {**FORM, name: value})
        assert answer.status_code == 400
        assert 'class="error"' in answer.content.decode()
        assert not Automation.objects.exists()

    def test_a_viewer_sees_and_changes_nothing(self, client: Client, project: Project) -> None:
        client.force_login(builders.member(project, Role.VIEWER))
        assert "settings-title" not in client.get(url("automation")).content.decode()
        assert client.post(url("automation"), FORM).status_code == 403


class TestQuestion:
    def test_it_stands_on_the_overview_and_is_answered(
        self, page: Client, project: Project, answers: Callable[..., Any]
    ) -> None:
        answers()
        run = asked(project)
        assert "is it to be promoted?" in page.get(url("project")).content.decode()
        shown = page.get(url("automation")).content.decode()
        assert "Promote auto-1?" in shown
        assert "An owner chose to be asked." in shown
        sent = {"run": run.pk, "promote": "yes"}
        assert page.post(url("automation_answer"), sent).status_code == 302
        serving = registry.serving(project)
        assert serving is not None
        assert serving.name == "auto-1"
        assert "is it to be promoted?" not in page.get(url("project")).content.decode()
        assert page.post(url("automation_answer"), sent).status_code == 409
        assert "Answer: promoted" in page.get(url("automation")).content.decode()

    def test_an_answer_that_is_none_is_refused(self, page: Client, project: Project) -> None:
        for sent in ({}, {"run": "x", "promote": "yes"}, {"run": 1, "promote": "perhaps"}):
            assert page.post(url("automation_answer"), sent).status_code == 400

    def test_the_number_of_queries_is_fixed(
        self, page: Client, project: Project, answers: Callable[..., Any], django_assert_num_queries: Callable[..., Any]
    ) -> None:
        """However long the history is, and whoever decided."""
        answers()
        run = asked(project)
        with CaptureQueriesContext(connection) as short:
            page.get(url("automation"))
        for _ in range(10):
            step = AutomationStep.objects.create(project=project, kind=Kind.BUDGET_USED, author=builders.user())
            AutomationStep.objects.filter(pk=step.pk).update(kind=Kind.SWITCHED_ON, run=None)
        assert run.automation_steps.count() == 2
        with django_assert_num_queries(len(short)):
            page.get(url("automation"))


class TestHints:
    def test_the_page_says_that_rules_write_none(self, page: Client, project: Project) -> None:
        shown = page.get(url("hints")).content.decode()
        assert "The rules cannot write hints" in shown
        assert "No corrections are alike" in shown

    def test_a_hint_is_adopted_or_rejected(self, page: Client, project: Project) -> None:
        held = [
            Hint.objects.create(
                project=project,
                field="total",
                vendor="BEAN THERE",
                difference="other",
                corrections=[],
                teacher="rules",
                text="Take the last amount.",
                state=Hint.State.PROPOSED,
            )
            for _ in range(2)
        ]
        assert "Take the last amount." in page.get(url("hints")).content.decode()
        assert page.post(url("hint", held[0].pk), {"do": "adopt"}).status_code == 302
        project.refresh_from_db()
        assert project.prompt_version is not None
        assert project.prompt_version.value["rules"] == [
            "For total_amount on documents of BEAN THERE: Take the last amount."
        ]
        assert page.post(url("hint", held[1].pk), {"do": "reject"}).status_code == 302
        assert page.post(url("hint", held[1].pk), {"do": "adopt"}).status_code == 409
        assert page.post(url("hint", held[1].pk), {"do": "sing"}).status_code == 400
        assert page.post(url("hint", held[1].pk + 99), {"do": "reject"}).status_code == 404
        assert page.post(url("hints"), {"field": "x", "vendor": "", "difference": "?"}).status_code == 400
