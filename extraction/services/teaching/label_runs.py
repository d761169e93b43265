"""Label runs: estimate, start, execution.

`dispatch` sends the requests, `responses` stores the responses, `apply_responses` makes labels of them, `trials` runs a
sample to compare prompts.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import asdict, replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, PutOff
from extraction.engines.teacher.protocol import Teacher, Usage
from extraction.models import AuditAction, Document, Job, LabelRun, Project, PromptVersion, Response, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import conventions
from extraction.services.projects import schema_versions
from extraction.services.teaching import apply_responses, messages, missing, prompts, responses, teachers
from extraction.services.teaching.batches import runs as batch_runs
from extraction.services.teaching.dispatch import NOT_STOPPED, Dispatcher, Stop
from extraction.services.teaching.estimates import Estimate
from extraction.services.teaching.jobs import LABEL
from extraction.services.teaching.responses import Question
from extraction.services.teaching.selecting import selection as selecting

BATCH = 400
Delivery = LabelRun.Delivery
Selection = LabelRun.Selection


class ConsentNeeded(Invalid):
    """Consent to send pictures to a provider is missing; the message names the provider."""


def teacher_name(name: str | None, delivery: Delivery = Delivery.DIRECT) -> str:
    """The name of a known teacher; the installation's by default. Raises `Invalid`."""
    return _find(name or settings.KD_TEACHER, None, delivery).name


def estimate(
    project: Project,
    teacher: str,
    limit: int | None = None,
    *,
    prompt: int | None = None,
    chosen: Sequence[int] | None = None,
    doubtful: bool = False,
    selection: Selection = Selection.OLDEST,
    delivery: Delivery = Delivery.DIRECT,
) -> Estimate:
    """What a run would take. `prompt` is a version's number (`prompts.find`), the rest as in `start`.

    Raises `Invalid` and `NotFound`.
    """
    resolved = _find(teacher, prompts.find(project, prompt), delivery)
    _check_selection(selection, chosen, doubtful=doubtful)
    documents = missing.labellable(project)
    if doubtful:
        chosen = _doubtful(project, resolved.name, chosen)
    asked = missing.questions(project, project.schema, resolved.name, documents, chosen, doubtful=doubtful)
    if selection == Selection.INFORMATIVE:
        preview = selecting.preview(project, asked, limit)
    else:
        preview = selecting.Preview(missing.first(asked, limit), {})
    whole = expected(resolved, preview.asked)
    price = Decimal(1) if delivery == Delivery.DIRECT else batch_runs.batches(resolved).price
    unanswerable = missing.unanswerable(project, resolved.name)
    return replace(whole, usd=whole.usd * float(price), unanswerable=unanswerable, reasons=preview.reasons)


def _check_selection(selection: Selection, chosen: Sequence[int] | None, *, doubtful: bool) -> None:
    if selection == Selection.INFORMATIVE and (doubtful or chosen is not None):
        raise Invalid(messages.ALREADY_SELECTED)


def _find(teacher: str, version: PromptVersion | None, delivery: Delivery) -> Teacher:
    """The teacher, which takes batches where they are wanted. Raises `Invalid`."""
    found = teachers.find(teacher, version, for_files=delivery == Delivery.FILE)
    if delivery != Delivery.DIRECT:
        batch_runs.batches(found)
    return found


def nothing_to_label(project: Project, teacher: str = "", *, doubtful: bool = False) -> str:
    """Why a run of the teacher would find no document to label, in a sentence."""
    documents = project.documents
    return messages.nothing_to_label(
        documents.count(),
        documents.filter(state=Document.State.READY).count(),
        missing.on_their_way(project, teacher).count(),
        doubtful=doubtful,
    )


def expected(teacher: Teacher, asked: Sequence[missing.Question]) -> Estimate:
    """Estimate for these questions; responses that were paid for before cost nothing."""
    usage = sum((_usage(teacher, question) for question in asked), Usage())
    documents = {pk for question in asked for pk in question.documents}
    return Estimate.of(teacher.name, len(documents), usage, teachers.consent(teacher))


