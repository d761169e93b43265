"""Hints: asked for, tried on the corrected documents, taken into the prompt or rejected, always by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import cast

from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.corrections import Alike
from extraction.engines.teacher.hints import WritesHints
from extraction.engines.teacher.prompting.field_aliases import aliases_of
from extraction.engines.teacher.protocol import Teacher, Usage
from extraction.models import AuditAction, Document, Hint, Label, Project, PromptVersion, Split, User
from extraction.services.audit_log import log as audit_log
from extraction.services.automation import settings
from extraction.services.automation.hints import corrections, writing
from extraction.services.automation.jobs import HINT
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.jobs import queue
from extraction.services.teaching import prompts, teachers, trials
from extraction.services.teaching.estimates import Consent, Estimate
from extraction.services.teaching.label_runs import ConsentNeeded
from extraction.services.teaching.trials import Try
from extraction.services.training import snapshots

State = Hint.State
MONTH = timedelta(days=30)
# Corrected documents of a trial at most; as many others stand beside them.
MOST_CORRECTED = trials.LARGEST // 2
VALUES = gettext_noop("Values of the documents leave this machine and go to {provider!s}.")
OPEN = (State.PROPOSED, State.TRIED)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who would write hints; `consent` is needed before values of documents leave this machine."""

    name: str
    consent: Consent | None


def writer(project: Project) -> Writer | None:
    """The project's teacher where it is a model, else the installation's; `None` where neither writes hints."""
    teacher = _teacher(project)
    if teacher is None:
        return None
    consent = Consent(teacher.provider_id, VALUES.format(provider=teacher.provider)) if teacher.outside else None
    return Writer(teacher.name, consent)


def find(project: Project, pk: int) -> Hint:
    """Raises `NotFound`."""
    hint = project.hints.select_related("before", "after", "tried_as").filter(pk=pk).first()
    if hint is None:
        raise NotFound(gettext_noop("The project has no hint {number}."), number=str(pk))
    return hint


def request(
    project: Project, *, field: str, vendor: str, difference: str, consent: str = "", actor: User | None = None
) -> Hint:
    """Have the teacher write a hint from a group of `corrections.groups`.

    Raises `Conflict` where the group is no longer there or the dollars of the month are used up, `Invalid` where no
    teacher writes hints, and `ConsentNeeded`.
    """
    teacher = _teacher(project)
    if teacher is None:
        raise Invalid(
            gettext_noop("Only a model can write hints: choose one as the project's teacher, or set KD_TEACHER.")
        )
    if teacher.outside and consent != teacher.provider_id:
        raise ConsentNeeded(VALUES.format(provider=teacher.provider))
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        group = _group(project, field, vendor, difference)
        hint = Hint(
            project=project,
            field=field,
            vendor=vendor,
            difference=group.difference.value,
            corrections=[each.label for each in group.corrections],
            teacher=teacher.name,
            consented_provider=consent if teacher.outside else "",
            author=actor,
        )
        _check_budget(project, cast(WritesHints, teacher).estimate_hint(writing.request_of(hint, group.corrections)))
        hint.save()
        queue.enqueue(HINT, project=project, subject=hint.pk, author=actor)
        if hint.consented_provider:
            changes = {"provider": hint.consented_provider}
            audit_log.record(AuditAction.CONSENT_GIVEN, hint, project=project, name=teacher.name, changes=changes)
    return hint


def spent(project: Project) -> Decimal:
    """Dollars for hints and their trials in the last thirty days."""
    zero = Value(Decimal(0))
    recent = project.hints.filter(created__gt=timezone.now() - MONTH)
    each = F("usd") + Coalesce("before__usd", zero) + Coalesce("after__usd", zero)
    return recent.aggregate(sum=Sum(each))["sum"] or Decimal(0)


def rule(hint: Hint) -> str:
    """The hint as it stands in the prompt, under the name by which the teacher knows the field."""
    aliases = aliases_of(hint.project.schema.fields)
    field = aliases.get(hint.field, hint.field)
    return f"For {field} on documents of {hint.vendor}: {hint.text}" if hint.vendor else f"For {field}: {hint.text}"


