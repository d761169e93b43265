"""Trials: a teacher is asked for a sample, to see what a prompt brings before money is spent on all documents.

Prompts are developed by looking: label a small sample, see where answers are refused or off the format, set two prompts
side by side (`comparing`), revise, repeat. Answers of a trial become no labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Case, Value, When

from extraction.models import Document, Job, LabelRun, Project, User
from extraction.services import jobs, labelling, prompts
from extraction.services.errors import Invalid

# More than that is work for a label run: a trial is there to be looked at.
LARGEST = 100


def sample(project: Project, count: int) -> list[int]:
    """Always the same `count` documents while none is added: those that a person checked first, for only they tell
    what is right, then by content hash, which mixes them."""
    checked = Case(When(review=Document.Review.ACCEPTED, then=Value(0)), default=Value(1))
    ready = project.documents.filter(state=Document.State.READY).exclude(review=Document.Review.REJECTED)
    return list(ready.order_by(checked, "sha256").values_list("pk", flat=True)[:count])


def start(
    project: Project,
    *,
    teacher: str,
    documents: Sequence[int],
    prompt: int | None = None,
    budget: Decimal | None = None,
    consent: bool = False,
    actor: User | None = None,
    enqueue: bool = True,
) -> LabelRun:
    """Ask for these documents; raises what `labelling.start` does, but other runs may go on beside it."""
    known = project.documents.filter(pk__in=documents[: LARGEST + 1], state=Document.State.READY)
    chosen = sorted(known.values_list("pk", flat=True))
    if not chosen:
        raise Invalid("A trial needs a document that was read.")
    if len(documents) > LARGEST:
        raise Invalid(f"A trial takes {LARGEST} documents at most.")
    version = prompts.find(project, prompt)
    row = labelling.prepare(project, teacher, version, budget=budget, consent=consent, actor=actor)
    row.sample = chosen
    with transaction.atomic():
        row.save()
        if enqueue:
            row.job = jobs.enqueue(Job.Kind.LABEL, project=project, subject=row.pk, author=actor)
            row.save(update_fields=["job"])
    return row
