"""Teachers at work: label runs, from what they would cost to what they brought.

`dispatch` puts the questions, `responses` keeps the answers, `apply_responses` makes labels of them, `trials` asks for
a sample to compare prompts.
"""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from extraction.domain.progress import Progress
from extraction.engines.teacher.protocol import Teacher
from extraction.models import Document, Job, LabelRun, Project, PromptVersion, Source, User
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.teaching import apply_responses, prompts, responses, teachers
from extraction.services.teaching.dispatch import Asking
from extraction.services.teaching.jobs import LABEL
from extraction.services.teaching.responses import Question


class ConsentNeeded(Invalid):
    """Nobody agreed yet that pictures leave this machine; the message says where they would go."""


def teacher_name(name: str | None) -> str:
    """The teacher that is meant; the installation's where none is named. Raises `Invalid`."""
    return teachers.find(name or settings.KD_TEACHER).name


def estimate(project: Project, teacher: str, limit: int | None = None, *, prompt: int | None = None) -> dict[str, Any]:
    """What a run would take: `{"documents", "tokens": {"input", "output"}, "usd", "priced", "consent"}`.

    `consent` is the sentence to agree to, else empty; `priced` is false where nobody knows the price. `prompt` is a
    version's number (see `prompts.find`). Raises `Invalid` and `NotFound`.
    """
    asked = teachers.find(teacher, prompts.find(project, prompt))
    return expected(project, asked, _unlabelled(project, asked.name).order_by("id")[:limit])


def expected(project: Project, asked: Teacher, documents: QuerySet[Document]) -> dict[str, Any]:
    """What asking for these documents takes, as `estimate` tells it; what was paid for before costs nothing."""
    words, keys = asked.prompt(project.schema), documents.values("pk")
    known = responses.same_question(asked.name, words.sha256 if words else "").filter(document__in=keys)
    fresh = Document.objects.filter(pk__in=keys).exclude(pk__in=known.values("document"))
    counted = fresh.aggregate(documents=Count("pk"), pages=Sum("page_count", default=0))
    usage = asked.estimate(project.schema, counted["documents"], counted["pages"])
    return {
        "documents": documents.count(),
        "tokens": {"input": usage.input_tokens, "output": usage.output_tokens},
        "usd": float(usage.usd),
        "priced": usage.priced,
        "consent": teachers.consent(asked),
    }


def start(
    project: Project,
    *,
    teacher: str,
    prompt: int | None = None,
    limit: int | None = None,
    budget: Decimal | None = None,
    consent: str = "",
    actor: User | None = None,
    send: bool = True,
) -> LabelRun:
    """A new run over what this teacher has not labelled; `send=False` is for a caller that executes its job itself.

    `consent` is the sentence of `estimate` that somebody agreed to. Raises `ConsentNeeded` where pictures would leave
    this machine without it, `Invalid` for an unknown teacher and a budget without a price, `NotFound` for a prompt,
    and `Conflict` while another run of the project goes on.
    """
    row = prepare(project, teacher, prompts.find(project, prompt), budget=budget, consent=consent, actor=actor)
    row.limit = limit
    with transaction.atomic():
        # Held, so that of two callers the second sees the run of the first.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if _active(project).exists():
            raise _under_way()
        row.save()
        row.job = queue.enqueue(LABEL, project=project, subject=row.pk, author=actor, send=send)
        row.save(update_fields=["job"])
    return row


def label_here(
    project: Project,
    progress: Progress,
    *,
    teacher: str,
    prompt: int | None = None,
    limit: int | None = None,
    budget: Decimal | None = None,
    consent: str = "",
) -> LabelRun:
    """For a command: a new run, or the one under way with these settings whose process died, done in this process.

    `progress` follows its job. Raises what `start` does, `Conflict` where another process does it, and `Invalid` with
    the reason where it fails or is cancelled.
    """
    asked = prepare(project, teacher, prompts.find(project, prompt), budget=budget, consent=consent)
    asked.limit = limit
    row = _active(project).first()
    if row is None or not _same_settings(row, asked):
        row = start(project, teacher=teacher, prompt=prompt, limit=limit, budget=budget, consent=consent, send=False)
    job = queue.requeue_if_dead(Job.objects.get(label_run=row))
    execution.run_now(job, progress, name="A label run of this project")
    row.refresh_from_db()
    return row


def check_alone(run_id: int) -> None:
    """Raise `Conflict` where another run of the project is under way; trials may go on beside runs."""
    row = LabelRun.objects.select_related("project").filter(pk=run_id, sample__isnull=True).first()
    if row is not None and _active(row.project).exclude(pk=run_id).exists():
        raise _under_way()


def _same_settings(one: LabelRun, other: LabelRun) -> bool:
    columns = ("teacher", "prompt_version", "limit", "budget_usd")
    return all(getattr(one, column) == getattr(other, column) for column in columns)


def _active(project: Project) -> QuerySet[LabelRun]:
    return project.label_runs.filter(job__state__in=Job.ACTIVE, sample__isnull=True)


def _under_way() -> Conflict:
    return Conflict("A label run of this project is still going on.")


