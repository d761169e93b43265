"""Page, command and API of a canary."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.domain.progress import Silent
from extraction.models import Canary, ModelVersion, Project, Role
from extraction.services.serving import registry
from extraction.services.serving.canaries import comparing, lifecycle
from tests.serving.canaries.worlds import check, compared
from tests.support import builders
from tests.support.commands import Command
from tests.support.programs import ROOT

pytestmark = pytest.mark.django_db
URL = f"{ROOT}/projects/slips/canary"


@pytest.fixture
def visitor(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def serving(project: Project) -> str:
    model = registry.serving(project)
    return model.name if model else ""


class TestPage:
    def test_start_and_the_three_ends(self, visitor: Client, project: Project, candidate: ModelVersion) -> None:
        page = reverse("canary", args=["slips"])
        for end, state, model in (
            ("stop", "stopped", "first"),
            ("roll_back", "rolled_back", "first"),
            ("promote", "promoted", "second"),
            ("roll_back", "rolled_back", "first"),
        ):
            if end != "roll_back" or serving(project) == "first":
                typed = {"model": "second", "share": "20", "margin": "1.5", "documents": "80", "promotes": "on"}
                assert visitor.post(page, typed).status_code == 302
            assert visitor.get(page).status_code == 200
            assert visitor.post(reverse(f"canary_{end}", args=["slips"])).status_code == 302
            canary = project.canaries.first()
            assert canary is not None
            assert (canary.state, serving(project)) == (state, model)
        assert (canary.share, canary.margin, canary.documents, canary.promotes) == (20, 0.015, 80, True)
        assert visitor.get(page).status_code == 200

    @pytest.mark.parametrize("typed", [{"share": "0"}, {"share": "100"}, {"margin": "x"}, {"model": "none"}, {}])
    def test_what_is_wrong_is_shown_again(
        self, visitor: Client, candidate: ModelVersion, typed: dict[str, str]
    ) -> None:
        response = visitor.post(reverse("canary", args=["slips"]), typed)
        assert response.status_code == 400
        assert not Canary.objects.exists()

    def test_one_that_runs_already(self, visitor: Client, canary: Canary) -> None:
        typed = {"model": "second", "share": "20", "margin": "1", "documents": "80"}
        assert visitor.post(reverse("canary", args=["slips"]), typed).status_code == 400

    def test_without_a_model(self, visitor: Client) -> None:
        assert visitor.get(reverse("canary", args=["slips"])).status_code == 200

    def test_documents_to_check_and_a_fixed_number_of_queries(
        self, visitor: Client, canary: Canary, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        rows = compared(canary, 3, *[("2.00", "3.00")] * 12)
        check(rows[0].document, "2.00")
        comparing.run(canary.pk, Silent())
        with django_assert_max_num_queries(26):
            text = visitor.get(reverse("canary", args=["slips"])).content.decode()
        for row in rows[1:]:
            assert reverse("review_document", args=["slips", row.document_id]) in text
        assert reverse("canary_promote", args=["slips"]) in text

    def test_it_is_told_where_people_look(self, visitor: Client, project: Project, canary: Canary) -> None:
        page = reverse("canary", args=["slips"])
        for name in ("project", "models"):
            assert text_about(visitor, name).count(page) > (name == "models"), name
        lifecycle.end(canary, Canary.State.ROLLED_BACK, Canary.Ending.WORSE)
        assert page in text_about(visitor, "project")


def text_about(visitor: Client, name: str) -> str:
    return visitor.get(reverse(name, args=["slips"])).content.decode()


class TestCommand:
    def test_start_status_and_end(
        self, command: Command, project: Project, candidate: ModelVersion, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, shown = command("canary", "slips", "start", "second", "--share", 5)
        assert (shown["canary"]["candidate"], shown["canary"]["share"]) == ("second", 5)
        for row in compared(Canary.objects.get(), 4, ("2.00", "3.00")):
            check(row.document, "3.00")
        comparing.run(Canary.objects.get().pk, Silent())
        call_command("canary", "slips")
        assert "second" in capsys.readouterr().out
        assert command("canary", "slips", "promote")[1]["canary"]["state"] == "promoted"
        assert command("canary", "slips", "rollback")[1]["canary"]["state"] == "rolled_back"
        assert serving(project) == "first"

    @pytest.mark.parametrize(
        "arguments",
        [("start",), ("stop",), ("start", "none"), ("stop", "second"), ("start", "second", "--share", "51")],
    )
    def test_what_is_refused(self, command: Command, candidate: ModelVersion, arguments: tuple[str, ...]) -> None:
        assert command("canary", "slips", *arguments)[0] == 2


class TestApi:
    def test_none_yet(self, caller: Client, project: Project) -> None:
        assert caller.get(URL).json()["canary"] is None

    def test_start_and_ends(self, caller: Client, project: Project, candidate: ModelVersion) -> None:
        body = {"model": "second", "share": 30, "promotes": True}
        started = caller.post(URL, body, content_type="application/json")
        assert started.status_code == 200
        assert started.json()["canary"] | {"share": 30, "state": "running"} == started.json()["canary"]
        assert caller.post(URL, body, content_type="application/json").status_code == 409
        assert caller.post(f"{URL}/promote").json()["reversible"] is True
        assert caller.post(f"{URL}/rollback").json()["canary"]["state"] == "rolled_back"
        assert caller.post(f"{URL}/stop").status_code == 409

    @pytest.mark.parametrize("share", [0, 51, 100, "10", 2.5])
    def test_shares_that_are_refused(self, caller: Client, candidate: ModelVersion, share: object) -> None:
        response = caller.post(URL, {"model": "second", "share": share}, content_type="application/json")
        assert response.status_code == 422

    def test_figures(self, caller: Client, canary: Canary) -> None:
        rows = compared(canary, 8, ("2.00", "3.00"), ("3.00", "2.00"))
        check(rows[0].document, "2.00")
        comparing.run(canary.pk, Silent())
        found = caller.get(URL).json()
        assert (found["verdict"], found["doubts"]) == ("open", ["few_documents", "mean"])
        assert found["to_check"] == [{"document": rows[1].document_id, "fields": ["total"]}]
        assert found["figures"]["fields"]["total"]["candidate"] == 1
