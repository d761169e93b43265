"""Groups of accounts, and their roles in projects."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Prefetch, QuerySet

from extraction.domain.errors import gettext_noop
from extraction.models import AuditAction, GroupRole, Project, Role, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid
from extraction.services.identity import messages
from extraction.services.identity.oidc import Identity
from extraction.services.identity.provider import provider
from extraction.services.projects import memberships, tokens


def create(name: str) -> Group:
    """A group without members. Raises `Invalid` and `Conflict`."""
    group = Group(name=name.strip())
    try:
        group.clean_fields()
        with transaction.atomic():
            group.save()
            audit_log.record(AuditAction.GROUP_CREATED, group, name=group.name)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from None
    except IntegrityError:
        raise Conflict(messages.GROUP_EXISTS, name=name) from None
    return group


def find(name: str) -> Group:
    """Raises `Invalid`."""
    group = Group.objects.filter(name=name.strip()).first()
    if group is None:
        raise Invalid(messages.NO_GROUP, name=name)
    return group


def listed() -> QuerySet[Group]:
    """Every group with its members and its roles, by name."""
    users = Prefetch("user_set", User.objects.order_by("username"))
    roles = Prefetch("project_roles", GroupRole.objects.select_related("project").order_by("project__slug"))
    return Group.objects.prefetch_related(users, roles).order_by("name")


def add(group: Group, user: User) -> None:
    """Harmless to repeat."""
    with transaction.atomic():
        if not user.groups.filter(pk=group.pk).exists():
            user.groups.add(group)
            _record(AuditAction.GROUP_MEMBER_ADDED, group, user=user.username)


def remove(group: Group, user: User) -> None:
    """Tokens of the user end where no other role is left. Harmless to repeat."""
    with transaction.atomic():
        if user.groups.filter(pk=group.pk).exists():
            user.groups.remove(group)
            _end_tokens([user], _projects(group))
            _record(AuditAction.GROUP_MEMBER_REMOVED, group, user=user.username)


def delete(group: Group) -> None:
    """Its members and their accounts stay; their tokens end where no other role is left."""
    projects, users = _projects(group), list(group.user_set.all())
    number, name = group.pk, group.name
    with audit_log.together():
        group.delete()
        _end_tokens(users, projects)
        gone = Group(pk=number, name=name)
        for project in projects:
            audit_log.record(AuditAction.MEMBER_REMOVED, gone, project=project, name=name)
        _record(AuditAction.GROUP_DELETED, gone)


def of_project(project: Project) -> QuerySet[GroupRole]:
    """The roles of groups in the project, with the number of accounts in each (`members`)."""
    members = {"members": Count("group__user")}
    return project.group_roles.select_related("group").annotate(**members).order_by("group__name")


def give(project: Project, group: Group, role: Role | str) -> GroupRole:
    """A role for all who are in the group, or another one. Raises `Invalid`."""
    if role not in Role.values:
        raise Invalid(gettext_noop("A role is one of {known}, not {role!r}."), known=", ".join(Role.values), role=role)
    with transaction.atomic():
        before = project.group_roles.filter(group=group).first()
        row, _ = GroupRole.objects.update_or_create(project=project, group=group, defaults={"role": role})
        if before is None:
            _record(AuditAction.MEMBER_ADDED, group, project, role=str(role))
        elif before.role != role:
            changes = audit_log.changed({"role": before.role}, {"role": str(role)})
            _record(AuditAction.MEMBER_CHANGED, group, project, **changes)
    return row


def take(row: GroupRole) -> None:
    """The end of the group's role; tokens of its members end where no other role is left."""
    with audit_log.together():
        if project_role := GroupRole.objects.filter(pk=row.pk).first():
            project_role.delete()
            _end_tokens(row.group.user_set.all(), [row.project])
            _record(AuditAction.MEMBER_REMOVED, row.group, row.project)


def synchronise(user: User, identity: Identity) -> None:
    """Be in those groups alone that the provider's claim names, where one is set; it makes no groups."""
    claim = provider().groups_claim
    if not claim:
        return
    named = identity.claims.get(claim)
    names = {str(name) for name in (named if isinstance(named, list) else [named] if named else [])}
    wanted, present = set(Group.objects.filter(name__in=names)), set(user.groups.all())
    with audit_log.together():
        for group in sorted(wanted - present, key=lambda group: group.name):
            add(group, user)
        for group in sorted(present - wanted, key=lambda group: group.name):
            remove(group, user)


def _projects(group: Group) -> list[Project]:
    return list(Project.objects.filter(group_roles__group=group))


def _end_tokens(users: Iterable[User], projects: Iterable[Project]) -> None:
    """As for members who leave: coming back does not bring tokens back."""
    whole = list(users)
    for project in projects:
        for user in memberships.without_role(project, whole):
            tokens.revoke_all(project, user)


def _record(action: AuditAction, group: Group, project: Project | None = None, **changes: object) -> None:
    audit_log.record(action, group, project=project, name=group.name, changes=changes)
