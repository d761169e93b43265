"""The cost–quality curve of a project, measured on validation documents whose right values people gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.escalation.curve import Curve, Measured, points
from extraction.domain.escalation.gain import gain
from extraction.domain.field_types import Conventions
from extraction.domain.label_quality.evidence import is_right
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.engines.teacher.protocol import Answer
from extraction.models import Document, Escalation, Label, ModelVersion, Project, Source, Split
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.labels import conventions, ranking
from extraction.services.serving import field_extraction, registry
from extraction.services.serving.escalation import settings
from extraction.services.serving.escalation import teacher as asked_teacher
from extraction.services.serving.escalation.merging import Merging
from extraction.services.serving.jobs import MEASURE

# Documents that are measured, at most.
MOST = 300
NO_MODEL = gettext_noop("No model serves yet.")
NO_DOCUMENTS = gettext_noop(
    "No validation document has both the teacher's labels and values that people gave: review some of them first."
)


def request(project: Project) -> None:
    """Have the curve measured, soon."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        row = settings.of(project)
        row.measuring, row.problem = True, ""
        row.save(update_fields=["measuring", "problem"] if row.pk else None)
        if not queue.active(MEASURE, row.pk).exists():
            queue.enqueue(MEASURE, project=project, subject=row.pk)


def on_model_promoted(model: ModelVersion, **kwargs: Any) -> None:
    """Another student is unsure of other documents."""
    if Escalation.objects.filter(project=model.project, active=True).exists():
        request(model.project)


def run(escalation: int, progress: Progress) -> None:
    """Measure; the work of a MEASURE job, harmless to repeat. Raises `Invalid` and `Conflict` where nothing can be
    measured, and `Cancelled`."""
    row = Escalation.objects.select_related("project__schema_version").filter(pk=escalation).first()
    if row is None:
        return
    curve = _measured(row, progress)
    Escalation.objects.filter(pk=escalation).update(curve=curve.to_json(), measuring=False, problem="")


def fail(escalation: int, error: str) -> None:
    """Say why there is no curve; one of before stays."""
    Escalation.objects.filter(pk=escalation).update(measuring=False, problem=error[:500])


def _measured(row: Escalation, progress: Progress) -> Curve:
    project = row.project
    model = registry.serving(project)
    if model is None:
        raise Conflict(NO_MODEL)
    ready = project.documents.filter(split=Split.VALIDATION, state=Document.State.READY)
    documents = ready.exclude(review=Document.Review.REJECTED)
    right = ranking.checked(documents)
    said = ranking.from_source(documents.filter(pk__in=list(right)), Source.TEACHER, project.teacher)
    if not project.teacher or not said:
        raise Invalid(NO_DOCUMENTS)
    expected = asked_teacher.accuracies(project, project.teacher)
    predictor, merging, printed = registry.predictor(model), Merging(project, project.teacher), conventions.of(project)
    found, alone = [], []
    chosen = documents.filter(pk__in=list(said)).order_by("sha256")[:MOST]
    total = len(chosen)
    for done, document in enumerate(chosen.prefetch_related("pages")):
        check(progress)
        progress.report(done, total, gettext_noop("Reading fields"))
        pages, truth = document.domain_pages(), right[document.pk]
        student = field_extraction.by_the_projects_order(project, predictor.predict(pages))
        teacher = merging.values(pages, _answers(said[document.pk]))
        probabilities = merging.probabilities(pages, student)
        merged = {name: each.value for name, each in merging.merged(pages, student, teacher, probabilities).items()}
        shares = [_share(row, answers, truth, printed) for answers in (student, merged, teacher)]
        found.append(Measured(gain(probabilities, expected, row.weights), *shares[:2]))
        alone.append(shares[2])
    progress.report(total, total)
    return Curve(model.name, project.teacher, total, sum(alone) / total, _price(project), points(found))


def _answers(labels: Mapping[str, Label]) -> dict[str, Answer]:
    return {name: Answer(label.value, None, label.unsure, label.confidence) for name, label in labels.items()}


def _share(
    row: Escalation, answers: Mapping[str, FieldValue], truth: Mapping[str, Label], printed: Conventions
) -> float:
    """The share of the document's fields that are right, by their weights."""
    schema = row.project.schema
    weights = {name: row.weights.get(name, 1.0) for name in truth if name in schema}
    right = {
        name: is_right(schema[name], answers[name].value if name in answers else None, truth[name].value, printed)
        for name in weights
    }
    total = sum(weights.values())
    return sum(weights[name] for name in weights if right[name]) / total if total else 1.0


def _price(project: Project) -> float | None:
    """Dollars a document, as paid lately, else by estimate."""
    paid = asked_teacher.price(project, project.teacher)
    if paid is not None:
        return paid
    try:
        cost = asked_teacher.estimate(asked_teacher.find(project), project.schema)
    except UserError:
        return None
    return None if cost is None else float(cost)
