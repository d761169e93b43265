"""Measuring drift: what came in lately against what the serving model learned from.

It is the work of a job, made once a day for each serving model; pages read the row that it left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.layouts import ALIKE, matrix
from extraction.domain.label_quality.vendors import meaning, vendor_field
from extraction.domain.progress import Progress, check
from extraction.domain.trust.drift import MOST, Aspect, AspectDrift, Drift, drop, judged, mixture, novelty
from extraction.models import (
    AnswerCheck,
    BestLabel,
    Document,
    DocumentLayout,
    DriftCheck,
    Extraction,
    Label,
    ModelVersion,
    Project,
    Source,
)

# What came in within so many days is compared.
DAYS = 30


def of(project: Project) -> DriftCheck | None:
    """The last check of the serving model; one query."""
    stage = ModelVersion.Stage.PRODUCTION
    rows = DriftCheck.objects.filter(model__project=project, model__stage=stage)
    return rows.select_related("model").first()


def to_json(found: DriftCheck | None) -> JsonObject:
    """As the API answers it."""
    value = found.as_domain() if found else None
    return {
        "model": found.model.name if found else None,
        "measured": found.measured.isoformat() if found else None,
        "days": value.days if value else None,
        "drifted": [aspect.value for aspect in value.drifted] if value else [],
        "aspects": [each.to_json() for each in value.aspects] if value else [],
    }


def run(model: int, progress: Progress) -> None:
    """Compare and store the result; the work of a DRIFT job, and harmless to repeat."""
    row = ModelVersion.objects.select_related("project__schema_version", "run__snapshot").get(pk=model)
    drift = measure(row, progress)
    DriftCheck.objects.update_or_create(model=row, defaults={"value": drift.to_json(), "measured": timezone.now()})


def measure(model: ModelVersion, progress: Progress) -> Drift:
    """All aspects. Of many documents those count that came last, and of those learned from the last too.

    Documents that an escalation or a canary brought in were picked for being difficult, and say nothing.
    """
    learned = {item.document for item in model.run.snapshot.documents} if model.run.snapshot else set()
    ready = model.project.documents.filter(state=Document.State.READY, origin=Document.Origin.UPLOAD).order_by("-pk")
    recent = ready.filter(created__gte=_since()).values_list("pk", flat=True)
    came = list(islice((pk for pk in recent.iterator() if pk not in learned), MOST))
    before = _last(ready, sorted(learned, reverse=True))
    found = []
    for aspect in (_layouts, _vendors, _languages, _confidences):
        check(progress)
        found.append(aspect(model, before, came))
    return Drift(DAYS, judged(found))


def _last(ready: QuerySet[Document], keys: Sequence[int]) -> list[int]:
    """The first `MOST` of the keys whose documents count."""
    found: list[int] = []
    for start in range(0, len(keys), MOST):
        found += ready.filter(pk__in=keys[start : start + MOST]).values_list("pk", flat=True)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _since() -> datetime:
    return timezone.now() - timedelta(days=DAYS)


def _layouts(model: ModelVersion, before: Sequence[int], came: Sequence[int]) -> AspectDrift:
    rows = DocumentLayout.objects.filter(document__in=[*before, *came])
    vectors = {pk: bytes(vector) for pk, vector in rows.values_list("document", "vector")}
    known = [pk for pk in before if pk in vectors]
    new = [pk for pk in came if pk in vectors]
    vector = matrix(vectors[pk] for pk in (*known, *new))
    return novelty(Aspect.LAYOUT, vector @ vector.T >= ALIKE, len(known), new)


def _vendors(model: ModelVersion, before: Sequence[int], came: Sequence[int]) -> AspectDrift:
    """By the vendor's name as it is believed now, whoever read it."""
    field = vendor_field(model.project.schema)
    if field is None:
        return novelty(Aspect.VENDOR, np.zeros((0, 0), dtype=bool), 0, [])
    rows = BestLabel.objects.filter(document__in=[*before, *came], field=field.name).exclude(label__value=None)
    names = {pk: meaning(field, value) for pk, value in rows.values_list("document", "label__value")}
    known = [pk for pk in before if names.get(pk)]
    new = [pk for pk in came if names.get(pk)]
    named = np.array([names[pk] for pk in (*known, *new)])
    return novelty(Aspect.VENDOR, named[:, None] == named[None, :], len(known), new)


def _languages(model: ModelVersion, before: Sequence[int], came: Sequence[int]) -> AspectDrift:
    rows = Document.objects.filter(pk__in=[*before, *came]).exclude(language=None).exclude(language="")
    languages: dict[int, str] = {pk: language or "" for pk, language in rows.values_list("pk", "language")}
    known = [languages[pk] for pk in before if pk in languages]
    return mixture(Aspect.LANGUAGE, known, [languages[pk] for pk in came if pk in languages])


def _confidences(model: ModelVersion, before: Sequence[int], came: Sequence[int]) -> AspectDrift:
    """Against what the model was checked on: of documents that it learned from it is surer than of any others."""
    checked = AnswerCheck.objects.filter(model=model).values_list("answers", flat=True).first() or {}
    learned = {name: [confidence for confidence, *_ in answers][-MOST:] for name, answers in checked.items()}
    return drop(Aspect.CONFIDENCE, learned, _answered(model, came))


def _answered(model: ModelVersion, came: Sequence[int]) -> Mapping[str, Sequence[float]]:
    """The confidences of the model's answers by field: for callers, and on documents that nobody had labelled."""
    found = defaultdict[str, list[float]](list)
    done = model.extractions.filter(state=Extraction.State.DONE, created__gte=_since()).order_by("-pk")
    answers: Iterable[tuple[Any, ...]] = done.values_list("student", "fields")[:MOST]
    for student, merged in answers:
        for name, answer in (student or merged or {}).items():
            _add(found[name], answer.get("confidence"))
    labels = Label.objects.filter(document__in=came, source=Source.STUDENT, teacher=model.name, withdrawn=False)
    rows: Iterable[tuple[str, float | None]] = labels.values_list("field", "confidence")
    for name, confidence in rows:
        _add(found[name], confidence)
    return found


def _add(values: list[float], confidence: float | None) -> None:
    if confidence is not None:
        values.append(confidence)
