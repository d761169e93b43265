"""Teachers at work: label runs, from what they would cost to what they brought.

`dispatch` puts the questions, `responses` keeps the answers, `apply_responses` makes labels of them, `trials` asks for
a sample to compare prompts.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from extraction.domain.progress import Progress
from extraction.engines.teacher.protocol import Teacher
from extraction.models import Document, Job, LabelRun, Project, PromptVersion, Source, User
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.labels import store
from extraction.services.teaching import apply_responses, messages, prompts, responses, teachers
from extraction.services.teaching.dispatch import NOT_STOPPED, Asking, Stop
from extraction.services.teaching.estimates import Estimate
from extraction.services.teaching.responses import Question


class ConsentNeeded(Invalid):
    """Nobody agreed yet that pictures leave this machine; the message says where they would go."""


def teacher_name(name: str | None) -> str:
    """The teacher that is meant; the installation's where none is named. Raises `Invalid`."""
    return teachers.find(name or settings.KD_TEACHER).name


def estimate(project: Project, teacher: str, limit: int | None = None, *, prompt: int | None = None) -> Estimate:
    """What a run would take. `prompt` is a version's number (see `prompts.find`). Raises `Invalid` and `NotFound`."""
    asked = teachers.find(teacher, prompts.find(project, prompt))
    return expected(project, asked, _unlabelled(project, asked.name).order_by("id")[:limit])


def expected(project: Project, asked: Teacher, documents: QuerySet[Document]) -> Estimate:
    """Estimate for these documents; responses that were paid for before cost nothing."""
    words, keys = asked.prompt(project.schema), documents.values("pk")
    known = responses.same_question(asked.name, words.sha256 if words else "").filter(document__in=keys)
    fresh = Document.objects.filter(pk__in=keys).exclude(pk__in=known.values("document"))
    counted = fresh.aggregate(documents=Count("pk"), pages=Sum("page_count", default=0))
    usage = asked.estimate(project.schema, counted["documents"], counted["pages"])
    return Estimate.of(asked.name, documents.count(), usage, teachers.consent(asked))


def start(
    project: Project,
    *,
    teacher: str,
    prompt: int | None = None,
    limit: int | None = None,
    budget: Decimal | None = None,
    consent: str = "",
    actor: User | None = None,
    enqueue: bool = True,
) -> LabelRun:
    """A new run over what this teacher has not labelled; `enqueue=False` is for a caller that calls `run` itself.

    `consent` is the identifier of the provider that somebody agreed to (`Estimate.consent`). Raises `ConsentNeeded`
    where pictures would leave this machine without it, `Invalid` for an unknown teacher and a budget without a price,
    `NotFound` for a prompt, and `Conflict` while another run of the project goes on.
    """
    row = prepare(project, teacher, prompts.find(project, prompt), budget=budget, consent=consent, actor=actor)
    row.limit = limit
    with transaction.atomic():
        # Held, so that of two callers the second sees the run of the first.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if project.label_runs.filter(job__state__in=Job.ACTIVE, sample__isnull=True).exists():
            raise Conflict("A label run of this project is still going on.")
        row.save()
        if enqueue:
            row.job = queue.enqueue(Job.Kind.LABEL, project=project, subject=row.pk, author=actor)
            row.save(update_fields=["job"])
    return row


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
    needed = teachers.consent(asked)
    if needed and consent != needed.provider:
        raise ConsentNeeded(needed.sentence)
    if budget is not None and not asked.estimate(project.schema, 1).priced:
        raise Invalid(f"The price of {asked.name} is not known, so no budget in dollars can hold; set a limit instead.")
    return LabelRun(
        project=project,
        schema_version=project.schema_version,
        prompt_version=version if asked.prompt(project.schema) else None,
        teacher=asked.name,
        budget_usd=budget,
        consented=timezone.now() if needed else None,
        consented_provider=needed.provider if needed else "",
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
    if (needed := teachers.consent(asked)) and held.consented_provider != needed.provider:
        raise ConsentNeeded(f"Nobody agreed to this yet: {needed.sentence}")
    question = Question.of(held, asked)
    if question.kept:
        _ask(question, progress)
    else:
        apply_responses.label_here(held, asked, _waiting(held), progress)
    store.renormalise_dates(held.project)


def _ask(question: Question, progress: Progress) -> None:
    """What was paid for comes first: answers of this run that a crash left without labels, then those of other runs."""
    held = question.run
    _note(held, failures=0, stopped_because="", **asdict(NOT_STOPPED))
    try:
        apply_responses.label_stored(held, progress)
        responses.reuse(question, _waiting(held), progress)
        apply_responses.label_stored(held, progress)
        _put(question, progress)
    except Conflict as error:
        _note(held, **asdict(Stop(LabelRun.StopReason.REJECTED, stop_error=str(error)[: messages.MAX_LENGTH])))
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
    _note(held, **asdict(asking.stop or NOT_STOPPED))


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
