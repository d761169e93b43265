"""One debt, step by step: a training without the deleted documents, its comparison, and the end of the old files.

Every step is decided from rows and may be killed and repeated at any place. The new run and the row that names it are
one transaction; a model is given up before its files are deleted, and the row says that they are gone afterwards.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from extraction.domain.progress import Progress
from extraction.models import (
    AuditAction,
    Automation,
    AutomationStep,
    Canary,
    Forgetting,
    ModelVersion,
    Project,
    Retention,
    TrainingRun,
)
from extraction.services import storage
from extraction.services.audit_log import log as audit_log
from extraction.services.automation import comparison, decisions
from extraction.services.automation import settings as automation
from extraction.services.errors import Conflict, Invalid
from extraction.services.privacy import messages, settings
from extraction.services.privacy.deletions import drop_pretrained
from extraction.services.privacy.forgetting import lineage
from extraction.services.privacy.forgetting.due import MOST_FAILURES
from extraction.services.serving import registry
from extraction.services.training import training_runs

State = Forgetting.State
# Longest part of a name before the suffix.
LONGEST = 38


def run(forgetting: int, progress: Progress) -> None:
    """Go on with a debt as far as it goes now; the work of a FORGET job."""
    row = _find(forgetting)
    if row is None:
        return
    if row.state == State.OWED:
        _begin(row)
    elif row.open:
        _conclude(row, progress)


def give_up(forgetting: int, error: str) -> None:
    """Keep why a step failed. What had not begun is tried again, later and later; where a model was trained, an owner
    decides about it."""
    row = _find(forgetting)
    if row is None or not row.open:
        return
    if row.state == State.OWED:
        _owed_again(row, error)
    else:
        Forgetting.objects.filter(pk=row.pk).update(state=State.DECISION, problem=error[:500])


def remove(row: Forgetting) -> None:
    """Delete the model without a successor, also the serving one, because an owner says so.

    Raises `Conflict` where it is being trained anew or is gone already.
    """
    model = _model(row)
    if row.state not in (State.OWED, State.DECISION) or lineage.is_active(row.run):
        raise Conflict(messages.UNDER_WAY)
    if model is not None:
        registry.stop_serving(model)
    _remove(row, State.NOT_NEEDED)


def _find(pk: int) -> Forgetting | None:
    rows = Forgetting.objects.select_related("project", "run__model_version", "run__job", "run__snapshot")
    return rows.select_related("replacement__model_version", "replacement__job").filter(pk=pk).first()


def _begin(row: Forgetting) -> None:
    model = _model(row)
    if lineage.is_active(row.run):
        return  # what it learns is known at its end
    drop_pretrained(row.project)
    if model is None or model.forgotten is not None:
        _remove(row, State.NOT_NEEDED)
        return
    serves = model.stage == ModelVersion.Stage.PRODUCTION
    # The candidate of a canary may serve at any time.
    answers = serves or model.canaries.filter(state=Canary.State.RUNNING).exists()
    if not answers and settings.of(row.project).versions == Retention.Versions.SERVING:
        _remove(row, State.NOT_NEEDED)
        return
    try:
        _train(row)
    except Invalid as error:
        if serves:
            _owed_again(row, str(error), by_hand=True)
        else:
            _remove(row, State.NOT_NEEDED)


def _train(row: Forgetting) -> None:
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        owed = Forgetting.objects.select_for_update().filter(pk=row.pk, state=State.OWED)
        if owed.exists():
            started = training_runs.without_deleted(row.run, _name(row.run))
            owed.update(state=State.RUNNING, replacement=started, problem="", due=None)


def _name(run: TrainingRun) -> str:
    """`first-forgets-1` for the first successor of `first`, `first-forgets-2` for that of this one."""
    stem = re.sub(r"-forgets-\d+$", "", run.name)[:LONGEST]
    taken = set(run.project.training_runs.filter(name__startswith=stem).values_list("name", flat=True))
    number = 1
    while f"{stem}-forgets-{number}" in taken:
        number += 1
    return f"{stem}-forgets-{number}"


def _conclude(row: Forgetting, progress: Progress) -> None:
    """Promote the new model in the place of the old one if it may be, and delete the old one unless it still serves."""
    learned, old = row.replacement, _model(row)
    new = getattr(learned, "model_version", None)
    if learned is None or new is None:
        if learned is None or not lineage.is_active(learned):
            _owed_again(row, learned.stop_detail if learned else "")
        return
    if old is not None and old.stage == ModelVersion.Stage.PRODUCTION:
        if row.state == State.DECISION:
            return  # an owner decides by promoting another one
        if not _promote(row, new, old, progress):
            return
    _remove(row, State.DONE)


def _promote(row: Forgetting, new: ModelVersion, old: ModelVersion, progress: Progress) -> bool:
    """Whether the new model passed the check of automatic promotions and took the old one's place; else an owner is to
    decide."""
    try:
        found = comparison.compare(new, old, progress)
    except Conflict as error:  # the files of one of them cannot be used
        give_up(row.pk, str(error))
        return False
    # The same margins, whether or not the project also trains by itself.
    chosen = automation.of(row.project)
    chosen.active, chosen.promotion = True, Automation.Promotion.PROMOTE
    kind, decided = decisions.decide(found, chosen, person_promoted=False)
    passed = kind == AutomationStep.Kind.PROMOTED
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        rows = Forgetting.objects.filter(pk=row.pk, state=State.RUNNING)
        rows.update(comparison=decided.to_json(), state=State.RUNNING if passed else State.DECISION)
        if passed and registry.serving(row.project) == old:
            registry.promote(new)
            rows.update(promoted=True)
    return passed


def _remove(row: Forgetting, state: Forgetting.State) -> None:
    """Delete the files of the old run; `state` is that of the row afterwards, and everything that it owes is paid."""
    model = _model(row)
    if model is not None and not registry.give_up(model):
        return  # it was promoted at this moment
    with transaction.atomic():
        # Who goes on with an unfinished run waits: it then begins anew.
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        run = TrainingRun.objects.select_related("job").get(pk=row.run_id)
        if lineage.is_active(run):
            return
        storage.remove(storage.path(run.folder))
        if model is None:
            TrainingRun.objects.filter(pk=run.pk).update(read_after=None, pretraining=None, pretraining_documents=0)
        else:
            ModelVersion.objects.filter(pk=model.pk).update(folder="", bytes=0)
            successor = row.replacement.name if row.replacement else None
            changes = {"successor": successor}
            audit_log.record(AuditAction.MODEL_DELETED, model, project=row.project, name=model.name, changes=changes)
        owed = Forgetting.objects.filter(run=run, state__in=Forgetting.OPEN)
        owed.update(state=state, files_deleted=timezone.now(), due=None, problem="")
        if row.replacement is not None:
            Forgetting.objects.filter(run=run, replacement=None).update(replacement=row.replacement)


def _owed_again(row: Forgetting, problem: str, *, by_hand: bool = False) -> None:
    """The debt as before, because it could not go on. `by_hand`: it is not tried again by itself."""
    by_hand |= settings.of(row.project).when == Retention.When.BY_HAND
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        newer = Forgetting.objects.filter(run=row.run_id, state=State.OWED).exclude(pk=row.pk).first()
        if newer is not None:
            # What was owed meanwhile is one debt with this one.
            row.documents = [*row.documents, *newer.documents]
            newer.delete()
        failures = row.failures + 1
        Forgetting.objects.filter(pk=row.pk).update(
            state=State.OWED,
            documents=row.documents,
            problem=problem[:500],
            failures=failures,
            due=None if by_hand or failures >= MOST_FAILURES else _again(failures),
        )


def _again(failures: int) -> datetime:
    """After the first failure the next night, then after twice as many nights each time."""
    return settings.next_night() + timedelta(days=2 ** (failures - 1) - 1)


def _model(row: Forgetting) -> ModelVersion | None:
    return getattr(row.run, "model_version", None)
