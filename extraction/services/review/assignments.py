"""Assignments: which member is to review a document."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from extraction.models import Assignment, Document, Project, Role, User
from extraction.services.errors import Invalid
from extraction.services.projects import memberships
from extraction.services.review import messages

BATCH = 400


def assign(documents: Iterable[Document], user: User | None) -> int:
    """Assign documents to a member, or with `None` to nobody; returns their number.

    Raises `Invalid` for somebody who may not review them.
    """
    rows = list(documents)
    if user is not None:
        _check_reviewer(user, {row.project_id for row in rows})
    with transaction.atomic():
        for start in range(0, len(rows), BATCH):
            _assign(rows[start : start + BATCH], user)
    return len(rows)


def reviewers(project: Project) -> list[User]:
    """The members who may review, by name."""
    return list(memberships.with_role(project, Role.REVIEWER).order_by("username"))


def _assign(rows: list[Document], user: User | None) -> None:
    if user is None:
        Assignment.objects.filter(document__in=rows).delete()
        return
    assignments = [Assignment(document=row, user=user) for row in rows]
    Assignment.objects.bulk_create(
        assignments, update_conflicts=True, unique_fields=["document"], update_fields=["user"]
    )


def _check_reviewer(user: User, projects: set[int]) -> None:
    if user.is_superuser:
        return
    roles = memberships.roles_of(user, project__in=projects)
    if not all(project in roles and roles[project].includes(Role.REVIEWER) for project in projects):
        raise Invalid(messages.no_reviewer(user.get_username()))
