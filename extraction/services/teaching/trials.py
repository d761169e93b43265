"""Trials: a teacher's answers for a sample, to judge a prompt before money is spent on all documents.

Prompts are developed by looking: label a small sample, see where answers are refused or off the format, set two prompts
side by side (`prompt_comparison`), revise, repeat. Answers of a trial become no labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from django.db import transaction
from django.db.models import Case, Value, When

from extraction.domain.errors import gettext_noop
from extraction.models import Document, LabelRun, Project, User
from extraction.services.errors import Invalid
from extraction.services.jobs import queue
from extraction.services.teaching import label_runs, missing, prompts, teachers
from extraction.services.teaching.estimates import Estimate
from extraction.services.teaching.jobs import LABEL

# A trial is inspected document by document; more is work for a label run.
LARGEST = 100


def sample(project: Project, count: int) -> list[int]:
    """Always the same `count` documents while none is added: those that a person checked first, for only they tell
    what is right, then by content hash, which mixes them."""
    checked = Case(When(review=Document.Review.ACCEPTED, then=Value(0)), default=Value(1))
    ready = project.documents.filter(state=Document.State.READY).exclude(review=Document.Review.REJECTED)
    return list(ready.order_by(checked, "sha256").values_list("pk", flat=True)[:count])


@dataclass(frozen=True, slots=True)
class Try:
    """A teacher, whose name holds its method, with the number of a prompt (`prompts.find`)."""

    teacher: str
    prompt: int | None = None


def estimate(project: Project, documents: Sequence[int], tries: Sequence[Try]) -> Estimate:
    """What trials of these on the same documents take together."""
    return reduce(Estimate.beside, (_expected(project, documents, each) for each in tries))


def _expected(project: Project, documents: Sequence[int], tried: Try) -> Estimate:
    teacher = teachers.find(tried.teacher, prompts.find(project, tried.prompt))
    asked = missing.divided(project.schema, teacher.name, documents, project.schema.names, frozenset())
    return label_runs.expected(teacher, asked)


def start(
    project: Project,
    *,
    teacher: str,
    documents: Sequence[int],
    prompt: int | None = None,
    budget: Decimal | None = None,
    consent: str = "",
    actor: User | None = None,
) -> LabelRun:
    """Ask for these documents; raises what `label_runs.start` does, but other runs may go on beside it."""
    chosen = list(documents)
    if len(chosen) > LARGEST:
        raise Invalid(gettext_noop("A trial takes {number} documents at most."), number=LARGEST)
    known = project.documents.filter(pk__in=chosen, state=Document.State.READY).order_by("pk")
    version = prompts.find(project, prompt)
    row = label_runs.prepare(project, teacher, version, budget=budget, consent=consent, actor=actor)
    row.sample = list(known.values_list("pk", flat=True))
    if not row.sample:
        raise Invalid(gettext_noop("A trial needs a document that was read."))
    with transaction.atomic():
        row.save()
        row.job = queue.enqueue(LABEL, project=project, subject=row.pk, author=actor)
        row.save(update_fields=["job"])
        label_runs.record_start(row)
    return row


def start_all(
    project: Project,
    *,
    documents: Sequence[int],
    tries: Sequence[Try],
    budget: Decimal | None = None,
    consent: str = "",
    actor: User | None = None,
) -> list[LabelRun]:
    """A trial of each on the same documents, all or none; otherwise as `start`."""
    with transaction.atomic():
        return [
            start(
                project,
                teacher=tried.teacher,
                documents=documents,
                prompt=tried.prompt,
                budget=budget,
                consent=consent,
                actor=actor,
            )
            for tried in tries
        ]
