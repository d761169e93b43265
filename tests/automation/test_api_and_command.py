"""State, history and answers by program and by command."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from extraction.models import Automation, AutomationStep, Project, TrainingRun
from extraction.services.projects import tokens
from extraction.services.serving import registry
from tests.automation.worlds import asked
from tests.support.programs import ROOT

pytestmark = pytest.mark.django_db
URL = f"{ROOT}/projects/receipts/automation"


@pytest.fixture
def caller(project: Project, owner: Any) -> Client:
    _, token = tokens.create(project, owner, name="test", scopes=["read", "manage"])
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


@pytest.fixture
def run(project: Project, answers: Callable[..., Any]) -> TrainingRun:
    """A run whose model is asked about."""
    answers()
    return asked(project)


def serving(project: Project) -> str:
    model = registry.serving(project)
    return model.name if model else ""


def test_a_project_without_automation_is_off(caller: Client, project: Project) -> None:
    answer = caller.get(URL).json()
    assert (answer["settings"]["active"], answer["next"]["code"], answer["question"]) == (False, "off", None)
    assert answer["steps"] == []


def test_a_program_answers_the_question(caller: Client, project: Project, run: TrainingRun) -> None:
    shown = caller.get(URL).json()
    assert shown["question"]["training_run"] == run.pk
    found = shown["question"]["comparison"]
    assert (found["serving"], found["reasons"], found["leads"]["mean"]["n"]) == ("first", ["chosen"], 31)
    assert [step["kind"] for step in shown["steps"]] == ["asked", "started", "switched_on"]
    sent = {"training_run": run.pk, "promote": True}
    answer = caller.post(f"{URL}/answer", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["question"], serving(project)) == (200, None, "auto-1")
    assert answer.json()["steps"][0]["by"] == "olga"
    assert caller.post(f"{URL}/answer", sent, content_type="application/json").status_code == 409


def test_the_command_switches_shows_and_answers(project: Project, run: TrainingRun) -> None:
    out = StringIO()
    call_command("automate", "receipts", "--corrections", "40", "--promotion", "promote", stdout=out)
    assert "Question: promote auto-1?" in out.getvalue()
    row = Automation.objects.get()
    assert (row.active, row.corrections, row.promotion) == (True, 40, "promote")
    out = StringIO()
    call_command("automate", "receipts", "--answer", "keep", "--off", "--json", stdout=out)
    state = json.loads(out.getvalue())
    assert (state["settings"]["active"], state["question"]) == (False, None)
    assert [step["kind"] for step in state["steps"][:2]] == ["switched_off", "declined"]
    assert serving(project) == "first"
    with pytest.raises(CommandError, match="no open question"):
        call_command("automate", "receipts", "--answer", "promote")
    assert AutomationStep.objects.filter(kind="declined").count() == 1


@pytest.mark.parametrize(
    "wrong", [["--minutes", "0"], ["--monthly-usd", "much"], ["--monthly-usd", "sNaN"], ["--margin", "2"]]
)
def test_the_command_refuses_what_cannot_be(project: Project, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("automate", "receipts", *wrong)
    assert not Automation.objects.exists()