def prepare(
    project: Project,
    teacher: str,
    version: PromptVersion | None,
    *,
    budget: Decimal | None = None,
    consent: str = "",
    actor: User | None = None,
) -> LabelRun:
    """A run that is not saved yet, checked for what `start` refuses but for other runs."""
    asked = teachers.find(teacher, version)
    if project.schema_version is None:
        raise Invalid(f"Project {project} has no fields.")
    sentence = teachers.consent(asked)
    if sentence and consent != sentence:
        raise ConsentNeeded(sentence)
    if budget is not None and not asked.estimate(project.schema, 1).priced:
        raise Invalid(f"The price of {asked.name} is not known, so no budget in dollars can hold; set a limit instead.")
    return LabelRun(
        project=project,
        schema_version=project.schema_version,
        prompt_version=version if asked.prompt(project.schema) else None,
        teacher=asked.name,
        budget_usd=budget,
        consented=timezone.now() if sentence else None,
        author=actor,
    )


def run(run_id: int, progress: Progress) -> None:
    """Label what the teacher has not labelled yet, or ask it for a trial's sample; the work of a LABEL job.

    Stops at the run's limit and budget. Going on after a crash, it neither asks nor writes twice for a document whose
    answer is stored. Raises `Cancelled`, and `Conflict` where the teacher cannot be asked at all; what was answered
    before stays, and is labelled.
    """
    rows = LabelRun.objects.select_related("project__schema_version", "schema_version", "prompt_version")
    held = rows.filter(pk=run_id).first()
    if held is None:
        return
    asked = teachers.find(held.teacher, held.prompt_version)
    if held.consented is None and (sentence := teachers.consent(asked)):
        raise ConsentNeeded(f"Nobody agreed to this yet: {sentence}")
    question = Question.of(held, asked)
    if question.kept:
        _ask(question, progress)
    else:
        apply_responses.label_here(held, asked, _waiting(held), progress)
    store.renormalise_dates(held.project)


def _ask(question: Question, progress: Progress) -> None:
    """What was paid for comes first: answers of this run that a crash left without labels, then those of other runs."""
    held = question.run
    _note(held, failures=0, stopped_because="")
    try:
        apply_responses.label_stored(held, progress)
        responses.reuse(question, _waiting(held), progress)
        apply_responses.label_stored(held, progress)
        _put(question, progress)
    except Conflict as error:
        _note(held, stopped_because=str(error)[:300])
        raise
    finally:
        apply_responses.label_stored(held)
        held.refresh_from_db()


def _put(question: Question, progress: Progress) -> None:
    held, waiting = question.run, _waiting(question.run)
    asking = Asking(question)
    # Not what was answered before: it took none of this job's time, by which the time left is told.
    done, total = 0, len(waiting)
    progress.report(done, total)
    with closing(asking.ask(waiting, progress)) as arriving:
        for arrived in arriving:
            apply_responses.label(held, arrived)
            done += len(arrived)
            message = arrived[-1].document.name if arrived else ""
            progress.report(done + asking.failures, total, message)
    _note(held, stopped_because=asking.stopped_because)


def _note(held: LabelRun, **columns: object) -> None:
    LabelRun.objects.filter(pk=held.pk).update(**columns)
    held.refresh_from_db()


def _waiting(held: LabelRun) -> list[int]:
    """Documents that the run has still to ask for; what was refused or off the format is not asked for again."""
    answers = held.responses.values("document")
    if held.sample is not None:
        sample = held.project.documents.filter(pk__in=held.sample, state=Document.State.READY)
        return list(sample.exclude(pk__in=answers).order_by("id").values_list("pk", flat=True))
    waiting = _unlabelled(held.project, held.teacher).exclude(pk__in=answers).order_by("id")
    if held.limit is not None:
        waiting = waiting[: max(0, held.limit - held.documents - held.refusals - held.malformed)]
    return list(waiting.values_list("pk", flat=True))


def _unlabelled(project: Project, teacher: str) -> QuerySet[Document]:
    """Documents that were read and of which this teacher has said nothing."""
    said = project.documents.filter(labels__source=Source.TEACHER, labels__teacher=teacher)
    return project.documents.filter(state=Document.State.READY).exclude(pk__in=said.values("pk"))


def summary(
    teacher: str,
    documents: int,
    tokens: dict[str, int],
    usd: float,
    *,
    labels: int = 0,
    refusals: int = 0,
    malformed: int = 0,
    failures: int = 0,
    stopped_because: str = "",
) -> dict[str, Any]:
    """What `label --json` prints."""
    return {
        "teacher": teacher,
        "documents": documents,
        "labels": labels,
        "refusals": refusals,
        "malformed": malformed,
        "failures": failures,
        "tokens": tokens,
        "usd": usd,
        "stopped_because": stopped_because,
    }


def summary_of(held: LabelRun) -> dict[str, Any]:
    return summary(
        held.teacher,
        held.documents,
        {"input": held.input_tokens, "output": held.output_tokens},
        float(held.usd),
        labels=held.labels,
        refusals=held.refusals,
        malformed=held.malformed,
        failures=held.failures,
        stopped_because=held.stopped_because,
    )