def sample(hint: Hint) -> list[int]:
    """The corrected documents and as many that people checked without correcting this field, always the same."""
    corrected = list(
        Label.objects.filter(pk__in=hint.corrections, document__state=Document.State.READY)
        .order_by("document")
        .values_list("document", flat=True)
        .distinct()[:MOST_CORRECTED]
    )
    others = snapshots.readable(hint.project).exclude(split=Split.TEST).exclude(pk__in=corrected)
    checked = others.filter(best_labels__field=hint.field, best_labels__by_people=True)
    fixed = _corrected_too(hint)
    keys = [pk for pk in checked.order_by("sha256").values_list("pk", flat=True) if pk not in fixed]
    return corrected + keys[: len(corrected)]


def estimate(hint: Hint) -> Estimate:
    """What a trial takes: the prompt in force and the one with the hint, on the same documents."""
    whole = trials.estimate(hint.project, sample(hint), [Try(hint.teacher, _in_force(hint.project))])
    return whole.beside(whole)


def attempt(hint: Hint, *, consent: str = "", actor: User | None = None) -> Hint:
    """Start the two trials. Raises what `trials.start` does, and `Conflict` for a hint that is decided."""
    project = hint.project
    with transaction.atomic():
        hint = _locked(hint)
        _check_open(hint)
        version = prompts.draft(project, _parts(hint), actor=actor)
        left = settings.of(project).monthly_usd - spent(project)
        priced = estimate(hint).priced
        if priced and left <= 0:
            raise Conflict(NO_DOLLARS)
        hint.before, hint.after = trials.start_all(
            project,
            documents=sample(hint),
            tries=[Try(hint.teacher, number) for number in (_in_force(project), version.number)],
            budget=left / 2 if priced else None,
            consent=consent,
            actor=actor,
        )
        hint.tried_as, hint.state = version, State.TRIED
        hint.save()
    return hint


def adopt(hint: Hint, *, actor: User | None = None) -> PromptVersion:
    """Take the hint into the prompt, of which this makes a new version in force. Raises `Conflict` and `Invalid`."""
    with transaction.atomic():
        hint = _locked(hint)
        _check_open(hint)
        version = prompts.draft(hint.project, _parts(hint), actor=actor)
        prompts.choose(hint.project, version.number)
        hint.tried_as, hint.state, hint.decided_by = version, State.ADOPTED, actor
        hint.save()
    return version


def reject(hint: Hint, *, actor: User | None = None) -> None:
    """Raises `Conflict` for a hint that is decided."""
    with transaction.atomic():
        hint = _locked(hint)
        _check_open(hint)
        hint.state, hint.decided_by = State.REJECTED, actor
        hint.save()


NO_DOLLARS = gettext_noop("The dollars for hints are used up; an owner sets them on the page of automatic training.")


def _teacher(project: Project) -> Teacher | None:
    names = [name for name in (project.teacher, django_settings.KD_TEACHER) if prompts.takes_prompt(name)]
    for name in names:
        try:
            teacher = teachers.find(name)
        except Invalid:
            continue
        if isinstance(teacher, WritesHints):
            return teacher
    return None


def _group(project: Project, field: str, vendor: str, difference: str) -> Alike:
    for group in corrections.groups(project):
        if (group.field, group.vendor, group.difference.value) == (field, vendor, difference):
            return group
    raise Conflict(gettext_noop("These corrections are no longer there, or a hint was asked for already."))


def _check_budget(project: Project, usage: Usage) -> None:
    if usage.priced and spent(project) + usage.usd > settings.of(project).monthly_usd:
        raise Conflict(NO_DOLLARS)


def _corrected_too(hint: Hint) -> set[int]:
    """Documents of further corrections of the field."""
    groups = corrections.groups(hint.project)
    return {each.document for group in groups if group.field == hint.field for each in group.corrections}


def _parts(hint: Hint) -> prompts.Parts:
    """The parts in force with the hint as a rule; raises `Invalid` where there are too many rules."""
    parts = prompts.parts(hint.project.prompt_version)
    rules = [*parts.rules, *([] if rule(hint) in parts.rules else [rule(hint)])]
    return prompts.written({**parts.to_json(), "rules": rules})


def _in_force(project: Project) -> int:
    return project.prompt_version.number if project.prompt_version else prompts.OWN_WORDS


def _locked(hint: Hint) -> Hint:
    rows = Hint.objects.select_for_update(of=("self",)).select_related("project__prompt_version")
    return rows.select_related("project__schema_version").get(pk=hint.pk)


def _check_open(hint: Hint) -> None:
    if hint.state not in OPEN:
        raise Conflict(gettext_noop("This hint is decided, or not written yet."))
