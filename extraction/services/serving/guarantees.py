"""Guarantees: which answers of a model may be accepted unseen, by the share of wrong ones that an owner allows.

The rows are the truth: thresholds are in the check of a model (`answer_checks`), and follow the allowed shares.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.guarantees import CheckedAnswer, Guarantee, guarantee
from extraction.domain.fields import Field
from extraction.domain.json_types import JsonObject
from extraction.domain.prediction import FieldValue
from extraction.domain.results.extraction import rounded_confidence
from extraction.models import AnswerCheck, AuditAction, Job, ModelVersion, Project, SchemaVersion
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.jobs import queue
from extraction.services.projects import schema_versions
from extraction.services.serving import registry
from extraction.services.serving.jobs import CHECK

# The share of wrong answers that may be allowed, from and to.
LEAST, MOST = 0.001, 0.5


@dataclass(frozen=True, slots=True)
class FieldGuarantee:
    """The share of wrong answers that a field allows (`None`: none is accepted unseen), its guarantee, and that of the
    answers with which the teacher agrees (`None`: no share, or the model was not checked)."""

    name: str
    title: str
    target: float | None
    guarantee: Guarantee | None
    agreement: Guarantee | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The serving model (`None`: none serves), when it was checked on how many documents, and its fields; `job` is the
    check that waits or goes on, `teacher` the one whose agreement counts, empty where none does."""

    model: ModelVersion | None
    teacher: str
    measured: datetime | None
    documents: int
    job: Job | None
    fields: tuple[FieldGuarantee, ...]

    def to_json(self) -> JsonObject:
        return {
            "model": self.model.name if self.model else None,
            "teacher": self.teacher or None,
            "measured": self.measured.isoformat() if self.measured else None,
            "documents": self.documents,
            "checking": self.job is not None,
            "fields": {
                each.name: {
                    "target": each.target,
                    "guarantee": None if each.guarantee is None else each.guarantee.to_json(),
                    "agreement": None if each.agreement is None else each.agreement.to_json(),
                }
                for each in self.fields
            },
        }


def of(project: Project) -> Standing:
    """How it stands for the serving model."""
    model = registry.serving(project)
    row = AnswerCheck.objects.filter(model=model).defer("answers").first() if model else None
    found, agreed = (_stored(row.guarantees), _stored(row.agreements)) if row else ({}, {})
    return Standing(
        model=model,
        teacher=row.teacher if row else "",
        measured=row.measured if row else None,
        documents=row.documents if row else 0,
        job=waiting(model).first() if model else None,
        fields=tuple(
            FieldGuarantee(
                field.name,
                field.title,
                project.error_targets.get(field.name),
                found.get(field.name),
                agreed.get(field.name),
            )
            for field in project.schema.fields
        ),
    )


def of_model(model: ModelVersion) -> dict[str, Guarantee]:
    """The guarantees of `model` by field that allows wrong answers; one query. Before it is checked none is held."""
    rows = ModelVersion.objects.filter(pk=model.pk).values_list("project__error_targets", "answer_check__guarantees")
    targets, stored = rows.get()
    stored = stored or {}
    return {
        name: Guarantee.from_json(stored[name]) if name in stored else guarantee([], target)
        for name, target in targets.items()
    }


def of_agreement(model: ModelVersion, teacher: str) -> dict[str, Guarantee]:
    """By field, of the answers of `model` with which this teacher agrees; none where another one's labels were
    compared. One query."""
    rows = AnswerCheck.objects.filter(model=model, teacher=teacher).exclude(teacher="")
    return _stored(rows.values_list("agreements", flat=True).first() or {})


def _stored(value: Mapping[str, Any]) -> dict[str, Guarantee]:
    return {name: Guarantee.from_json(each) for name, each in value.items()}


def accepts(held: Guarantee | None, answer: FieldValue) -> bool | None:
    """Whether the student's answer may be accepted unseen; `None` where the field allows no wrong answers."""
    return None if held is None else held.accepts(rounded_confidence(answer.confidence))


def set_targets(project: Project, targets: Mapping[str, float | None]) -> None:
    """Store the share of wrong answers (over 0, at most `MOST`) that each field allows; `None` allows none unseen.

    Fields that are not named stay as they are. Raises `Invalid`.
    """
    for name, target in targets.items():
        if name not in project.schema:
            raise Invalid(gettext_noop("There is no field {name!r}."), name=name)
        if target is not None and not (math.isfinite(target) and LEAST <= target <= MOST):
            raise Invalid(gettext_noop("The share of wrong answers is from 0.1 % to 50 %."))
    with transaction.atomic():
        row = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        before = dict(row.error_targets)
        chosen = {**before, **targets}
        row.error_targets = {name: target for name, target in chosen.items() if target is not None}
        row.save(update_fields=["error_targets"])
        for checked in AnswerCheck.objects.filter(model__project=row):
            count(checked, row.error_targets)
            checked.save(update_fields=["guarantees", "agreements"])
        if changes := audit_log.changed(before, row.error_targets):
            audit_log.record(AuditAction.GUARANTEES_CHANGED, row, project=row, changes=changes)
    project.error_targets = row.error_targets


def on_fields_replaced(before: SchemaVersion, after: SchemaVersion, **kwargs: Any) -> None:
    """Shares and checked answers follow their fields to new names and go with them. Answers of a field that means
    something else say nothing any more: the serving model is checked again."""
    names = schema_versions.carried(before, after)
    old, new = before.as_domain(), after.as_domain()
    same = {name for name in names if meaning(old[name]) == meaning(new[names[name]])}
    # The project is locked by the change.
    project = Project.objects.get(pk=after.project_id)
    project.error_targets = {names[name]: share for name, share in project.error_targets.items() if name in names}
    project.save(update_fields=["error_targets"])
    for checked in AnswerCheck.objects.filter(model__project=project):
        checked.answers = {names[name]: pairs for name, pairs in checked.answers.items() if name in same}
        count(checked, project.error_targets)
        checked.save(update_fields=["answers", "guarantees", "agreements"])
    model = registry.serving(project)
    if model and len(same) < len(names) and not waiting(model).exists():
        queue.enqueue(CHECK, project=project, subject=model.pk)


def meaning(field: Field) -> tuple[object, ...]:
    """What decides whether an answer is right."""
    parts = [(part.name, *meaning(part)) for part in field.fields]
    return (field.type, field.format, field.options, *parts)


def count(checked: AnswerCheck, targets: Mapping[str, float]) -> None:
    """Derive the guarantees of an unsaved or locked row from its answers."""
    found = {name: [CheckedAnswer(*each) for each in answers] for name, answers in checked.answers.items()}
    agreed = {name: [each for each in answers if each.agreed] for name, answers in found.items()}
    checked.guarantees, checked.agreements = _counted(found, targets), _counted(agreed, targets)


def _counted(answers: Mapping[str, Sequence[CheckedAnswer]], targets: Mapping[str, float]) -> JsonObject:
    return {name: guarantee(answers.get(name, []), target).to_json() for name, target in targets.items()}


def waiting(model: ModelVersion) -> QuerySet[Job]:
    """Its checks that wait or go on."""
    return Job.objects.filter(kind=CHECK.name, subject=model.pk, state__in=Job.ACTIVE)
