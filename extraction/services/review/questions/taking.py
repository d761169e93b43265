"""Giving questions to people: each is held by one of them for a while, so that two never get the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from extraction.models import Project, Question, User
from extraction.services.errors import NotFound
from extraction.services.review.questions import messages, population, rounds

State, Answer = Question.State, Question.Answer
# How long a question is held for whoever sees it; a page that asks for more renews it.
LEASE = timedelta(minutes=5)
MOST = 50


def take(project: Project, user: User, count: int, *, without: Collection[int] = ()) -> list[Question]:
    """At most `count` questions for `user`, held from now on, without those that the page has. A new round is planned
    where none is left."""
    count = min(count, MOST)
    _drop_stale(project)
    _hold(_open(project, user).filter(pk__in=list(without), holder=user), user)
    latest = rounds.latest(project)
    found = _reserve(project, user, count, without)
    if not found:
        rounds.plan(project, user, after=latest)
        found = _reserve(project, user, count, without)
    return found


def find(project: Project, pk: int) -> Question:
    """Raises `NotFound`."""
    rows = Question.objects.select_related("label__document", "user")
    question = rows.filter(project=project, pk=pk).first()
    if question is None:
        raise NotFound(messages.NO_QUESTION)
    question.project = question.label.document.project = project
    return question


def _open(project: Project, user: User) -> QuerySet[Question]:
    """Those that `user` can be given."""
    unknown = Question.objects.filter(label=OuterRef("label"), state=State.ANSWERED, answer=Answer.UNKNOWN, user=user)
    return Question.objects.filter(_free(user), project=project, state=State.OPEN).exclude(Exists(unknown))


def _free(user: User) -> Q:
    return Q(holder=None) | Q(holder=user) | Q(held_until__lte=timezone.now())


def _reserve(project: Project, user: User, count: int, without: Collection[int]) -> list[Question]:
    rows = _open(project, user).exclude(pk__in=list(without)).order_by("round", "pk")
    # One statement for each, so that of two people who come at the same moment one gets it.
    keys = [pk for pk in rows.values_list("pk", flat=True)[:count] if _hold(Question.objects.filter(pk=pk), user)]
    found = Question.objects.filter(pk__in=keys).select_related("label__document", "label__quality", "label__author")
    for question in (questions := list(found.order_by("round", "pk"))):
        question.project = question.label.document.project = project
    return questions


def _hold(rows: QuerySet[Question], user: User) -> int:
    return rows.filter(_free(user), state=State.OPEN).update(holder=user, held_until=timezone.now() + LEASE)


def _drop_stale(project: Project) -> None:
    """Close open questions whose label does not count any more, or was looked at meanwhile."""
    current = population.unseen(project).filter(label=OuterRef("label"))
    rows = Question.objects.filter(project=project, state=State.OPEN)
    rows.exclude(Exists(current)).update(state=State.STALE)
