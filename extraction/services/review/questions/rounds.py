"""Rounds: which questions come next, planned whenever somebody has none left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

from django.db import transaction
from django.db.models import Count, F, Max

from extraction.domain.label_quality.questions import REQUIRED, ROUND, UNKNOWN, Candidate, at_random, choose, draw
from extraction.models import BestLabel, Project, Question, User
from extraction.services.documents import layouts
from extraction.services.quality.collecting import KnownVendors
from extraction.services.review.questions import population, undoing, vendors

State = Question.State
# The least probable labels among which a round chooses.
MOST_CANDIDATES = 1000
# What the names of clusters of layouts begin with, and no vendor's name.
LAYOUT = "\n"


def latest(project: Project) -> int:
    """The number of the newest round; 0 before the first."""
    return Question.objects.filter(project=project).aggregate(Max("round"))["round__max"] or 0


def plan(project: Project, user: User, *, after: int) -> None:
    """Open the questions of a round that `user` can answer, unless somebody planned one after the round `after`."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if latest(project) > after:
            return
        for question in vendors.contradicted(project):
            undoing.take_back(project, vendors.unseen_of(question), None)
        open_ = population.askable(project, user)
        doubtful = population.doubtful(open_).order_by(F("confidence").asc(nulls_first=True), "pk")[:MOST_CANDIDATES]
        seed = f"{project.pk}/{after + 1}"
        strata = _strata(project, user)
        size = min(ROUND, sum(map(len, strata.values())))
        drawn = draw(strata, at_random(size, len(doubtful)), seed)
        at_chance = list(open_.filter(label__in=drawn))
        candidates = _candidates(project, [*doubtful, *at_chance])
        taken = [candidates[row.label_id] for row in at_chance]
        chosen = choose(candidates.values(), size - len(taken), _asked(project), taken)
        questions = [_question(project, after + 1, candidate, random=False) for candidate in chosen]
        mixed = Random(seed)
        for candidate in taken:
            # Among the others, so that nobody answers these with more care.
            place = mixed.randint(0, len(questions))
            questions.insert(place, _question(project, after + 1, candidate, random=True))
        Question.objects.bulk_create(questions, ignore_conflicts=True)


def _strata(project: Project, user: User) -> Mapping[str, list[int]]:
    """The labels that can be asked about by field, in a fixed order."""
    strata: dict[str, list[int]] = {}
    rows = population.askable(project, user).order_by("label_id")
    for field, label in rows.values_list("field", "label_id"):
        strata.setdefault(field, []).append(label)
    return strata


def _candidates(project: Project, rows: list[BestLabel]) -> dict[int, Candidate]:
    """By key of the label."""
    documents, schema = list({row.document_id for row in rows}), project.schema
    known, clusters = KnownVendors.of(project, documents), layouts.clusters(documents)
    constant = vendors.constant(project, known)
    found = {}
    for row in rows:
        vendor = known.vendor.get(row.document_id, "")
        kept = bool(vendor) and (vendor, row.field) in constant
        found[row.label_id] = Candidate(
            row.label_id,
            row.document_id,
            UNKNOWN if row.confidence is None else 1 - row.confidence,
            REQUIRED if schema[row.field].required else 1.0,
            vendor or _layout(clusters.get(row.document_id)),
            f"{vendor}\n{row.field}\n{row.text}" if kept else "",
        )
    return found


def _layout(cluster: int | None) -> str:
    """The name of a cluster of layouts; empty where none is known."""
    return "" if cluster is None else f"{LAYOUT}{cluster}"


def _asked(project: Project) -> Mapping[str, int]:
    """The number of questions so far about each vendor, and of documents without one about each cluster of layouts."""
    rows = Question.objects.filter(project=project, state__in=[State.OPEN, State.ANSWERED]).order_by()
    asked = Counter(dict(rows.exclude(vendor="").values_list("vendor").annotate(Count("pk"))))
    alike = rows.filter(vendor="").values_list("label__document__layout__cluster").annotate(Count("pk"))
    return asked + Counter({_layout(cluster): number for cluster, number in alike if cluster is not None})


def _question(project: Project, number: int, candidate: Candidate, *, random: bool) -> Question:
    return Question(
        project=project,
        label_id=candidate.label,
        round=number,
        random=random,
        vendor="" if candidate.cluster.startswith(LAYOUT) else candidate.cluster,
        holds=bool(candidate.once),
    )