def _usage(teacher: Teacher, question: missing.Question) -> Usage:
    prompt = teacher.prompt(question.schema)
    known = responses.same_question(teacher.name, prompt.sha256 if prompt else "")
    pages = _pages(question.documents, known.values("document"))
    return teacher.estimate(question.schema, len(pages), sum(pages))


def _pages(documents: Sequence[int], known: QuerySet[Response, Any]) -> list[int]:
    """The number of pages of each document that is not among `known`."""
    counts: list[int] = []
    for start in range(0, len(documents), BATCH):
        rows = Document.objects.filter(pk__in=documents[start : start + BATCH]).exclude(pk__in=known)
        counts += rows.values_list("page_count", flat=True)
    return counts


def start(
    project: Project,
    *,
    teacher: str,
    prompt: int | None = None,
    limit: int | None = None,
    budget: Decimal | None = None,
    consent: str = "",
    chosen: Sequence[int] | None = None,
    doubtful: bool = False,
    selection: Selection = Selection.OLDEST,
    delivery: Delivery = Delivery.DIRECT,
    actor: User | None = None,
    send: bool = True,
) -> LabelRun:
    """A new run over documents that lack labels of this teacher; `send=False`: the caller executes its job itself.

    `chosen` are the only documents, by primary key: they are labelled again, save what reviewers answer for.
    `doubtful`: only documents with a doubtful first answer (`results.doubts`), as they are now. `selection` says which
    come first of all that lack labels.
    `consent` is the identifier of the provider that somebody agreed to (`Estimate.consent`). A `delivery` by batches
    waits for their answers beside other runs. Raises `ConsentNeeded`
    where pictures would leave this machine without it, `Invalid` for an unknown teacher, for batches that it does not
    take and a budget without a price, `NotFound` for a prompt, and `Conflict` while another run of the project goes on.
    """
    version = prompts.find(project, prompt)
    _check_selection(selection, chosen, doubtful=doubtful)
    row = prepare(project, teacher, version, budget=budget, consent=consent, delivery=delivery, actor=actor)
    row.limit, row.doubtful, row.selection = limit, doubtful, selection
    row.chosen = _doubtful(project, row.teacher, chosen) if doubtful else chosen and list(chosen)
    with transaction.atomic():
        # Locked, so that of two callers the second sees the run of the first.
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if _active(project).exists():
            raise _under_way()
        row.schema_version = locked.schema_version or row.schema_version
        row.save()
        row.job = queue.enqueue(LABEL, project=project, subject=row.pk, author=actor, send=send)
        row.save(update_fields=["job"])
        record_start(row)
    return row


def record_start(row: LabelRun) -> None:
    """Enter a run that was just stored into the audit log, with the consent that was given for it."""
    if row.consented_provider:
        changes: dict[str, object] = {"provider": row.consented_provider}
        audit_log.record(AuditAction.CONSENT_GIVEN, row, project=row.project, name=row.teacher, changes=changes)
    budget = None if row.budget_usd is None else str(row.budget_usd)
    changes = {"limit": row.limit, "budget_usd": budget, "delivery": row.delivery, "trial": row.trial}
    audit_log.record(AuditAction.LABEL_RUN_STARTED, row, project=row.project, name=row.teacher, changes=changes)


def label_here(
    project: Project,
    progress: Progress,
    *,
    teacher: str,
    prompt: int | None = None,
    limit: int | None = None,
    budget: Decimal | None = None,
    consent: str = "",
    doubtful: bool = False,
    selection: Selection = Selection.OLDEST,
    delivery: Delivery = Delivery.DIRECT,
) -> LabelRun:
    """For a command: a new run, or the one under way with these settings whose process died, done in this process.

    One by batches is left to a worker once they are sent, and asked after where it waits. `progress` follows its job.
    Raises what `start` does, `Conflict` where another process does it, and `Invalid` with the reason where it fails or
    is cancelled.
    """
    asked = prepare(project, teacher, prompts.find(project, prompt), budget=budget, consent=consent, delivery=delivery)
    asked.limit, asked.doubtful, asked.selection = limit, doubtful, selection
    under_way = project.label_runs.filter(job__state__in=Job.ACTIVE, sample__isnull=True)
    row = next((row for row in under_way if _same_settings(row, asked)), None) or start(
        project,
        teacher=teacher,
        prompt=prompt,
        limit=limit,
        budget=budget,
        consent=consent,
        doubtful=doubtful,
        selection=selection,
        delivery=delivery,
        send=False,
    )
    job = queue.requeue_if_dead(Job.objects.get(label_run=row))
    execution.run_now(job, progress, name="A label run of this project")
    row.refresh_from_db()
    return row


