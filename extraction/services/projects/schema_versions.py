"""Versions of a project's fields: changing and renaming them, and bringing one back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Case, QuerySet, Value, When

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.models import AuditAction, BestLabel, Label, OutOfFoldReading, Project, SchemaVersion, User
from extraction.services import events
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, NotFound
from extraction.services.jobs import kinds, queue

Renames = Mapping[str, str]


def change(
    project: Project,
    schema: Schema,
    *,
    renames: Renames | None = None,
    actor: User | None = None,
    seen: int | None = None,
) -> SchemaVersion:
    """The fields from now on; the same fields change nothing.

    Labels keep the version that they were written under; those of a field in `renames` (old name to new) follow it.
    `seen` is the number of the version that was changed, where somebody had it open. Raises `Conflict` where a newer
    one took its place, where labels of a deleted field stand under a new name, and for a rename while work goes on
    that holds the old name.
    """
    with transaction.atomic():
        # Locked against `hold`, not only against other changes: whoever writes labels meanwhile knows the old names.
        current = Project.objects.select_for_update().get(pk=project.pk).schema_version
        _check_seen(current, seen)
        renamed = _applicable(renames or {}, current.as_domain().names if current else (), schema.names)
        if current is not None and current.as_domain() == schema and not renamed:
            return current
        if renamed:
            _check_idle(project)
            _rename_labels(project, renamed)
        version = add(project, schema, current.number + 1 if current else 1, actor, renamed)
        project.name = schema.name
        project.save(update_fields=["name"])
        if current is not None:
            events.send_now(events.fields_replaced, before=current, after=version)
        events.send(events.schema_changed, project=project)
        changes = {"version": version.number, "fields": list(schema.names), "renames": renamed}
        audit_log.record(AuditAction.FIELDS_CHANGED, version, project=project, changes=changes)
    return version


def add(
    project: Project, schema: Schema, number: int, author: User | None, renames: Renames | None = None
) -> SchemaVersion:
    version = SchemaVersion.objects.create(
        project=project, number=number, value=schema.to_json(), renames=dict(renames or {}), author=author
    )
    project.schema_version = version
    project.save(update_fields=["schema_version"])
    return version


def hold(project: Project) -> Project:
    """The project with the fields in force, which no change replaces until the transaction ends.

    Those who hold it do not wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM extraction_project WHERE id = %s FOR KEY SHARE", [project.pk])
    return Project.objects.select_related("schema_version").get(pk=project.pk)


def _check_seen(current: SchemaVersion | None, seen: int | None) -> None:
    if current is not None and seen is not None and current.number != seen:
        raise Conflict(
            gettext_noop(
                "Somebody saved version {number} of the fields since this page was opened with version "
                "{seen}: open it again, and make your changes there."
            ),
            number=str(current.number),
            seen=str(seen),
        )


def _check_idle(project: Project) -> None:
    names = [kind.name for kind in kinds.registered() if kind.holds_field_names]
    # One that is put off waits for answers, which find their fields also by the names of before.
    job = queue.active_jobs(project).filter(kind__in=names, not_before=None).first()
    if job is not None:
        raise Conflict(
            gettext_noop("No field can be renamed while this work goes on: {title!s}. Wait for its end, or cancel it."),
            title=kinds.title(job.kind),
        )


def _applicable(renames: Renames, before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """The renames of fields that were there to fields that are there now."""
    return {old: new for old, new in renames.items() if old != new and old in before and new in after}


def _rename_labels(project: Project, renames: Renames) -> None:
    """All at once, so that two fields can change names with each other."""
    labels = Label.objects.filter(document__project=project)
    for new in set(renames.values()) - set(renames):
        if labels.filter(field=new).exists():
            raise Conflict(
                gettext_noop("Labels of a deleted field stand under {new!r}: choose another name, or bring it back."),
                new=new,
            )
    _rename(labels, renames)
    _rename(BestLabel.objects.filter(project=project), renames)
    readings = OutOfFoldReading.objects.filter(document__project=project)
    readings.filter(field__in=set(renames.values()) - set(renames)).delete()
    _rename(readings, renames)


def _rename(rows: QuerySet[Label] | QuerySet[BestLabel] | QuerySet[OutOfFoldReading], renames: Renames) -> None:
    # By way of names that no field can have: a constraint sees the rows in the middle of an exchange.
    between = {f"={number}": new for number, new in enumerate(renames.values())}
    for step in (dict(zip(renames, between, strict=True)), between):
        whens = [When(field=old, then=Value(new)) for old, new in step.items()]
        rows.filter(field__in=step).update(field=Case(*whens))


def find(project: Project, number: int) -> SchemaVersion:
    """Raises `NotFound`."""
    version = project.schema_versions.filter(number=number).first()
    if version is None:
        raise NotFound(gettext_noop("The fields have no version {number}."), number=str(number))
    return version


def bring_back(project: Project, version: SchemaVersion, *, actor: User | None = None) -> SchemaVersion:
    """The fields of an earlier version as a new one; fields that were renamed since take their old names again.

    Raises as `change` does.
    """
    since = translation(version)  # without effect on fields that kept their names
    return change(project, version.as_domain(), renames={new: old for old, new in since.items()}, actor=actor)


def translation(version: SchemaVersion, until: SchemaVersion | None = None) -> dict[str, str]:
    """Present names (those in version `until`) of the fields of a version by their names then.

    A field that was deleted has none once another one took its name.
    """
    names = {name: name for name in version.as_domain().names}
    later = SchemaVersion.objects.filter(project=version.project_id, number__gt=version.number).order_by("number")
    if until is not None:
        later = later.filter(number__lte=until.number)
    for renames in later.values_list("renames", flat=True):
        taken = set(renames.values())
        names = {old: renames.get(name, name) for old, name in names.items() if name in renames or name not in taken}
    return names


def carried(before: SchemaVersion, after: SchemaVersion) -> dict[str, str]:
    """Names in `after` of the fields of `before` that are still there, by their names then."""
    present = after.as_domain()
    return {old: new for old, new in translation(before, after).items() if new in present}


def renamed_to(project: Project, name: str) -> str | None:
    """The present name of the field that was last called `name`; `None` where there is none."""
    if name in project.schema:
        return name
    for version in project.schema_versions.order_by("-number"):
        if name in version.as_domain():
            present = translation(version).get(name)
            return present if present in project.schema else None
    return None


def kept_labels(project: Project, before: Schema, version: SchemaVersion) -> dict[str, int]:
    """Labels that stay of each field that `version` deleted."""
    after = version.as_domain()
    gone = [name for name in before.names if name not in after and name not in version.renames]
    labels = Label.objects.filter(document__project=project)
    return {name: labels.filter(field=name).count() for name in gone}


def kept_cells(project: Project, before: Schema, version: SchemaVersion) -> dict[str, list[str]]:
    """By groups that have labels the fields that `version` took from them: their cells stay in the labels."""
    after = version.as_domain()
    gone: dict[str, list[str]] = {}
    for group in before.fields:
        name = version.renames.get(group.name, group.name)
        now = after[name].fields if name in after else ()
        parts = [part.name for part in group.fields if part.name not in {other.name for other in now}]
        if now and parts and Label.objects.filter(document__project=project, field=name).exists():
            gone[name] = parts
    return gone
