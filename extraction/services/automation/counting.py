"""What a training would learn anew: the labels of now beside those of the snapshot that was learned last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from extraction.domain import label_sources
from extraction.domain.field_types import UNKNOWN, Conventions, same
from extraction.domain.fields import Schema
from extraction.domain.results.automation import Changes
from extraction.models import AutomationStep, BestLabel, Job, Label, Project, Split, TrainingRun
from extraction.services.labels import conventions
from extraction.services.projects import schema_versions
from extraction.services.training import snapshots

BATCH = 500

# Primary key of a document, and name of a field.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """`changes` since the run `since` froze its labels; `None`: no run that counts has."""

    changes: Changes
    since: TrainingRun | None


@dataclass(frozen=True, slots=True)
class _Best:
    """A best label that was not learned last."""

    place: Place
    label: int
    by_people: bool


def count(project: Project) -> Counted:
    """Of the documents that students learn from and are validated on. A value that was confirmed changes nothing."""
    since = last_run(project)
    learned = _learned(since)
    changed = _changed(project, learned)
    printed = conventions.of(project) if changed else UNKNOWN
    corrections = labels = 0
    for part in _batches(changed):
        found = _count(project.schema, part, learned, printed)
        corrections, labels = corrections + found.corrections, labels + found.labels
    return Counted(Changes(corrections, labels), since)


def last_run(project: Project) -> TrainingRun | None:
    """The run that the count begins with: the newest on all labels that made a model, goes on, or was automatic.

    An automatic one that failed counts too: otherwise it would be started again and again. One that forgets does not:
    it learned older labels anew.
    """
    counts = Q(model_version__isnull=False) | Q(job__state__in=Job.ACTIVE)
    automatic = AutomationStep.objects.filter(project=project, kind=AutomationStep.Kind.STARTED).values("run")
    runs = project.training_runs.filter(counts | Q(pk__in=automatic), labels=snapshots.BEST, snapshot__isnull=False)
    runs = runs.filter(replaces=None)
    return runs.select_related("snapshot__schema_version", "job").order_by("-pk").first()


def _learned(run: TrainingRun | None) -> dict[Place, int]:
    """Labels that a run learned from, by document and present name of the field."""
    if run is None or run.snapshot is None:
        return {}
    names = schema_versions.translation(run.snapshot.schema_version)
    return {
        (item.document, names[name]): label
        for item in run.snapshot.documents
        for name, label in item.labels.items()
        if name in names
    }


def _changed(project: Project, learned: Mapping[Place, int]) -> list[_Best]:
    documents = snapshots.readable(project).filter(split__in=[Split.TRAIN, Split.VALIDATION])
    rows = BestLabel.objects.filter(
        project=project,
        document__in=documents,
        field__in=project.schema.names,
        label__source__in=label_sources.names(learned_from=True),
    )
    found = rows.order_by().values_list("document", "field", "label", "by_people")
    return [
        _Best((document, field), label, by_people)
        for document, field, label, by_people in found.iterator()
        if learned.get((document, field)) != label
    ]


def _count(schema: Schema, part: Sequence[_Best], learned: Mapping[Place, int], printed: Conventions) -> Changes:
    keys = [each.label for each in part] + [learned[each.place] for each in part if each.place in learned]
    values = dict(Label.objects.filter(pk__in=keys).values_list("pk", "value"))
    before = {each.place: values[learned[each.place]] for each in part if learned.get(each.place) in values}
    given = _given(part)
    corrections = labels = 0
    for each in part:
        was = before if each.place in before else given if each.by_people else {}
        if each.place not in was:
            labels += 1
        elif not same(schema[each.place[1]], was[each.place], values.get(each.label), conventions=printed):
            corrections, labels = corrections + each.by_people, labels + (not each.by_people)
        elif each.place not in before:
            labels += 1
    return Changes(corrections, labels)


def _given(part: Sequence[_Best]) -> dict[Place, str | None]:
    """What others than people had said there, the newest of the best source."""
    wanted = {each.place for each in part if each.by_people}
    rows = Label.objects.filter(
        document__in={document for document, _ in wanted},
        source__in=label_sources.names(by_people=False),
        withdrawn=False,
    )
    found: dict[Place, tuple[int, int, str | None]] = {}
    for pk, document, field, source, value in rows.values_list("pk", "document", "field", "source", "value"):
        place, order = (document, field), (-label_sources.find(source).rank, pk)
        if place in wanted and (place not in found or order > found[place][:2]):
            found[place] = (*order, value)
    return {place: value for place, (_, _, value) in found.items()}


def _batches(rows: Sequence[_Best]) -> Iterator[list[_Best]]:
    remaining = iter(rows)
    while part := list(islice(remaining, BATCH)):
        yield part
