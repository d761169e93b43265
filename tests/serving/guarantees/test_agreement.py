"""Guarantees of answers with which the teacher agrees: counted on what people checked, shown everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.models import AnswerCheck, ModelVersion, Project, Role
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.serving import answer_checks, guarantees, registry
from tests.support import builders, programs
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
TEACHER = "acme:reader"
DOCUMENTS = 120


class Hesitant:
    """Reads the total, of which it is not sure; every third one is wrong."""

    def __init__(self) -> None:
        self.read = 0

    def predict(self, pages: Sequence[Page]) -> Mapping[str, FieldValue]:
        self.read += 1
        return {"total": FieldValue("9.99" if self.read % 3 == 0 else "3.30", None, 0.4)}


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    """A model that is right in two of three documents, in which the teacher, who is always right, says the same."""
    project = builders.project("receipts")
    documents = [builders.document(project, split="test") for _ in range(DOCUMENTS)]
    store.write_many(
        project,
        [
            LabelInput(each, "total", "3.30", source, teacher=TEACHER if source == "teacher" else "")
            for each in documents
            for source in ("teacher", "reviewer")
        ],
    )
    row = programs.model(project, "first")
    registry.promote(row)
    reader = Hesitant()
    monkeypatch.setattr(registry, "predictor", lambda model: reader)
    answer_checks.run(row.pk, Silent())
    guarantees.set_targets(project, {"total": 0.05})
    return row


def test_agreed_answers_have_a_guarantee_though_the_others_have_none(model: ModelVersion) -> None:
    assert AnswerCheck.objects.get().teacher == TEACHER
    found = guarantees.of(model.project).fields
    total = next(each for each in found if each.name == "total")
    assert total.guarantee is not None
    assert total.agreement is not None
    assert (total.guarantee.state.value, total.agreement.state.value) == ("too_many_wrong", "held")
    assert (total.agreement.checked, total.agreement.wrong) == (DOCUMENTS * 2 // 3, 0)
    assert guarantees.of_agreement(model, TEACHER)["total"].accepts(0.4)
    assert not guarantees.of_agreement(model, TEACHER)["total"].accepts(0.39)
    assert guarantees.of_agreement(model, "acme:other") == {}


def test_it_follows_the_share_that_is_allowed(model: ModelVersion) -> None:
    guarantees.set_targets(model.project, {"total": 0.001})
    assert guarantees.of_agreement(model, TEACHER)["total"].state.value == "too_few"
    guarantees.set_targets(model.project, {"total": None})
    assert guarantees.of_agreement(model, TEACHER) == {}


def test_it_is_shown_on_the_page_in_the_api_and_by_the_command(model: ModelVersion, command: Command) -> None:
    client = Client()
    client.force_login(builders.member(model.project, Role.OWNER))
    page = " ".join(client.get(reverse("guarantees", args=["receipts"])).content.decode().split())
    assert "Where the teacher says the same" in page
    _, told = command("guarantees", "receipts")
    assert told["teacher"] == TEACHER
    assert told["fields"]["total"]["agreement"]["accepted"] == DOCUMENTS * 2 // 3


def test_without_labels_of_the_teacher_nobody_agrees(model: ModelVersion) -> None:
    Project.objects.update(teacher="acme:other")
    answer_checks.run(model.pk, Silent())
    assert guarantees.of_agreement(model, "acme:other")["total"].state.value == "too_few"
