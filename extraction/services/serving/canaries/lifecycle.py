"""Beginning and end of a canary: started, promoted, rolled back, stopped.

The row is the truth about who answers: a request asks for it when it begins, and finishes on what it began with.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from extraction.domain.canaries.verdicts import Rule, is_margin
from extraction.domain.errors import gettext_noop
from extraction.models import AuditAction, Canary, ModelVersion, Project, User
from extraction.services import events
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.serving import registry
from extraction.services.serving.canaries import recording
from extraction.services.serving.jobs import CHECK

State, Ending = Canary.State, Canary.Ending
MOST_SHARE = 50
MOST_DOCUMENTS = 1_000_000
NONE_RUNS = gettext_noop("No canary runs in {project}.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`share` of the documents in per cent, the rule's margin (mean ANLS, 0–1) and documents, and whether the candidate
    is promoted by itself where it is surely not worse."""

    share: int = 10
    margin: float = Rule().margin
    documents: int = Rule().documents
    promotes: bool = False


def running(project: Project) -> Canary | None:
    rows = project.canaries.select_related("candidate", "serving")
    return rows.filter(state=State.RUNNING).first()


def start(model: ModelVersion, wanted: Wanted, actor: User | None = None) -> Canary:
    """Let `model` answer its share from now on. Raises `Invalid`, and `Conflict` where a canary runs, nothing serves,
    or the model serves already or has no usable files."""
    _check(wanted)
    project = model.project
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        serving = registry.serving(project)
        if serving is None:
            raise Conflict(
                gettext_noop("Project {project} serves no model yet; train one and promote it."), project=project
            )
        if serving == model:
            raise Conflict(gettext_noop("{model} serves already."), model=model)
        if (other := running(project)) is not None:
            raise Conflict(
                gettext_noop("A canary of {model} runs already; end it before another one starts."),
                model=other.candidate,
            )
        model.refresh_from_db(fields=["forgotten"])
        if model.forgotten or not registry.is_usable(model):
            raise Conflict(gettext_noop("The files of the model {model} cannot be used."), model=model)
        canary = Canary.objects.create(
            project=project,
            candidate=model,
            serving=serving,
            share=wanted.share,
            margin=wanted.margin,
            documents=wanted.documents,
            promotes=wanted.promotes,
            author=actor,
        )
        # Which of its answers may be accepted unseen.
        queue.enqueue(CHECK, project=project, subject=model.pk, author=actor)
        changes = {"serving": serving.name, **asdict(wanted)}
        audit_log.record(AuditAction.CANARY_STARTED, canary, project=project, name=model.name, changes=changes)
    return canary


def promote(project: Project, actor: User | None = None) -> Canary:
    """Make the candidate of the running canary the serving one. Raises `Conflict` where none runs."""
    return _ended(project, State.PROMOTED, actor)


def stop(project: Project, actor: User | None = None) -> Canary:
    """End the running canary without a verdict. Raises `Conflict` where none runs."""
    return _ended(project, State.STOPPED, actor)


def roll_back(project: Project, actor: User | None = None) -> Canary:
    """Take the candidate out of the traffic: end the running canary, or, where the last one was promoted and serves,
    let the version that it replaced serve again. Raises `Conflict` where there is nothing to take back."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        canary = reversible(project)
        if canary is None:
            return _ended(project, State.ROLLED_BACK, actor)
        with audit_log.together():
            _write(canary, State.ROLLED_BACK, Ending.PERSON, actor)
            registry.promote(canary.serving, actor, rolled_back=True)
    return canary


def reversible(project: Project) -> Canary | None:
    """The last canary, where it was promoted, nothing was promoted since, and the version before has its files."""
    last = project.canaries.select_related("candidate", "serving").first()
    if last is None or last.state != State.PROMOTED:
        return None
    serves = last.candidate == registry.serving(project) and last.serving == registry.previous(project)
    return last if serves and registry.is_usable(last.serving) else None


def end(canary: Canary, state: Canary.State, ending: Canary.Ending, actor: User | None = None) -> bool:
    """End a canary that runs, as part of what is done at once with it; False where it has ended. Updates `canary`."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=canary.project_id)
        if not Canary.objects.filter(pk=canary.pk, state=State.RUNNING).exists():
            return False
        with audit_log.together():
            _write(canary, state, ending, actor)
            if state == State.PROMOTED:
                registry.promote(canary.candidate, actor)
    return True


def on_model_promoted(model: ModelVersion, **kwargs: Any) -> None:
    """A canary is over once somebody promotes: its candidate, or any other model."""
    canary = running(model.project)
    if canary is None:
        return
    promotion = registry.history(model.project).first()
    actor = promotion.author if promotion else None
    if canary.candidate_id == model.pk:
        _write(canary, State.PROMOTED, Ending.PERSON, actor)
    else:
        _write(canary, State.STOPPED, Ending.OVERTAKEN, actor)


def on_model_removed(model: ModelVersion, **kwargs: Any) -> None:
    """A canary is over once one of its two models gives up its files, or serves no more without another one."""
    canary = running(model.project)
    if canary is not None and model.pk in (canary.candidate_id, canary.serving_id):
        _write(canary, State.STOPPED, Ending.GONE, None)


def _ended(project: Project, state: Canary.State, actor: User | None) -> Canary:
    canary = running(project)
    if canary is None or not end(canary, state, Ending.PERSON, actor):
        raise Conflict(NONE_RUNS, project=project)
    return canary


def _write(canary: Canary, state: Canary.State, ending: Canary.Ending, actor: User | None) -> None:
    """In the transaction of what ends it."""
    canary.state, canary.ending, canary.ended_by, canary.ended = state, ending, actor, timezone.now()
    canary.save(update_fields=["state", "ending", "ended_by", "ended"])
    # What waits to be compared is dropped by the job.
    recording.ask_for_comparison(canary)
    events.send_now(events.canary_ended, canary=canary)
    changes = {"state": str(state), "ending": str(ending), "serving": canary.serving.name}
    name = canary.candidate.name
    audit_log.record(AuditAction.CANARY_ENDED, canary, project=canary.project, name=name, changes=changes)


def _check(wanted: Wanted) -> None:
    if not 1 <= wanted.share <= MOST_SHARE:
        raise Invalid(
            gettext_noop("A canary gets 1 to {most} per cent of the documents, not {share}."),
            most=MOST_SHARE,
            share=wanted.share,
        )
    if not is_margin(wanted.margin):
        raise Invalid(gettext_noop("The margin of a canary is over 0 and at most 20 points."))
    if not 1 <= wanted.documents <= MOST_DOCUMENTS:
        raise Invalid(
            gettext_noop("A canary compares 1 to {most} documents before it is promoted, not {number}."),
            most=MOST_DOCUMENTS,
            number=wanted.documents,
        )
