"""Decisions about findings: made, taken back, and what they come to. Rows are only added."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from extraction.domain.text import storable
from extraction.models import AuditAction, Decision, DecisionKind, DismissalReason, Finding, FindingState, Project, User
from extraction.services.audit_log import log as audit_log
from extraction.services.auditing import messages
from extraction.services.auditing.findings.leading import lead
from extraction.services.errors import Conflict, Invalid, NotFound

LONGEST_NOTE = 500


def decide(
    project: Project,
    number: int,
    kind: str,
    *,
    reason: str = "",
    note: str = "",
    seen: int | None = None,
    actor: User | None,
) -> Finding:
    """Confirm, dismiss with a reason, or have the employee asked. The same decision again changes nothing.

    `seen`: how many decisions the person saw. Raises `NotFound`, `Invalid`, and `Conflict` where somebody decided
    meanwhile or the newest run does not find it any more.
    """
    kinds = [each.value for each in DecisionKind if each is not DecisionKind.TAKEN_BACK]
    if kind not in kinds:
        raise Invalid(messages.UNKNOWN_DECISION, known=", ".join(kinds), kind=kind)
    dismissed = kind == DecisionKind.DISMISSED
    if dismissed and reason not in DismissalReason.values:
        raise Invalid(messages.NO_REASON, known=", ".join(DismissalReason.values))
    note = storable(note).strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(messages.NOTE_TOO_LONG, most=LONGEST_NOTE)
    decision = Decision(kind=kind, reason=reason if dismissed else "", note=note, author=actor)
    with transaction.atomic():
        row = _held(project, number)
        history = list(row.decisions.all())
        counts = _that_counts(history)
        if counts and (counts.kind, counts.reason, counts.note) == (decision.kind, decision.reason, decision.note):
            return row
        if seen is not None and seen != len(history):
            raise Conflict(messages.DECIDED_MEANWHILE)
        if not row.current:
            raise Conflict(messages.NOT_FOUND_ANY_MORE)
        _add(row, [*history, decision], actor)
    return row


def take_back(project: Project, number: int, *, actor: User | None) -> Finding:
    """Take the newest decision that counts back: the one before it counts again. Raises `NotFound`, and `Conflict`
    where there is none."""
    with transaction.atomic():
        row = _held(project, number)
        history = list(row.decisions.all())
        if _that_counts(history) is None:
            raise Conflict(messages.NOTHING_TO_TAKE_BACK)
        _add(row, [*history, Decision(kind=DecisionKind.TAKEN_BACK, author=actor)], actor)
    return row


def history(row: Finding) -> list[Decision]:
    """All decisions, the oldest first."""
    return list(row.decisions.select_related("author"))


def _held(project: Project, number: int) -> Finding:
    # First the project, as a run does that stores its findings.
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    row = Finding.objects.select_for_update(of=("self",)).filter(project=project, pk=number).first()
    if row is None:
        raise NotFound(messages.NO_FINDING, number=number)
    return row


def _add(row: Finding, history: list[Decision], actor: User | None) -> None:
    decision = history[-1]
    decision.finding = row
    decision.save(force_insert=True)
    counts = _that_counts(history)
    before = row.state
    row.state = FindingState(counts.kind) if counts else FindingState.OPEN
    row.reason = counts.reason if counts else ""
    row.save(update_fields=["state", "reason"])
    lead(row.project, row.claim_id)
    changes = {**audit_log.changed({"state": before}, {"state": str(row.state)}), "decision": decision.pk}
    audit_log.record(
        AuditAction.FINDING_DECIDED, row, project=row.project, name=f"#{row.pk}", by=actor, changes=changes
    )


def _that_counts(history: Iterable[Decision]) -> Decision | None:
    """The newest that was not taken back."""
    standing: list[Decision] = []
    for decision in history:
        if decision.kind == DecisionKind.TAKEN_BACK:
            standing.pop()
        else:
            standing.append(decision)
    return standing[-1] if standing else None
