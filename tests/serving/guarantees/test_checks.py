"""Guarantees: a promoted model is checked where people reviewed, and its extractions say what needs no review."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.models import AnswerCheck, Document, Job, ModelVersion, Project, Role, Snapshot
from extraction.services.errors import Invalid
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.serving import answer_checks, guarantees, registry
from tests.support import builders, programs
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
REVIEWED = 60


class Predictor:
    """Reads the same on every document."""

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        return {
            "total": FieldValue("3.30", "3.30", 0.95),
            "date": FieldValue("25/12/2018", "2018-12-25", 0.6),
            "company": FieldValue("Nobody", "Nobody", 0.99),
        }


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Project:
    """`REVIEWED` documents of the parts validation and test, as many of train, and a model that serves."""
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    held = builders.project("receipts")
    splits = [*("test" if number % 2 else "validation" for number in range(REVIEWED)), "train"]
    review(*(builders.document(held, split=split) for split in splits))
    registry.promote(programs.model(held, "first"))
    return held


@pytest.fixture
def model(project: Project) -> ModelVersion:
    return project.model_versions.get()


def review(*documents: Document, total: str = "RM 3.30") -> None:
    values = {"total": total, "date": "25/12/2018", "company": "Tea House"}
    store.write_many(
        documents[0].project,
        [LabelInput(each, name, value, "reviewer") for each in documents for name, value in values.items()],
    )


def check(model: ModelVersion) -> AnswerCheck:
    answer_checks.run(model.pk, Silent())
    return AnswerCheck.objects.get(model=model)


def test_a_promotion_has_the_answers_checked(project: Project, model: ModelVersion) -> None:
    job = Job.objects.get(kind="check_answers")
    assert (job.subject, job.project) == (model.pk, project)
    assert answer_checks.start(project) == job


def test_what_was_drawn_at_random_and_not_learned_is_read(project: Project, model: ModelVersion) -> None:
    documents = list(project.documents.filter(split="validation"))
    project.documents.filter(pk=documents[0].pk).update(review=Document.Review.REJECTED)
    items = [{"document": documents[1].pk, "part": "validation", "labels": {}, "weight": 1.0}]
    Snapshot.objects.filter(pk=model.run.snapshot_id).update(items=items)
    # Labels that nobody looked at count as little as a teacher's.
    store.write(builders.document(project, split="test"), "total", "3.30", source="teacher", teacher="rules")
    row = check(model)
    assert row.documents == REVIEWED - 2
    assert row.answers["total"] == [[0.95, True, None]] * (REVIEWED - 2)
    assert row.answers["company"] == [[0.99, False, None]] * (REVIEWED - 2)


def test_the_guarantees_follow_the_shares_that_are_allowed(project: Project, model: ModelVersion) -> None:
    check(model)
    assert guarantees.of_model(model) == {}
    guarantees.set_targets(project, {"total": 0.05, "company": 0.05, "date": 0.02})
    states = {name: found.state.value for name, found in guarantees.of_model(model).items()}
    assert states == {"total": "held", "company": "too_many_wrong", "date": "too_few"}
    guarantees.set_targets(project, {"company": None})
    assert set(guarantees.of_model(model)) == {"total", "date"}
    for document in project.documents.filter(split="test")[:10]:
        review(document, total="9.99")
    check(model)
    assert guarantees.of_model(model)["total"].state == "too_many_wrong"


@pytest.mark.parametrize("targets", [{"nobody": 0.1}, {"total": 0.0}, {"total": 0.51}, {"total": float("nan")}])
def test_a_share_that_makes_no_sense_is_refused(project: Project, targets: dict[str, float]) -> None:
    with pytest.raises(Invalid):
        guarantees.set_targets(project, {"date": 0.05, **targets})
    project.refresh_from_db()
    assert project.error_targets == {}


def test_it_is_shown_and_changed_on_its_page(
    client: Client, project: Project, model: ModelVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(builders.member(project, Role.OWNER))
    url = reverse("guarantees", args=["receipts"])
    assert "first was not checked yet." in client.get(url).content.decode()
    check(model)
    Job.objects.all().delete()
    assert client.post(url, {"target-total": "0.05", "target-date": "0.02"}).status_code == 302
    with django_assert_max_num_queries(15):
        shown = client.get(url).content.decode()
    assert "first was checked on 60 documents" in shown
    assert "100 % of the answers are accepted unseen, from a confidence of 95.00 %." in " ".join(shown.split())
    assert "60 answers are checked; at least 114 are needed to allow 2 %." in shown
    assert client.post(url, {"target-total": "much"}).status_code == 400
    assert client.post(url, {"target-total": ""}).status_code == 302
    project.refresh_from_db()
    assert project.error_targets == {"date": 0.02}
    client.post(reverse("guarantees_check", args=["receipts"]))
    assert Job.objects.filter(kind="check_answers", state="queued").count() == 1


def test_choices_that_are_not_saved_outlast_a_check(client: Client, project: Project, model: ModelVersion) -> None:
    """htmx takes what changes while the check goes on: never the form."""
    client.force_login(builders.member(project, Role.OWNER))
    changing = client.get(reverse("guarantees", args=["receipts"]), headers={"HX-Request": "true"}).content.decode()
    assert 'id="guarantee-total"' in changing
    assert "hx-swap-oob" in changing
    assert "<select" not in changing


def test_the_command_allows_checks_and_tells(project: Project, model: ModelVersion, command: Command) -> None:
    Job.objects.all().delete()
    code, value = command("guarantees", "receipts", "--allow", "total=0.05", "--check")
    assert code == 0
    assert (value["model"], value["documents"], value["checking"]) == ("first", REVIEWED, False)
    assert value["fields"]["total"]["guarantee"]["state"] == "held"
    assert value["fields"]["date"] == {"target": None, "guarantee": None, "agreement": None}
    code, value = command("guarantees", "receipts", "--allow", "total=none")
    assert value["fields"]["total"]["target"] is None
    assert command("guarantees", "receipts", "--allow", "total")[0] == 2


def test_without_a_serving_model_there_is_nothing_to_check(command: Command) -> None:
    builders.project("empty")
    assert command("guarantees", "empty")[1]["model"] is None
    assert command("guarantees", "empty", "--check")[0] == 2
