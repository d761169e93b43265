"""Promotion by programs warns and goes on; what served, when and by whom is kept."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from extraction.models import Project, Role
from extraction.services.reports.promotion import Concern
from extraction.services.serving import registry
from tests.support import builders, programs
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


def test_the_api_promotes_and_warns(caller: Client, project: Project) -> None:
    programs.model(project, "first")
    answer = caller.post("/api/v1/projects/slips/models/first/promote")
    assert (answer.status_code, answer.json()["stage"]) == (200, "production")
    assert [row["code"] for row in answer.json()["warnings"]] == [Concern.NOT_VALIDATED]
    assert caller.post("/api/v1/projects/slips/models/first/promote").json()["warnings"] == []


def test_the_command_warns_and_goes_on(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    programs.model(project, "first")
    call_command("promote", "slips", "first", "--json")
    out, err = capsys.readouterr()
    assert err == "Warning: It was not measured: there were no validation documents.\n"
    assert [row["code"] for row in json.loads(out)["warnings"]] == ["not_validated"]
    assert registry.serving(project) is not None


def test_who_made_what_serve_is_listed(client: Client, project: Project) -> None:
    owner = builders.member(project, Role.OWNER)
    client.force_login(owner)
    for name in ("first", "second"):
        programs.model(project, name)
        client.post(reverse("model_promote", args=["slips", name]), {"confirmed": "yes"})
    client.post(reverse("roll_back", args=["slips"]))
    served = [(row.model.name, row.rolled_back, row.author) for row in registry.history(project)]
    assert served == [("first", True, owner), ("second", False, owner), ("first", False, owner)]
    text = client.get(reverse("models", args=["slips"])).content.decode()
    history = text[text.index("What served") :]
    assert history.count(owner.username) == 3
    assert "rolled back" in history


def test_unknown_projects_and_models_are_named(command: Command) -> None:
    code, sentence = command("promote", "nowhere", "first")
    assert (code, "'nowhere'" in sentence) == (2, True)
    builders.project("receipts")
    code, sentence = command("promote", "receipts", "first")
    assert (code, "'first'" in sentence) == (2, True)


@pytest.mark.slow
def test_on_a_new_data_folder_the_shell_sees_one_line_and_exit_code_2(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "KD_DATA_DIR": str(tmp_path / "data")}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    done = subprocess.run([*manage, "promote", "nowhere", "x"], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "Error: There is no project named 'nowhere'.\n"
    assert done.stdout == ""
