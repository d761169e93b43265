"""Advice on a run: what would improve its student most next, computed from what the run kept.

Advice is a code with its figures, given only where these support it; `sentences` has the words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import ClassVar

from extraction.domain.learning.label_audit import ErrorKind, IssueReason, LabelAudit
from extraction.models import Document, Project, Source, Split, TrainingRun
from extraction.services.training.sufficiency import AMPLE

MOST = 4
# Fraction of the labels, ANLS and gain of ANLS a doubling, and documents from which advice is worth giving.
MANY_UNFOUND, GOOD_ENOUGH, SMALLEST_GAIN = 0.1, 0.95, 0.005
# Two runs show the effect of more documents where one has this many times as many as the other.
COMPARABLE_FACTOR = 1.3


class AdviceCode(StrEnum):
    """What is advised."""

    UNREAD_DOCUMENTS = "unread_documents"
    UNFOUND_LABELS = "unfound_labels"
    CONTRADICTED_LABELS = "contradicted_labels"
    MORE_TIME = "more_time"
    WEAKEST_FIELD = "weakest_field"
    MORE_DOCUMENTS = "more_documents"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class UnreadDocuments:
    """`count` of the `documents` had no words."""

    code: ClassVar = AdviceCode.UNREAD_DOCUMENTS
    count: int
    documents: int


@dataclass(frozen=True, slots=True)
class UnfoundLabels:
    """`unfound` of the `stated` labels of `field` were not found on the pages."""

    code: ClassVar = AdviceCode.UNFOUND_LABELS
    field: str
    unfound: int
    stated: int


@dataclass(frozen=True, slots=True)
class ContradictedLabels:
    """The student contradicts `count` labels."""

    code: ClassVar = AdviceCode.CONTRADICTED_LABELS
    count: int


@dataclass(frozen=True, slots=True)
class MoreTime:
    """The student was still improving when its `minutes` were used up."""

    code: ClassVar = AdviceCode.MORE_TIME
    minutes: float


@dataclass(frozen=True, slots=True)
class WeakestField:
    """`field` has the lowest ANLS (0–1): `wrong` of its `answers` on validation, most of them (`count`) by `error`.

    `listed`: whether there are documents of split `validation` to look at.
    """

    code: ClassVar = AdviceCode.WEAKEST_FIELD
    field: str
    anls: float
    wrong: int
    answers: int
    error: ErrorKind
    count: int
    listed: bool


@dataclass(frozen=True, slots=True)
class MoreDocuments:
    """`more` documents should be labelled beside the `documents` of the run; `unlabelled`: whether they are there.

    `gain` is the ANLS that each doubling has brought so far, `None` where that is not known yet.
    """

    code: ClassVar = AdviceCode.MORE_DOCUMENTS
    more: int
    documents: int
    unlabelled: bool
    gain: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """`count` documents that only a student has read wait for review."""

    code: ClassVar = AdviceCode.REVIEW
    count: int


Advice = UnreadDocuments | UnfoundLabels | ContradictedLabels | MoreTime | WeakestField | MoreDocuments | Review


def of_run(run: TrainingRun) -> list[Advice]:
    """What to do next, the most promising first; empty where the run has no label audit."""
    audit = run.audit
    if audit is None:
        return []
    sources = (
        _unread(audit),
        _unfound(audit),
        _contradicted(audit),
        _time(run),
        _weakest(run, audit),
        _documents(run, audit),
        _review(run.project),
    )
    return [advice for source in sources for advice in source][:MOST]


def _unread(audit: LabelAudit) -> Iterator[UnreadDocuments]:
    if audit.without_words:
        yield UnreadDocuments(audit.without_words, audit.documents)


def _unfound(audit: LabelAudit) -> Iterator[UnfoundLabels]:
    for name, counts in audit.fields.items():
        never_found = counts.stated and not counts.found
        if never_found or counts.unfound > MANY_UNFOUND * counts.stated:
            yield UnfoundLabels(name, counts.unfound, counts.stated)


def _contradicted(audit: LabelAudit) -> Iterator[ContradictedLabels]:
    if count := audit.reasons.get(IssueReason.CONTRADICTED, 0):
        yield ContradictedLabels(count)


def _time(run: TrainingRun) -> Iterator[MoreTime]:
    measured = [point.anls for point in run.points if point.anls is not None]
    cut_short = run.epochs is not None and not run.epochs.complete
    if cut_short and len(measured) > 1 and measured[-1] == max(measured):
        yield MoreTime(run.minutes)


def _weakest(run: TrainingRun, audit: LabelAudit) -> Iterator[WeakestField]:
    scores = run.evaluation.fields if run.evaluation else {}
    if not scores:
        return
    name = min(scores, key=lambda field: scores[field].anls)
    kinds = audit.errors.get(name, {})
    if scores[name].anls >= GOOD_ENOUGH or not kinds or not any(score.anls for score in scores.values()):
        return
    worst = max(kinds, key=lambda kind: kinds[kind])
    # Without such a split, training documents were held out, which no list shows.
    listed = run.project.documents.filter(split=Split.VALIDATION).exists()
    yield WeakestField(
        field=name,
        anls=scores[name].anls,
        wrong=sum(kinds.values()),
        answers=scores[name].n,
        error=worst,
        count=kinds[worst],
        listed=listed,
    )


def _documents(run: TrainingRun, audit: LabelAudit) -> Iterator[MoreDocuments]:
    if run.evaluation is None:
        return
    gain = gain_per_doubling(measured_runs(run))
    if gain < SMALLEST_GAIN if gain is not None else audit.documents >= AMPLE:
        return
    unlabelled = _unlabelled(run.project)
    more = min(max(audit.documents, 10), unlabelled) or max(audit.documents, 10)
    yield MoreDocuments(more, audit.documents, unlabelled > 0, gain)


def _review(project: Project) -> Iterator[Review]:
    waiting = project.documents.filter(review=Document.Review.WAITING, state=Document.State.READY)
    if count := waiting.filter(source=Source.STUDENT).count():
        yield Review(count)


def measured_runs(run: TrainingRun) -> list[tuple[int, float]]:
    """(training documents, mean ANLS on validation) of the project's runs on labels of the same choice."""
    rows = run.project.training_runs.filter(labels=run.labels, label_audit__isnull=False, validation__isnull=False)
    rows = rows.only("label_audit", "validation").order_by("pk")
    pairs = [(row.audit, row.evaluation) for row in rows]
    return [
        (audit.documents, evaluation.mean_anls)
        for audit, evaluation in pairs
        if audit is not None and audit.documents and evaluation is not None
    ]


def gain_per_doubling(points: Sequence[tuple[int, float]]) -> float | None:
    """ANLS that each doubling of the documents brought, by least squares; `None` where the runs do not show it."""
    counts = [count for count, _ in points]
    if not counts or max(counts) < COMPARABLE_FACTOR * min(counts):
        return None
    steps = [math.log2(count) for count in counts]
    middle, height = fmean(steps), fmean(score for _, score in points)
    rise = sum((step - middle) * (score - height) for step, (_, score) in zip(steps, points, strict=True))
    return rise / sum((step - middle) ** 2 for step in steps)


def _unlabelled(project: Project) -> int:
    return int(project.documents.filter(review=Document.Review.UNLABELLED, state=Document.State.READY).count())
