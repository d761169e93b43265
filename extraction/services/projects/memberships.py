"""The roles that somebody has in projects: their own, and those of their groups; all of them count."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from extraction.models import GroupRole, Membership, Project, Role, Roles, User

OWNERS = Roles({Role.OWNER})


def roles_of(user: User, **projects: object) -> dict[int, Roles]:
    """The roles by primary key of the project, in those that `projects` selects (a filter of `Membership`); one query.

    Superusers are owners everywhere, which is not asked here.
    """
    own = Membership.objects.filter(user=user, **projects).values_list("project_id", "role")
    of_groups = GroupRole.objects.filter(group__user=user, **projects).values_list("project_id", "role")
    found: dict[int, Roles] = {}
    for project, value in own.union(of_groups):
        found[project] = Roles.of(found.get(project, ()), [Role(value)])
    return found


def roles_in(project: Project, user: User) -> Roles:
    """Empty for a stranger."""
    return OWNERS if user.is_superuser else roles_of(user, project=project).get(project.pk, Roles())


def with_role(project: Project, least: Role) -> QuerySet[User]:
    """Who has at least that role, superusers aside."""
    roles = [role for role in Role if role.includes(least)]
    own = Membership.objects.filter(project=project, role__in=roles).values("user")
    groups = GroupRole.objects.filter(project=project, role__in=roles).values("group")
    members = User.groups.through.objects.filter(group__in=groups).values("user")
    return User.objects.filter(Q(pk__in=own) | Q(pk__in=members))


def without_role(project: Project, users: Iterable[User]) -> list[User]:
    """Those of the users who are strangers to the project."""
    return [user for user in users if not roles_in(project, user)]
