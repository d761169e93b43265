"""Setting systems side by side: a teacher, a student, the rules, claims."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from extraction.domain import label_sources
from extraction.domain.field_types import DayOrder
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, Silent, check
from extraction.domain.scoring import anls
from extraction.domain.scoring import evaluate as score
from extraction.models import Document, Job, Label, ModelVersion, Project, Report, Response, Source, Split, User
from extraction.services import storage
from extraction.services.errors import Invalid, NotFound
from extraction.services.jobs import queue
from extraction.services.labels import store
from extraction.services.serving import field_extraction, registry

# Speed is measured afresh on at most so many documents of the split; quality on all of them.
TIMED = 50
GALLERY = 50
AGAINST = ("truth", "best")

Answers = dict[int, dict[str, FieldValue]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a split with what counts as right for them."""

    project: Project
    split: str
    against: str
    note: str
    documents: dict[int, Document]
    truths: dict[int, dict[str, Label]]
    order: DayOrder
    pages: dict[int, tuple[Page, ...]] = field(default_factory=dict)

    def words(self, document: int) -> tuple[Page, ...]:
        if document not in self.pages:
            self.pages[document] = self.documents[document].domain_pages()
        return self.pages[document]


@dataclass(frozen=True, slots=True)
class System:
    """Something that answers. `answer` is missing where answers were recorded and cannot be given afresh."""

    name: str
    kind: str
    recorded: Answers | None = None
    answer: Callable[[Document, Sequence[Page]], dict[str, FieldValue]] | None = None


