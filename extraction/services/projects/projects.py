"""Projects, their fields and their members."""

import re
from collections.abc import Iterable
from copy import copy

from django.db import IntegrityError, transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.domain.languages import known
from extraction.models import AuditAction, DateOrder, Membership, Project, Role, User
from extraction.services import leftovers, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.projects import schema_versions, tokens

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HELD = gettext_noop("{name} is under a legal hold: nothing was deleted.")


def find(slug: str) -> Project:
    """Raises `NotFound`."""
    project = Project.objects.select_related("schema_version").filter(slug=slug).first()
    if project is None:
        raise NotFound(gettext_noop("There is no project named {slug!r}."), slug=slug)
    return project


def create(
    slug: str, schema: Schema, *, owner: User | None = None, dates: str | None = None, languages: Iterable[str] = ()
) -> Project:
    """A project with its first schema version; without an owner only superusers see it.

    `dates` is a `DateOrder` and `languages` are codes, both found automatically by default. Raises
    `UnknownLanguage`, `Invalid` for a bad slug and `Conflict` for one that is taken.
    """
    if not SLUG.fullmatch(slug) or len(slug) > 50:
        raise Invalid(
            gettext_noop(
                "A project's short name must be at most 50 lower-case letters, digits and single hyphens, not {slug!r}."
            ),
            slug=slug,
        )
    codes = list(known(languages))
    try:
        with transaction.atomic():
            order = DateOrder(dates or DateOrder.FOUND)
            project = Project.objects.create(slug=slug, name=schema.name, date_order=order, languages_set=codes)
            schema_versions.add(project, schema, 1, owner)
            if owner is not None:
                Membership.objects.create(project=project, user=owner, role=Role.OWNER)
            changes = {"owner": owner.username if owner else None}
            audit_log.record(AuditAction.PROJECT_CREATED, project, project=project, name=slug, changes=changes)
    except IntegrityError:
        raise Conflict(gettext_noop("There is already a project named {slug}."), slug=slug) from None
    return project


change_schema = schema_versions.change


def dismiss_note(project: Project) -> None:
    """Forget how many labels an upgrade withdrew."""
    Project.objects.filter(pk=project.pk).update(withdrawn_absences=0)


def check_not_held(project: Project) -> None:
    """Raises `Conflict` under a legal hold; else none begins before the end of the transaction, which is to delete
    something of the project."""
    if Project.objects.select_for_update(no_key=True).filter(pk=project.pk).values_list("held", flat=True).first():
        raise Conflict(HELD, name=project.name)


def delete(project: Project) -> None:
    """The project with its documents, labels, models and files; nothing of it stays.

    Raises `Conflict` under a legal hold, of it or of one of its documents.
    """
    with leftovers.changing(storage.project_folder(project)), transaction.atomic():
        held = Project.objects.select_for_update().get(pk=project.pk).held
        if held or project.documents.filter(held=True).exists():
            raise Conflict(HELD, name=project.name)
        # Two links inside the project are protected against deletion on their own: cut them first.
        Project.objects.filter(pk=project.pk).update(schema_version=None)
        project.extractions.all().delete()
        project.model_versions.all().delete()
        project.training_runs.all().delete()
        project.snapshots.all().delete()
        project.documents.all().delete()
        project.label_runs.all().delete()
        gone = copy(project)
        project.delete()
        audit_log.record(AuditAction.PROJECT_DELETED, gone, project=gone, name=gone.slug)


def add_member(project: Project, user: User, role: Role | str) -> Membership:
    """A new member, or a member's new role; raises `Invalid` and `Conflict`."""
    if role not in Role.values:
        raise Invalid(gettext_noop("A role is one of {known}, not {role!r}."), known=", ".join(Role.values), role=role)
    with transaction.atomic():
        if role != Role.OWNER:
            _keep_an_owner(project, user)
        before = project.memberships.filter(user=user).first()
        membership, _ = Membership.objects.update_or_create(project=project, user=user, defaults={"role": role})
        if before is None:
            _record_member(AuditAction.MEMBER_ADDED, project, user, role=str(role))
        elif before.role != role:
            changes = audit_log.changed({"role": before.role}, {"role": str(role)})
            _record_member(AuditAction.MEMBER_CHANGED, project, user, **changes)
    return membership


def remove_member(project: Project, user: User) -> None:
    """Their tokens end too, for good; raises `Conflict` for the last owner."""
    with transaction.atomic():
        _keep_an_owner(project, user)
        tokens.revoke_all(project, user)
        if Membership.objects.filter(project=project, user=user).delete()[0]:
            _record_member(AuditAction.MEMBER_REMOVED, project, user)


def _record_member(action: AuditAction, project: Project, user: User, **changes: object) -> None:
    audit_log.record(action, user, project=project, name=user.username, changes=changes)


def _keep_an_owner(project: Project, leaving: User) -> None:
    owners = Membership.objects.select_for_update().filter(project=project, role=Role.OWNER)
    if {owner.user_id for owner in owners} == {leaving.pk}:
        raise Conflict(
            gettext_noop("{leaving} is the last owner of {project}; name another one first."),
            leaving=leaving,
            project=project,
        )
