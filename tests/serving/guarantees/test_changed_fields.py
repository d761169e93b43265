"""Guarantees of a project whose fields change: none is given for another field, and none for another meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from extraction.domain.evaluation.guarantees import GuaranteeState
from extraction.domain.fields import Field
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.models import AnswerCheck, Job, ModelVersion, Project
from extraction.services.projects import schema_versions
from extraction.services.serving import answer_checks, field_extraction, guarantees, registry
from tests.serving.stand_ins import Reader, picture
from tests.support import builders, programs

pytestmark = pytest.mark.django_db
TARGETS = {"total": 0.05, "date": 0.1}
SURE = [[0.9, True]] * 100


class Student:
    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        return {name: FieldValue("3.30", "3.30", 0.95) for name in ("total", "company")}


@pytest.fixture
def project() -> Project:
    """A model serves whose totals are sure; nobody has checked its dates."""
    held = builders.project("receipts")
    registry.promote(checked(programs.model(held, "first")))
    guarantees.set_targets(held, TARGETS)
    Job.objects.all().delete()
    return held


def checked(model: ModelVersion) -> ModelVersion:
    AnswerCheck.objects.create(
        model=model, documents=100, answers={"total": SURE}, guarantees={}, measured=timezone.now()
    )
    return model


def change(project: Project, *fields: Field, **renames: str) -> None:
    found = Project.objects.get(pk=project.pk)
    schema_versions.change(found, replace(found.schema, fields=fields), renames=renames)


def held(project: Project) -> dict[str, bool]:
    """By field with a share whether its guarantee is held, by the serving model."""
    standing = guarantees.of(Project.objects.get(pk=project.pk))
    assert standing.model
    found = {name: found.state is GuaranteeState.HELD for name, found in guarantees.of_model(standing.model).items()}
    assert found == {
        field.name: field.guarantee is not None and field.guarantee.state is GuaranteeState.HELD
        for field in standing.fields
        if field.target is not None
    }
    return found


def test_it_follows_a_field_to_its_new_name(project: Project) -> None:
    date, total = project.schema["date"], project.schema["total"]
    change(project, date, replace(total, name="amount"), total="amount")
    assert held(project) == {"amount": True, "date": False}
    assert not Job.objects.filter(kind="check_answers").exists()


def test_fields_that_exchange_names_exchange_guarantees(project: Project) -> None:
    date, total = project.schema["date"], project.schema["total"]
    change(project, replace(date, name="total"), replace(total, name="date"), date="total", total="date")
    assert held(project) == {"date": True, "total": False}
    project.refresh_from_db()
    assert project.error_targets == {"date": 0.05, "total": 0.1}


def test_a_field_with_the_name_of_a_deleted_one_takes_nothing_over(project: Project) -> None:
    date = project.schema["date"]
    change(project, replace(date, name="total"), date="total")
    assert held(project) == {"total": False}
    change(project, Field("company"))
    assert held(project) == {}
    change(project, Field("company"), project.schema["total"])
    assert held(project) == {}


@pytest.mark.parametrize("changed", [{"type": "text"}, {"type": "number"}])
def test_a_field_that_means_something_else_is_checked_again(project: Project, changed: dict[str, Any]) -> None:
    change(project, project.schema["date"], replace(project.schema["total"], **changed))
    assert held(project) == {"total": False, "date": False}
    assert Job.objects.filter(kind="check_answers", state="queued").count() == 1


def test_models_that_serve_again_later_take_part(project: Project) -> None:
    registry.promote(programs.model(project, "second"))
    change(project, replace(project.schema["total"], name="amount"), total="amount")
    registry.roll_back(project)
    assert held(project) == {"amount": True}


def test_fields_that_change_during_a_check_are_checked_anew(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    model = project.model_versions.get()
    seen: list[list[str]] = []

    def truths(row: ModelVersion) -> dict[int, Any]:
        seen.append(list(row.project.schema.names))
        if len(seen) == 1:
            change(project, Field("amount", "money"), total="amount")
        return {}

    monkeypatch.setattr(answer_checks, "_truths", truths)
    answer_checks.run(model.pk, Silent())
    assert seen[1:] == [["amount"]]
    assert held(project) == {"amount": False}


def test_before_a_model_is_checked_it_accepts_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`null` means that no share is named, so that programs may tell the two apart."""
    monkeypatch.setattr(field_extraction, "read", lambda project, path: [Reader()])
    monkeypatch.setattr(registry, "predictor", lambda model: Student())
    path = tmp_path / "receipt.jpg"
    path.write_bytes(picture().read())

    def accepted(model: ModelVersion) -> dict[str, bool | None]:
        found = field_extraction.extract_file(project, path.name, path, model=model).result.fields or {}
        return {name: answer.accepted for name, answer in found.items()}

    assert accepted(project.model_versions.get()) == {"total": True, "company": None}
    assert accepted(programs.model(project, "second")) == {"total": False, "company": None}
