"""The labels that questions are about, how many of them nobody has looked at, and how many of these are at most wrong.

They are the current best labels of fields with one value (no tables) on documents that are read and not rejected, by
teachers, claims and reviewers. A label that a reviewer answers for without having looked at its document counts as not
looked at. Truth that came along is not counted at all.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from extraction.domain import label_sources
from extraction.domain.label_quality.questions import DOUBTFUL
from extraction.domain.label_quality.stopping import Standing
from extraction.models import BestLabel, Document, Project, Question, User

State, Answer = Question.State, Question.Answer


def field_names(project: Project) -> list[str]:
    """The fields that questions can be about."""
    return [field.name for field in project.schema.fields if not field.kind.has_parts]


def labels(project: Project) -> QuerySet[BestLabel]:
    sources = [name for name in label_sources.names(learned_from=True) if not label_sources.is_final(name)]
    rows = BestLabel.objects.filter(project=project, field__in=field_names(project), label__source__in=sources)
    return rows.filter(document__state=Document.State.READY).exclude(document__review=Document.Review.REJECTED)


def unseen(project: Project) -> QuerySet[BestLabel]:
    """Those that nobody has looked at."""
    return labels(project).filter(Q(by_people=False) | Q(label__unseen=True))


def askable(project: Project, user: User | None = None) -> QuerySet[BestLabel]:
    """Those of them about which nobody is asked, that nobody found wrong, and that `user` knows something about."""
    unknown = Q(state=State.ANSWERED, answer=Answer.UNKNOWN, user=user)
    settled = Q(state=State.OPEN) | Q(state=State.ANSWERED, answer=Answer.NO) | (unknown if user else Q())
    return unseen(project).exclude(Exists(Question.objects.filter(settled, label=OuterRef("label"))))


def doubtful(rows: QuerySet[BestLabel]) -> QuerySet[BestLabel]:
    """Those that are worth a question for themselves."""
    return rows.filter(Q(confidence__isnull=True) | Q(confidence__lte=1 - DOUBTFUL), by_people=False)


def standing(project: Project) -> Standing:
    """Six queries.

    An answer counts as long as labels of its teacher are among those that nobody has looked at. Who did not know counts
    as if the label were wrong, until somebody else says that it is right.
    """
    waiting = unseen(project)
    teachers = waiting.order_by().values("label__teacher")
    asked = Question.objects.filter(
        project=project, random=True, state=State.ANSWERED, label__teacher__in=teachers.distinct()
    )
    confirmed = Question.objects.filter(label=OuterRef("label"), state=State.ANSWERED, answer=Answer.YES)
    right = Q(Exists(confirmed)) | Q(label__quality__right=True, answer=Answer.UNKNOWN)
    return Standing(
        labels=labels(project).count(),
        unseen=waiting.count(),
        doubtful=doubtful(askable(project)).count(),
        asked=(number := asked.count()),
        wrong=number - asked.filter(right).count(),
    )
