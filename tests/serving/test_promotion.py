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

from extraction.models import ModelVersion, Project, Report, Role
from extraction.services.reports import promotion
from extraction.services.reports.promotion import Concern
from extraction.services.serving import registry
from tests.support import builders, programs
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


def measured(project: Project, name: str, anls: float, **groups: float) -> ModelVersion:
    """A candidate with that mean ANLS, and those shares of right rows, on validation."""
    row = programs.model(project, name)
    row.run.validation = builders.reported(name, "student", anls, groups=groups).scores.to_json()
    row.run.save()
    return row


def report(project: Project, **means: float) -> None:
    """A report on split `test`; `llm` is the teacher, all others are students."""
    systems = [builders.reported(name, "teacher" if name == "llm" else "student", mean) for name, mean in means.items()]
    Report.objects.create(project=project, value=builders.report_value(*systems).to_json())


class TestComparison:
    """A report that has both counts more than what each was validated on."""

    @pytest.mark.parametrize(("first", "second", "worse"), [(0.8, 0.75, True), (0.75, 0.8, False)])
    def test_with_the_serving_model(self, project: Project, first: float, second: float, worse: bool) -> None:
        registry.promote(measured(project, "first", 0.9 if not worse else 0.7))
        candidate = measured(project, "second", 0.8)
        report(project, first=first, second=second)
        report(project, second=0.99)  # has the candidate alone
        assert (Concern.WORSE_THAN_SERVING in promotion.concerns(candidate)) is worse

    @pytest.mark.parametrize(("anls", "worse"), [(0.85, True), (0.95, False)])
    def test_with_the_teacher(self, project: Project, anls: float, worse: bool) -> None:
        candidate = measured(project, "first", 0.99 if worse else 0.5)
        report(project, llm=0.9, first=anls)
        assert (Concern.WORSE_THAN_TEACHER in promotion.concerns(candidate)) is worse

    @pytest.mark.parametrize(
        ("first", "second", "worse"),
        [
            ({"items": 0.8}, {"items": 0.75}, True),
            ({"items": 0.75}, {"items": 0.8}, False),
            ({}, {"items": 0.5}, False),
            ({"items": 0.8}, {}, False),
        ],
    )
    def test_of_rows(self, project: Project, first: dict[str, float], second: dict[str, float], worse: bool) -> None:
        registry.promote(measured(project, "first", 0.8, **first))
        candidate = measured(project, "second", 0.8, **second)
        found = promotion.concerns(candidate)
        assert (Concern.ROWS_WORSE_THAN_SERVING in found) is worse
        assert Concern.WORSE_THAN_SERVING not in found

    def test_all_figures_are_shown(self, client: Client, project: Project) -> None:
        client.force_login(builders.member(project, Role.OWNER))
        registry.promote(measured(project, "first", 0.61))
        measured(project, "second", 0.62)
        report(project, llm=0.63, first=0.64, second=0.65)
        text = client.get(reverse("models", args=["slips"])).content.decode()
        dialog = text[text.index("Promote second?") :]
        for figure in ("61.0 %", "62.0 %", "63.0 %", "64.0 %", "65.0 %"):
            assert figure in dialog, figure


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
