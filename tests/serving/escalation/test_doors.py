"""Escalation by page, program and command."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.engines.teacher.protocol import Rejected
from extraction.models import Escalation, EscalationChange, Job, LabelRun, Project, Role, Source, User
from extraction.services.jobs.execution import run as execute
from extraction.services.jobs.queue import heal
from extraction.services.labels import store
from extraction.services.serving import extractions
from extraction.services.serving.escalation import curves, settings, state
from tests.serving.escalation.worlds import Use, file, switched_on, token
from tests.serving.stand_ins import picture
from tests.support import builders
from tests.support.programs import ROOT
from tests.support.scripted_teacher import CONSENT, PROVIDER

URL = f"{ROOT}/projects/receipts/escalation"
FORM = {"active": "on", "monthly_usd": "12.50", "timeout_seconds": "15", **{f"weight-{n}": "1" for n in range(4)}}


@pytest.fixture
def caller(project: Project, owner: User) -> Client:
    made = token(project, owner, "read", "manage", "extract")
    return Client(headers={"Authorization": f"Bearer {made}"}, raise_request_exception=False)


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def url(name: str = "escalation") -> str:
    return reverse(name, args=["receipts"])


def measured(project: Project, documents: int = 4) -> None:
    """Validation documents with the teacher's labels and a person's values, and the curve over them."""
    for _ in range(documents):
        row = builders.document(project, split="validation")
        for name, value in (("company", "BEAN THERE SDN BHD"), ("total", "3.30")):
            store.write(row, name, value, source=Source.TEACHER, teacher="acme:reader-1")
            store.write(row, name, value, source=Source.REVIEWER)
    curves.request(project)
    work("escalation_curve")


def work(kind: str) -> None:
    for job in Job.objects.filter(kind=kind, state=Job.State.QUEUED):
        execute(job.pk)


class TestProgram:
    def test_it_is_off_at_first(self, caller: Client, teacher: Use) -> None:
        teacher()
        answer = caller.get(URL).json()
        assert (answer["settings"]["active"], answer["teacher"], answer["agreed"]) == (False, "acme:reader-1", False)
        assert answer["consent"] == {"provider": PROVIDER, "sentence": CONSENT}
        assert (answer["curve"], answer["share"], answer["price_usd"]) == (None, None, 0.01)
        assert answer["accuracy"]["total"] == 0.9

    def test_it_is_switched_on_with_consent(self, caller: Client, project: Project, teacher: Use) -> None:
        teacher()
        wanted = {"active": True, "monthly_usd": 5.5, "weights": {"total": 2}}
        refused = caller.put(URL, wanted, content_type="application/json")
        assert (refused.status_code, refused.json()["detail"]) == (422, CONSENT)
        answer = caller.put(URL, {**wanted, "consent": PROVIDER}, content_type="application/json")
        assert answer.status_code == 200
        assert answer.json()["settings"] == {
            "active": True,
            "monthly_usd": 5.5,
            "timeout_seconds": 30,
            "weights": {"total": 2},
            "keep_unsure": False,
        }
        assert (answer.json()["agreed"], answer.json()["measuring"]) == (True, True)
        assert [change["by"] for change in answer.json()["changes"]] == ["olga"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"active": "yes"},
            {"active": False, "monthly_usd": -1},
            {"active": False, "monthly_usd": "NaN"},
            {"active": False, "timeout_seconds": 0},
            {"active": False, "weights": {"ghost": 1}},
            {"active": False, "weights": {"total": -1}},
            {"active": False, "colour": "red"},
        ],
    )
    def test_what_cannot_be_is_refused(self, caller: Client, teacher: Use, wrong: dict[str, Any]) -> None:
        teacher()
        assert caller.put(URL, wrong, content_type="application/json").status_code in (400, 422)
        assert not Escalation.objects.exists()

    @pytest.mark.parametrize("mode", ["sync", "async"])
    def test_an_extraction_says_who_answers(self, caller: Client, project: Project, teacher: Use, mode: str) -> None:
        teacher()
        switched_on(project)
        answer = caller.post(f"{ROOT}/projects/receipts/extract?mode={mode}", {"file": picture()}).json()
        if mode == "async":
            assert (answer["escalated"], answer["usd"]) == (None, 0)
            work("extract")
            answer = caller.get(f"{ROOT}/extractions/{answer['id']}").json()
        assert (answer["escalated"], answer["usd"]) == ("done", 0.01)
        assert {name: each["source"] for name, each in answer["fields"].items()} == {
            "company": "teacher",
            "date": "both",
            "address": "teacher",
            "total": "both",
        }
        assert caller.get(URL).json()["month"]["outcomes"] == {"done": 1}

    def test_the_curve_is_measured_when_asked(self, caller: Client, project: Project, teacher: Use) -> None:
        teacher()
        assert caller.post(f"{URL}/curve").status_code == 202
        work("escalation_curve")
        answer = caller.get(URL).json()
        assert (answer["measuring"], answer["curve"]) == (False, None)
        assert "review some of them" in answer["curve_problem"]
        measured(project)
        curve = caller.get(URL).json()["curve"]
        assert (curve["documents"], curve["teacher_accuracy"], curve["price"]) == (4, 1.0, 0.01)
        first, last = curve["points"][0], curve["points"][-1]
        # The student knows the total alone.
        assert (first["accuracy"], last["accuracy"], last["usd_per_1000"]) == (0.5, 1.0, 10.0)

    def test_a_curve_that_lost_its_job_is_measured_all_the_same(self, project: Project, teacher: Use) -> None:
        teacher()
        switched_on(project)
        assert not Job.objects.filter(kind="escalation_curve").exists()
        heal()
        work("escalation_curve")
        row = Escalation.objects.get()
        assert (row.measuring, bool(row.problem)) == (False, True)


class TestCommand:
    def said(self, *arguments: str) -> str:
        out = StringIO()
        call_command("escalate", "receipts", *arguments, stdout=out)
        return out.getvalue()

    def test_it_switches_shows_and_measures(self, project: Project, teacher: Use) -> None:
        teacher()
        assert self.said().startswith("off: acme:reader-1")
        with pytest.raises(CommandError, match="--yes"):
            self.said("--on")
        found = json.loads(
            self.said("--on", "--yes", "--monthly-usd", "7", "--timeout", "9", "--weight", "total=3", "--json")
        )
        assert found["settings"] == {
            "active": True,
            "monthly_usd": 7.0,
            "timeout_seconds": 9,
            "weights": {"total": 3.0},
            "keep_unsure": False,
        }
        measured(project)
        shown = self.said()
        assert "on: acme:reader-1, at most 7.00 dollars a month, 9 s to answer." in shown
        assert "100%  1.000   1.000  10.00" in shown
        assert json.loads(self.said("--off", "--json"))["settings"]["active"] is False

    def test_it_agrees_to_the_provider_of_another_teacher(self, project: Project, teacher: Use) -> None:
        teacher()
        switched_on(project)
        Escalation.objects.update(consented_provider="others")
        assert json.loads(self.said("--json"))["agreed"] is False
        with pytest.raises(CommandError, match="--yes"):
            self.said("--on")
        assert json.loads(self.said("--on", "--yes", "--json"))["agreed"] is True
        assert EscalationChange.objects.count() == 2

    @pytest.mark.parametrize(
        "wrong", [["--monthly-usd", "sNaN"], ["--timeout", "0"], ["--weight", "total"], ["--weight", "x=1"]]
    )
    def test_it_refuses_what_cannot_be(self, project: Project, teacher: Use, wrong: list[str]) -> None:
        teacher()
        with pytest.raises(CommandError):
            self.said(*wrong)
        assert not Escalation.objects.exists()

    def test_extract_says_who_answers(self, project: Project, teacher: Use, tmp_path: Path) -> None:
        teacher()
        switched_on(project)
        out = StringIO()
        call_command("extract", "receipts", str(file(tmp_path)), stdout=out)
        assert "company: BEAN THERE SDN BHD" in out.getvalue()
        assert "teacher: done, 0.0100 dollars" in out.getvalue()
        out = StringIO()
        call_command("extract", "receipts", str(file(tmp_path)), "--json", stdout=out)
        [row] = json.loads(out.getvalue())["results"]
        assert (row["escalated"], row["usd"], row["fields"]["total"]["source"]) == ("done", 0.0, "both")


class TestPage:
    def test_an_owner_switches_it_on(self, page: Client, project: Project, teacher: Use, owner: User) -> None:
        teacher()
        assert CONSENT in page.get(url()).content.decode()
        refused = page.post(url(), FORM)
        assert (refused.status_code, CONSENT in refused.content.decode()) == (400, True)
        assert page.post(url(), {**FORM, "weight-3": "2", "consent": PROVIDER}).status_code == 302
        row = Escalation.objects.get()
        assert (row.active, row.monthly_usd, row.timeout_seconds) == (True, Decimal("12.50"), 15)
        assert (row.weights, row.consented_provider) == ({"total": 2.0}, PROVIDER)
        assert EscalationChange.objects.get().author == owner
        shown = page.get(url()).content.decode()
        assert 'name="consent"' not in shown
        assert "total 2.0" in shown

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("monthly_usd", "1e20"),
            ("monthly_usd", "x"),
            ("timeout_seconds", "0"),
            ("weight-0", "-1"),
            ("weight-0", "nan"),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_form(
        self, page: Client, project: Project, teacher: Use, name: str, value: str
    ) -> None:
        teacher()
        answer = page.post(url(), {**FORM, "consent": PROVIDER, name: value})
        assert (answer.status_code, 'class="error"' in answer.content.decode()) == (400, True)
        assert not Escalation.objects.exists()

    def test_the_working_point_moves_and_becomes_the_budget(
        self, page: Client, project: Project, teacher: Use, tmp_path: Path
    ) -> None:
        teacher()
        switched_on(project)
        measured(project)
        project.escalation.refresh_from_db()
        for number in range(3):
            extractions.extract_now(project, "a.jpg", file(tmp_path, number))
        point = page.get(url("escalation_point"), {"share": "50"}).content.decode()
        assert "With 50" in point
        assert "<html" not in point
        assert page.post(url("escalation_point"), {"share": "50"}).status_code == 302
        assert settings.of(project).monthly_usd == Decimal("0.45")
        assert settings.of(project).active

    def test_it_tells_the_teachers_accuracies_and_where_the_money_begins(
        self, page: Client, project: Project, teacher: Use, tmp_path: Path
    ) -> None:
        teacher()
        assert "No file was sent for extraction this month." in page.get(url()).content.decode()
        switched_on(project, monthly_usd=Decimal("0.04"))
        measured(project)
        for number in range(6):
            extractions.extract_now(project, "a.jpg", file(tmp_path, number))
        shown = " ".join(page.get(url()).content.decode().split())
        now = state.of(project)
        assert now.pace
        assert f"those whose gain is {now.pace.threshold:.2f} or more" in shown
        assert "How often the teacher is right" in shown
        # Four checks beside the ten that are assumed.
        assert f"{round(100 * now.accuracies['company'])} %" in shown.partition("accuracies-title")[2]

    def test_a_point_that_is_none_is_refused(self, page: Client, project: Project, teacher: Use) -> None:
        teacher()
        assert page.get(url("escalation_point"), {"share": "101"}).status_code == 400
        assert page.get(url("escalation_point")).status_code == 400
        assert page.get(url("escalation_point"), {"share": "10"}).status_code == 409

    def test_a_viewer_sees_and_changes_nothing(self, client: Client, project: Project, teacher: Use) -> None:
        teacher()
        client.force_login(builders.member(project, Role.VIEWER))
        assert "settings-title" not in client.get(url()).content.decode()
        assert client.post(url(), FORM).status_code == 403

    def test_a_project_without_a_teacher_says_so(self, page: Client, project: Project) -> None:
        project.teacher = ""
        project.save()
        assert "has no teacher yet" in page.get(url()).content.decode()
        assert page.post(url(), FORM).status_code == 400

    def test_the_number_of_queries_is_fixed(
        self,
        page: Client,
        project: Project,
        teacher: Use,
        django_assert_num_queries: Callable[..., Any],
        tmp_path: Path,
    ) -> None:
        teacher()
        switched_on(project)
        measured(project)
        extractions.extract_now(project, "a.jpg", file(tmp_path))
        page.get(url())
        with CaptureQueriesContext(connection) as short:
            page.get(url())
        for number in range(1, 5):
            extractions.extract_now(project, "a.jpg", file(tmp_path, number))
            EscalationChange.objects.create(project=project, value={"active": False}, author=builders.user())
        with django_assert_num_queries(len(short)):
            page.get(url())

    def test_the_answers_stand_among_the_label_runs(
        self, page: Client, project: Project, teacher: Use, tmp_path: Path
    ) -> None:
        teacher()
        switched_on(project)
        extractions.extract_now(project, "a.jpg", file(tmp_path))
        work("escalation")
        assert "files sent for extraction" in page.get(url("teacher")).content.decode()
        run = LabelRun.objects.get(escalates=True)
        assert page.get(reverse("label_run", args=["receipts", run.pk])).status_code == 200
        document = reverse("document", args=["receipts", project.documents.get().pk])
        assert "Sent for extraction" in page.get(document).content.decode()

    def test_trying_a_file_says_who_answers(self, page: Client, project: Project, teacher: Use) -> None:
        teacher()
        shown = page.post(url("model_try"), {"file": picture()}).content.decode()
        assert "The file was not kept." in shown
        switched_on(project)
        shown = page.post(url("model_try"), {"file": picture()}).content.decode()
        assert "The teacher answered" in shown
        assert "Both" in shown
        assert "The file was not kept." not in shown

    def test_trying_a_file_says_that_it_stays_though_the_teacher_fails(
        self, page: Client, project: Project, teacher: Use
    ) -> None:
        teacher(Rejected("The key is wrong."))
        switched_on(project)
        shown = page.post(url("model_try"), {"file": picture()}).content.decode()
        assert project.documents.count() == 1
        assert "The file was not kept." not in shown