def check_repeatable(run_id: int) -> None:
    """Raise `Conflict` where another run of the project is under way (trials may go on beside runs), and where fields
    that this one asked for have other names now."""
    row = LabelRun.objects.select_related("project", "schema_version").filter(pk=run_id).first()
    if row is None:
        return
    if not row.trial and _active(row.project).exclude(pk=run_id).exists():
        raise _under_way()
    if any(old != new for old, new in schema_versions.translation(row.schema_version).items()):
        raise Conflict(gettext_noop("Fields that this run asked for were renamed since: start a new one."))
    batch_runs.renew(row)


def _same_settings(one: LabelRun, other: LabelRun) -> bool:
    # The doubtful documents are those of the moment at which the run was started.
    chosen = () if one.doubtful and other.doubtful else ("chosen",)
    columns = ("teacher", "prompt_version", "limit", "budget_usd", "doubtful", "selection", "delivery", *chosen)
    return all(getattr(one, column) == getattr(other, column) for column in columns)


def _doubtful(project: Project, teacher: str, chosen: Sequence[int] | None) -> list[int]:
    """The documents, of those chosen or of all, that a run over the doubtful ones asks about."""
    documents = missing.labellable(project)
    if chosen is not None:
        documents = documents.filter(pk__in=chosen)
    asked = missing.questions(project, project.schema, teacher, documents, doubtful=True)
    return sorted({pk for question in asked for pk in question.documents})


def _active(project: Project) -> QuerySet[LabelRun]:
    """Runs beside which no other begins: those that do not only wait for answers to their batches."""
    rows = project.label_runs.filter(job__state__in=Job.ACTIVE, sample__isnull=True)
    return rows.exclude(batches_sent__isnull=False, batches_ended__isnull=True)


def _under_way() -> Conflict:
    return Conflict(gettext_noop("A label run of this project is still going on."))


def prepare(
    project: Project,
    teacher: str,
    version: PromptVersion | None,
    *,
    budget: Decimal | None = None,
    consent: str = "",
    delivery: Delivery = Delivery.DIRECT,
    actor: User | None = None,
) -> LabelRun:
    """A run that is not saved yet. Raises as `start` does, except for other runs."""
    resolved = _find(teacher, version, delivery)
    if project.schema_version is None:
        raise Invalid(gettext_noop("Project {project} has no fields."), project=project)
    needed = teachers.consent(resolved)
    if needed and consent != needed.provider:
        raise ConsentNeeded(needed.sentence)
    if budget is not None and not resolved.estimate(project.schema, 1).priced:
        raise Invalid(
            gettext_noop("The price of {teacher} is not known, so no budget in dollars can hold; set a limit instead."),
            teacher=resolved.name,
        )
    return LabelRun(
        project=project,
        schema_version=project.schema_version,
        prompt_version=version if prompts.takes_parts(resolved.name) else None,
        teacher=resolved.name,
        delivery=delivery,
        budget_usd=budget,
        consented=timezone.now() if needed else None,
        consented_provider=needed.provider if needed else "",
        author=actor,
    )


def run(run_id: int, progress: Progress) -> None:
    """Label the fields that documents lack, or request a trial's sample; the work of a LABEL job.

    Stops at the run's limit and budget. After a crash it resumes: a stored response is neither requested nor labelled
    twice. Raises `Cancelled`, and `Conflict` where the provider rejects every request; earlier responses are labelled.
    """
    rows = LabelRun.objects.select_related("project__schema_version", "schema_version", "prompt_version")
    label_run = rows.filter(pk=run_id).first()
    if label_run is None:
        return
    try:
        teacher = _agreed(label_run)
    except Invalid as problem:
        if label_run.awaits:
            # The answers are paid for: they are fetched once the teacher can be reached again.
            raise PutOff(settings.BATCH_POLL_SECONDS, str(problem)) from None
        raise
    if label_run.selection == Selection.INFORMATIVE:
        selecting.decide(label_run, _unasked(label_run), progress)
    if label_run.trial or teacher.prompt(label_run.schema_version.as_domain()):
        _label_outside(label_run, teacher, progress)
    else:
        apply_responses.label_directly(label_run, teacher, _waiting(label_run), progress)
    conventions.read_unread(label_run.project)


