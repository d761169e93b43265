"""Projects, their fields and their members."""

import re

from django.db import IntegrityError, transaction

from extraction.domain.fields import Schema
from extraction.models import Membership, Project, Role, SchemaVersion, User
from extraction.services import events, leftovers, storage
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.projects import tokens

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def find(slug: str) -> Project:
    """Raises `NotFound`."""
    project = Project.objects.select_related("schema_version").filter(slug=slug).first()
    if project is None:
        raise NotFound(f"There is no project named {slug!r}.")
    return project


def create(slug: str, schema: Schema, *, owner: User | None = None) -> Project:
    """A project with its first schema version; without an owner only superusers see it.

    Raises `Invalid` for a bad slug and `Conflict` for one that is taken.
    """
    if not SLUG.fullmatch(slug) or len(slug) > 50:
        raise Invalid(
            f"A project's short name must be at most 50 lower-case letters, digits and single hyphens, not {slug!r}."
        )
    try:
        with transaction.atomic():
            project = Project.objects.create(slug=slug, name=schema.name)
            _add_version(project, schema, 1, owner)
            if owner is not None:
                Membership.objects.create(project=project, user=owner, role=Role.OWNER)
    except IntegrityError:
        raise Conflict(f"There is already a project named {slug}.") from None
    return project


def change_schema(project: Project, schema: Schema, *, actor: User | None = None) -> SchemaVersion:
    """The fields from now on. Labels keep the version that they were written under; the same fields change nothing."""
    with transaction.atomic():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        current = locked.schema_version
        if current is not None and current.as_domain() == schema:
            return current
        version = _add_version(project, schema, current.number + 1 if current else 1, actor)
        project.name = schema.name
        project.save(update_fields=["name"])
        events.send(events.schema_changed, project=project)
    return version


def _add_version(project: Project, schema: Schema, number: int, author: User | None) -> SchemaVersion:
    version = SchemaVersion.objects.create(project=project, number=number, value=schema.to_json(), author=author)
    project.schema_version = version
    project.save(update_fields=["schema_version"])
    return version


def dismiss_note(project: Project) -> None:
    """Forget how many labels an upgrade withdrew."""
    Project.objects.filter(pk=project.pk).update(withdrawn_absences=0)


def delete(project: Project) -> None:
    """The project with its documents, labels, models and files; nothing of it stays."""
    with leftovers.changing(storage.project_folder(project)), transaction.atomic():
        # Two links inside the project are protected against deletion on their own: cut them first.
        Project.objects.filter(pk=project.pk).update(schema_version=None)
        project.extractions.all().delete()
        project.model_versions.all().delete()
        project.training_runs.all().delete()
        project.snapshots.all().delete()
        project.documents.all().delete()
        project.label_runs.all().delete()
        project.delete()


def add_member(project: Project, user: User, role: Role | str) -> Membership:
    """A new member, or a member's new role; raises `Invalid` and `Conflict`."""
    if role not in Role.values:
        raise Invalid(f"A role is one of {', '.join(Role.values)}, not {role!r}.")
    with transaction.atomic():
        if role != Role.OWNER:
            _keep_an_owner(project, user)
        membership, _ = Membership.objects.update_or_create(project=project, user=user, defaults={"role": role})
    return membership


def remove_member(project: Project, user: User) -> None:
    """Their tokens end too, for good; raises `Conflict` for the last owner."""
    with transaction.atomic():
        _keep_an_owner(project, user)
        tokens.revoke_all(project, user)
        Membership.objects.filter(project=project, user=user).delete()


def _keep_an_owner(project: Project, leaving: User) -> None:
    owners = Membership.objects.select_for_update().filter(project=project, role=Role.OWNER)
    if {owner.user_id for owner in owners} == {leaving.pk}:
        raise Conflict(f"{leaving} is the last owner of {project}; name another one first.")
