"""Checks of a model's answers: it reads what people checked and its training did not use.

Only the parts of the documents that are drawn by hash count: nobody chose these for their difficulty.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from extraction.domain.alignment import own_conventions
from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.guarantees import CheckedAnswer
from extraction.domain.field_types import Conventions, agree, same
from extraction.domain.fields import Field
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.domain.results.extraction import rounded_confidence
from extraction.domain.work import deadlines
from extraction.models import AnswerCheck, Document, Job, Label, ModelVersion, Project, Source, Split, User
from extraction.services.errors import Conflict
from extraction.services.jobs import execution, queue
from extraction.services.labels import conventions, ranking
from extraction.services.serving import guarantees, registry
from extraction.services.serving.field_extraction import by_the_projects_order, model_for
from extraction.services.serving.jobs import CHECK

logger = logging.getLogger(__name__)

BATCH = 20


def start(project: Project, actor: User | None = None) -> Job:
    """A check of the serving model; the one that waits or goes on, where there is one. Raises `Conflict`."""
    model = model_for(project)
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        waiting = guarantees.waiting(model).first()
        return waiting or queue.enqueue(CHECK, project=project, subject=model.pk, author=actor)


def check_here(project: Project, progress: Progress) -> None:
    """For a command: a check in this process. Raises `Conflict` where no model serves or a check is under way, and
    `Invalid` with the reason where it fails."""
    model = model_for(project)
    if guarantees.waiting(model).exists():
        raise Conflict(gettext_noop("A check of {model} is under way; look again when it is done."), model=model)
    execution.run_now(queue.enqueue(CHECK, project=project, subject=model.pk, send=False), progress, name="The check")


def run(model: int, progress: Progress) -> None:
    """Store confidences, outcomes and guarantees of a model; the work of a CHECK job, and harmless to repeat."""
    row = ModelVersion.objects.select_related("project__schema_version", "run__snapshot__schema_version").get(pk=model)
    truths = _truths(row)
    teacher = row.project.teacher
    given = ranking.from_source(row.project.documents.filter(pk__in=truths), Source.TEACHER, teacher) if teacher else {}
    answers: dict[str, list[CheckedAnswer]] = defaultdict(list)
    keys, read = iter(sorted(truths)), 0
    while batch := list(islice(keys, BATCH)):
        check(progress)
        progress.report(read, len(truths), gettext_noop("Reading fields"))
        for document in Document.objects.filter(pk__in=batch).prefetch_related("pages"):
            for name, answer in _answers(row, document, truths[document.pk], given.get(document.pk, {})).items():
                answers[name].append(answer)
        read += len(batch)
    with transaction.atomic():
        # The shares that are allowed may have been changed meanwhile.
        project = Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        outdated = project.schema_version_id != row.project.schema_version_id
        if not outdated:
            checked = AnswerCheck.objects.filter(model=row).first() or AnswerCheck(model=row)
            checked.documents, checked.teacher, checked.measured = len(truths), teacher, timezone.now()
            checked.answers = {name: [list(astuple(each)) for each in found] for name, found in answers.items()}
            guarantees.count(checked, project.error_targets)
            checked.save()
    if outdated:
        # The fields were changed meanwhile.
        run(model, progress)
    else:
        progress.report(read, len(truths))


def _truths(model: ModelVersion) -> dict[int, dict[str, Label]]:
    """What people say of the documents that are checked, by primary key."""
    ready = model.project.documents.filter(state=Document.State.READY, split__in=[Split.VALIDATION, Split.TEST])
    truths = ranking.checked(ready.exclude(review=Document.Review.REJECTED))
    snapshot = model.run.snapshot
    learned = {item.document for item in snapshot.documents} if snapshot else set()
    return {pk: labels for pk, labels in truths.items() if pk not in learned}


def _answers(
    model: ModelVersion, document: Document, truth: Mapping[str, Label], given: Mapping[str, Label]
) -> dict[str, CheckedAnswer]:
    """What `model` answers for the fields that people checked; nothing for a document that takes too long.

    `given`: the teacher's labels of the document, which agree where merging would say so.
    """
    project, pages = model.project, document.domain_pages()
    schema, printed = project.schema, conventions.of(project)
    try:
        with deadlines.within(settings.KD_DOCUMENT_SECONDS):
            answers = by_the_projects_order(project, registry.predictor(model).predict(pages))
    except deadlines.TooSlow:
        logger.warning("The student takes too long over document %s, which is not checked.", document.pk)
        return {}
    return {
        name: CheckedAnswer(
            rounded_confidence(answer.confidence) or 0.0,
            agree(schema[name], answer.value, truth[name].value, conventions=printed),
            _agreed(schema[name], answer, given.get(name), own_conventions(pages, (schema[name],), printed)),
        )
        for name, answer in answers.items()
        if name in truth and name in schema
    }


def _agreed(field: Field, answer: FieldValue, label: Label | None, printed: Conventions) -> bool | None:
    return None if label is None else same(field, answer.value, label.value, conventions=printed)