def _agreed(run: LabelRun) -> Teacher:
    """The teacher of a run. Raises `Invalid`, and `ConsentNeeded` where its pictures would go to another provider."""
    teacher = _find(run.teacher, run.prompt_version, Delivery(run.delivery))
    if (needed := teachers.consent(teacher)) and run.consented_provider != needed.provider:
        raise ConsentNeeded(gettext_noop("Nobody agreed to this yet: {question!s}"), question=needed.sentence)
    return teacher


def _label_outside(run: LabelRun, teacher: Teacher, progress: Progress) -> None:
    """Paid responses first: those of this run that a crash left without labels, then those of other runs."""
    begins = run.batches_sent is None
    if begins:
        _update(run, failures=0, stopped_because="", **asdict(NOT_STOPPED))
    try:
        apply_responses.label_unlabelled(run, progress)
        for asked in _waiting(run) if begins else ():
            responses.reuse(Question.of(run, teacher, asked.schema), asked.documents, progress)
        apply_responses.label_unlabelled(run, progress)
        if run.delivery == Delivery.DIRECT:
            _request_rest(run, teacher, progress)
        else:
            batch_runs.carry_out(run, teacher, partial(_waiting, run), progress)
    except Conflict as error:
        _update(run, **asdict(Stop(LabelRun.StopReason.REJECTED, stop_error=str(error)[: messages.MAX_LENGTH])))
        raise
    finally:
        apply_responses.label_unlabelled(run)
        run.refresh_from_db()


def _request_rest(run: LabelRun, teacher: Teacher, progress: Progress) -> None:
    waiting = _waiting(run)
    # Without earlier responses: they took none of this job's time, from which the time left is computed.
    done, total, stop = 0, sum(len(asked.documents) for asked in waiting), NOT_STOPPED
    progress.report(done, total)
    for asked in waiting:
        dispatcher = Dispatcher(Question.of(run, teacher, asked.schema))
        with closing(dispatcher.dispatch(asked.documents, progress)) as arriving:
            for arrived in arriving:
                apply_responses.apply(run, arrived)
                done += len(arrived)
                message = arrived[-1].document.name if arrived else ""
                progress.report(done + dispatcher.failures, total, message)
        done, stop = done + dispatcher.failures, dispatcher.stop or NOT_STOPPED
        _update(run, **asdict(stop))
        if stop.stop_reason:
            return


def _update(run: LabelRun, **columns: object) -> None:
    LabelRun.objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()


def _waiting(run: LabelRun) -> list[missing.Question]:
    """What the run has still to request; refused and malformed documents are not requested again, nor those that it
    tried in batches."""
    asked = missing.asked_in(run)
    if run.sample is not None:
        schema, ready = run.schema_version.as_domain(), run.project.documents.filter(state=Document.State.READY)
        sample = ready.filter(pk__in=run.sample).order_by("id").values_list("pk", flat=True)
        return missing.divided(schema, run.teacher, sample, schema.names, asked)
    waiting = _unasked(run, asked)
    if run.selection == Selection.INFORMATIVE:
        return selecting.of_run(run, waiting)
    return missing.first(waiting, run.limit, {pk for pk, _ in asked} | missing.awaited_in(run))


def _unasked(run: LabelRun, asked: Set[missing.Pair] = frozenset()) -> list[missing.Question]:
    """What the teacher could be asked by this run, but for what is `asked`."""
    project, schema = run.project, run.schema_version.as_domain()
    documents = missing.labellable(project).exclude(pk__in=missing.tried_in_batches(run))
    return missing.questions(project, schema, run.teacher, documents, run.chosen, doubtful=run.doubtful, asked=asked)