def evaluate(
    project: Project,
    system: str,
    *,
    split: str = Split.TEST,
    against: str = "truth",
    timed: bool = True,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What `evaluate --json` prints; raises `NotFound` for a system and `Invalid` where nothing can be compared."""
    corpus = _corpus(project, split, against)
    return _evaluate(corpus, find_system(project, system, corpus), timed, progress or Silent(), {})[0]


def find_system(project: Project, name: str, corpus: Corpus) -> System:
    """By the contract's names: `teacher`, `rules`, `claim`, a teacher that left labels, or a model."""
    if name == "rules":
        return _rules(project)
    if name == "claim":
        return System("claim", "claim", _recorded(corpus, Source.CLAIM))
    teacher = project.teacher if name == "teacher" else name
    if name == "teacher" and not teacher:
        raise NotFound(f"Project {project} has no teacher labels yet.")
    if Label.objects.filter(document__project=project, source=Source.TEACHER, teacher=teacher).exists():
        return System(teacher, "teacher", _recorded(corpus, Source.TEACHER, teacher))
    if name == "teacher":
        raise NotFound(f"Project {project} has no labels of its teacher {teacher} yet.")
    return _student(registry.find(project, name))


def _recorded(corpus: Corpus, source: Source, teacher: str = "") -> Answers:
    documents = Document.objects.filter(pk__in=corpus.documents)
    held = store.from_source(documents, source, teacher)
    return {pk: {name: label.as_domain() for name, label in labels.items()} for pk, labels in held.items()}


def _student(model: ModelVersion) -> System:
    predictor = registry.predictor(model)
    return System(model.name, "student", answer=lambda _, pages: predictor.predict(pages))


def _rules(project: Project) -> System:
    from extraction.engines.teacher.protocol import Reading
    from extraction.engines.teacher.registry import teacher

    rules, schema, order = teacher("rules"), project.schema, store.day_order(project)

    def answer(document: Document, pages: Sequence[Page]) -> dict[str, FieldValue]:
        reply = rules.label(Reading(tuple(pages), ()), schema)
        return {
            name: FieldValue(
                given.value, given.value and store.normalized(schema[name], given.value, order), given.confidence
            )
            for name, given in reply.answers.items()
        }

    return System("rules", "rules", answer=answer)


def _corpus(project: Project, split: str, against: str) -> Corpus:
    if split not in Split.values:
        raise Invalid(f"A split is one of {', '.join(Split.values)}, not {split!r}.")
    if against not in AGAINST:
        raise Invalid(f"A report compares with {' or '.join(AGAINST)}, not {against!r}.")
    documents = project.documents.filter(split=split, state=Document.State.READY).exclude(
        review=Document.Review.REJECTED
    )
    truths, note = _truths(documents, against)
    if not truths:
        raise Invalid(f"No document of the split {split} in {project} has labels to compare with ({against}).")
    rows = Document.objects.filter(pk__in=truths).select_related("project__schema_version").order_by("pk")
    return Corpus(
        project,
        split,
        against,
        note,
        {row.pk: row for row in rows},
        truths,
        store.day_order(project),
    )


def _truths(documents: Any, against: str) -> tuple[dict[int, dict[str, Label]], str]:
    """What counts as right, and in words what that is."""
    if against == "truth":
        return store.from_source(documents, Source.TRUTH), "Compared with truth."
    checked = store.best_for(documents, sources=label_sources.names(by_people=True))
    if checked:
        return checked, "Compared with labels that a person reviewed."
    return (
        store.best_for(documents, sources=[Source.TEACHER, Source.CLAIM]),
        "Nothing is reviewed yet: compared with the teacher's own labels, so this is agreement, not quality.",
    )


def _evaluate(
    corpus: Corpus, system: System, timed: bool, progress: Progress, reading: dict[int, float]
) -> tuple[dict[str, Any], Answers]:
    answers = system.recorded if system.recorded is not None else _answer(corpus, system, progress)
    schema = corpus.project.schema
    rows = [
        (
            {name: [label.value] for name, label in truth.items() if name in schema},
            answers.get(pk, {}),
        )
        for pk, truth in corpus.truths.items()
    ]
    evaluation = score(schema, rows, day_order=corpus.order)
    speed = _speed(corpus, system, reading, progress) if timed else None
    return {
        "project": corpus.project.slug,
        "system": system.name,
        "split": corpus.split,
        "against": corpus.against,
        "note": corpus.note,
        "documents_per_second": speed,
        **evaluation.to_json(),
    }, answers


def _answer(corpus: Corpus, system: System, progress: Progress) -> Answers:
    answers: Answers = {}
    if system.answer is None:
        return answers
    for done, (pk, document) in enumerate(corpus.documents.items()):
        check(progress)
        progress.report(done, len(corpus.documents), f"Asking {system.name}")
        answers[pk] = system.answer(document, corpus.words(pk))
    progress.report(len(corpus.documents), len(corpus.documents))
    return answers


def _speed(corpus: Corpus, system: System, reading: dict[int, float], progress: Progress) -> float | None:
    """Documents a second from file to fields: decoding, OCR and the system, one document after the other."""
    if system.answer is None:
        return None
    sample = list(corpus.documents.items())[:TIMED]
    seconds = 0.0
    for done, (pk, document) in enumerate(sample):
        check(progress)
        progress.report(done, len(sample), "Timing")
        if pk not in reading:
            started = time.perf_counter()
            for _ in field_extraction.read(corpus.project, storage.path(document.original)):
                pass
            reading[pk] = time.perf_counter() - started
        started = time.perf_counter()
        system.answer(document, corpus.words(pk))
        seconds += reading[pk] + time.perf_counter() - started
    progress.report(len(sample), len(sample))
    return round(len(sample) / seconds, 3)


def start(project: Project, *, split: str = Split.TEST, against: str = "truth", actor: User | None = None) -> Report:
    """Ask for a report on the project's teacher, its serving student and the rules."""
    _corpus(project, split, against)
    with transaction.atomic():
        report = Report.objects.create(project=project, split=split, against=against, author=actor)
        report.job = queue.enqueue(Job.Kind.REPORT, project=project, subject=report.pk, author=actor)
        report.save(update_fields=["job"])
    return report


def run(report: int, progress: Progress) -> Report:
    row = Report.objects.select_related("project__schema_version").get(pk=report)
    row.value = compare(row.project, split=row.split, against=row.against, progress=progress)
    row.save(update_fields=["value"])
    return row


def compare(
    project: Project, *, split: str = Split.TEST, against: str = "truth", progress: Progress | None = None
) -> dict[str, Any]:
    """`Report.value`: every system on the same documents, its worst answers, and what the teacher has cost."""
    corpus = _corpus(project, split, against)
    reading: dict[int, float] = {}
    systems = []
    for system in _systems(project, corpus):
        row, answers = _evaluate(corpus, system, True, progress or Silent(), reading)
        systems.append({"name": system.name, "kind": system.kind, **row, "errors": _worst(corpus, answers)})
    return {
        "project": project.slug,
        "split": split,
        "against": against,
        "note": corpus.note,
        "documents": len(corpus.documents),
        "systems": systems,
        "teacher_usage": _usage(project),
    }


def _systems(project: Project, corpus: Corpus) -> list[System]:
    """Teacher, student and rules; rules that are the teacher stand once, with the answers they gave as a teacher."""
    systems = [find_system(project, "teacher", corpus)] if project.teacher else []
    serving = registry.serving(project)
    if serving is not None:
        systems.append(_student(serving))
    rules = _rules(project)
    if project.teacher == rules.name:
        return [replace(systems[0], answer=rules.answer), *systems[1:]]
    return [*systems, rules]


def _worst(corpus: Corpus, answers: Answers) -> list[dict[str, Any]]:
    """The answers that are furthest from right."""
    schema, rows = corpus.project.schema, []
    for pk, truth in corpus.truths.items():
        for name, label in truth.items():
            if name not in schema:
                continue
            answer = answers.get(pk, {}).get(name) or FieldValue(None, None)
            given = answer.value if schema[name].as_printed else answer.normalized
            right = label.value if schema[name].as_printed else label.normalized or label.value
            rows.append((anls(right, given), pk, name, right, given))
    rows.sort(key=lambda row: row[:3])
    return [
        {"document": pk, "name": corpus.documents[pk].name, "field": name, "truth": right, "answer": given, "nls": nls}
        for nls, pk, name, right, given in rows[:GALLERY]
        if nls < 1
    ]


def _usage(project: Project) -> Mapping[str, Any]:
    """What the teacher's runs and trials have been paid so far, and for how many documents: what was answered from an
    earlier run cost nothing, and what was refused did cost."""
    runs = project.label_runs.filter(teacher=project.teacher)
    totals = runs.aggregate(
        documents=Sum(F("documents") + F("refusals") + F("malformed")),
        input_tokens=Sum("input_tokens"),
        output_tokens=Sum("output_tokens"),
        usd=Sum("usd"),
    )
    again = Response.objects.filter(run__in=runs, attempts=0).count()
    totals["documents"] = max(0, (totals["documents"] or 0) - again)
    return {key: float(value or 0) if key == "usd" else int(value or 0) for key, value in totals.items()}
