"""A candidate and the serving model on documents that neither was trained on."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.leads import Leads, leads
from extraction.domain.evaluation.scoring import Row
from extraction.domain.learning.training import Part
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.domain.results.automation import Comparison, Reason
from extraction.models import Document, Label, ModelVersion, Project, Snapshot, Split
from extraction.services.labels import conventions, ranking
from extraction.services.serving import registry
from extraction.services.training import snapshots

Truths = Mapping[int, Mapping[str, Label]]


def compare(candidate: ModelVersion, serving: ModelVersion | None, progress: Progress) -> Comparison:
    """Figures of both, and as `reasons` what they cannot tell; the rest is for `decisions`. Raises `Cancelled`, and
    `Conflict` where a model's files cannot be used."""
    if serving is None:
        return Comparison(candidate.name, "", reasons=(Reason.NOTHING_SERVES,))
    known = [model.run.snapshot for model in (candidate, serving) if model.run.snapshot is not None]
    if len(known) < 2:
        return Comparison(candidate.name, serving.name, reasons=(Reason.UNKNOWN_TRAINING,))
    truths, reviewed = _truths(candidate.project, known)
    found = _leads(candidate, serving, truths, progress)
    reasons = () if reviewed else (Reason.NOT_REVIEWED,)
    return Comparison(candidate.name, serving.name, found, reviewed, reasons)


def _truths(project: Project, known: list[Snapshot]) -> tuple[Truths, bool]:
    """Labels of people who looked at the documents to compare on, and True; where there are none the best labels, and
    False."""
    documents = _documents(project, known)
    if checked := ranking.checked(documents):
        return checked, True
    return ranking.best_for(documents, sources=label_sources.names(learned_from=True)), False


def _documents(project: Project, known: list[Snapshot]) -> QuerySet[Document]:
    """Of the split validation, and what was held out of a split train without one; never what either model was trained
    on, wherever it stands now. Those of split test stay for measuring."""
    validated = {item.document for item in known[0].documents if item.part is Part.VALIDATION}
    trained = {item.document for snapshot in known for item in snapshot.documents if item.part is Part.TRAIN}
    readable = snapshots.readable(project).exclude(split=Split.TEST)
    rows = readable.values_list("pk", "split").order_by()
    keys = [pk for pk, split in rows if pk not in trained and (split == Split.VALIDATION or pk in validated)]
    return Document.objects.filter(pk__in=keys)


def _leads(candidate: ModelVersion, serving: ModelVersion, truths: Truths, progress: Progress) -> Leads | None:
    project = candidate.project
    predictors = registry.predictor(candidate), registry.predictor(serving)
    rows: tuple[list[Row], list[Row]] = ([], [])
    for done, (pk, labels) in enumerate(truths.items()):
        check(progress)
        progress.report(done, len(truths), gettext_noop("Comparing models"))
        document = Document.objects.prefetch_related("pages").get(pk=pk)
        accepted = {name: [label.value] for name, label in labels.items() if name in project.schema}
        for side, predictor in zip(rows, predictors, strict=True):
            answers: dict[str, FieldValue] = predictor.predict(document.domain_pages())
            side.append((accepted, answers))
    progress.report(len(truths), len(truths))
    return leads(project.schema, *rows, conventions=conventions.of(project))
