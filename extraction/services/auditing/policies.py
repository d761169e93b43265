"""Policies of a project: the one in force, its versions, and what is wrong with one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from extraction.domain.auditing.policy import Policy, Problem
from extraction.domain.auditing.problems import problems
from extraction.models import AuditAction, PolicyVersion, Project, User
from extraction.services.audit_log import log as audit_log
from extraction.services.auditing import jobs, messages
from extraction.services.auditing.policy_problems import sentence
from extraction.services.errors import Conflict, Invalid, NotFound


def versions(project: Project) -> QuerySet[PolicyVersion]:
    """The newest first."""
    return PolicyVersion.objects.filter(project=project).select_related("author").order_by("-number")


def newest(project: Project) -> PolicyVersion | None:
    """The version in force; `None` where nobody has changed the policy, and nothing was audited."""
    return versions(project).first()


def current(project: Project) -> Policy:
    """The policy in force."""
    row = newest(project)
    return row.as_domain() if row else Policy()


def find(project: Project, number: int) -> PolicyVersion:
    """Raises `NotFound`."""
    row = versions(project).filter(number=number).first()
    if row is None:
        raise NotFound(messages.NO_POLICY, number=number)
    return row


def read(value: Mapping[str, Any]) -> Policy:
    """The policy of a JSON object. Raises `Invalid` for what is none, and for one that contradicts itself."""
    unknown = sorted(set(value) - set(Policy().to_json()))
    if unknown:
        raise Invalid(messages.UNKNOWN_SETTING, name=unknown[0])
    try:
        policy = Policy.from_json(value)
        # What comes back equal is of the types that a policy has.
        if Policy.from_json(json.loads(json.dumps(policy.to_json()))) != policy:
            raise ValueError
        found = problems(policy)
    except (KeyError, ValueError, TypeError, ArithmeticError, AttributeError) as error:
        raise Invalid(messages.NO_POLICY_VALUE) from error
    _refuse(found)
    return policy


def save(project: Project, policy: Policy, *, seen: int | None = None, actor: User | None = None) -> PolicyVersion:
    """A new version; the one in force where nothing differs. `seen` is the number of the version that was changed.

    Raises `Invalid` with the first contradiction, and `Conflict` where another version is in force meanwhile.
    """
    _refuse(problems(policy))
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        before = newest(project)
        number = before.number if before else 0
        if seen is not None and seen != number:
            raise Conflict(messages.POLICY_CHANGED)
        if before is not None and before.as_domain() == policy:
            return before
        row = PolicyVersion.objects.create(project=project, number=number + 1, value=policy.to_json(), author=actor)
        audit_log.record(AuditAction.POLICY_CHANGED, row, project=project, name=str(row.number), by=actor)
        if _matches_otherwise(before.as_domain() if before else Policy(), policy):
            jobs.start_matching(project, author=actor)
    return row


def ensure(project: Project, actor: User | None) -> PolicyVersion:
    """The version in force; the first one, as it is without any setting, where there was none."""
    return newest(project) or save(project, Policy(), actor=actor)


def _matches_otherwise(before: Policy, after: Policy) -> bool:
    """Whether claims may find other receipts: tips and rates of exchange explain amounts."""
    return (before.base, before.tips, before.rates) != (after.base, after.tips, after.rates)


def _refuse(found: list[Problem]) -> None:
    if found:
        raise Invalid(sentence(found[0]))
