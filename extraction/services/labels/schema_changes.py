"""What becomes of labels when the fields of their project change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.models import Document, Label, OutOfFoldReading, Project, as_domain_pages
from extraction.services.labels import conventions, ranking

BATCH = 400

# What a value's meaning follows from: the type, and of a group names, types and formats of its parts.
Kind = tuple[object, ...]


def on_schema_changed(project: Project, **kwargs: Any) -> None:
    """Bring up to date the documents with labels of fields that the newest schema version added, removed or gave
    another type; of a group also those of which a part changed. Values are read anew where they mean something else,
    and what students read of such a field is void.

    Most changes add fields that nobody has labelled, and touch no document; the rows of a renamed field were renamed.
    """
    versions = list(project.schema_versions.order_by("-number")[:2])
    if len(versions) < 2:
        return
    new, old = versions
    before = {new.renames.get(field.name, field.name): _kind(field) for field in old.as_domain().fields}
    fields = {field.name: field for field in new.as_domain().fields}
    for name in before.keys() & fields.keys():
        if before[name] != _kind(fields[name]):
            _read_anew(project, fields[name])
    changed = {name for name in before.keys() | fields.keys() if before.get(name) != _kind(fields.get(name))}
    OutOfFoldReading.objects.filter(document__project=project, field__in=changed).delete()
    ranking.refresh_all(project, Label.objects.filter(document__project=project, field__in=changed).values("document"))


def _kind(field: Field | None) -> Kind | None:
    if field is None:
        return None
    return (field.type, *((part.name, part.type, part.format, part.options) for part in field.fields))


def _read_anew(project: Project, field: Field) -> None:
    """Normalise all values of a field, also those whose meaning a person chose: it was one of another type."""
    printed, last = conventions.of(project), 0
    rows = Label.objects.filter(document__project=project, field=field.name, value__isnull=False).order_by("pk")
    while labels := list(rows.filter(pk__gt=last).defer("rows")[:BATCH]):
        last = labels[-1].pk
        _normalize(field, labels, printed)
        Label.objects.bulk_update(labels, ["normalized", "reading_chosen"])


def _normalize(field: Field, labels: Iterable[Label], printed: Conventions) -> None:
    documents = Document.objects.filter(pk__in={label.document_id for label in labels}, state=Document.State.READY)
    pages = {row.pk: as_domain_pages(row.pages.all()) for row in documents.prefetch_related("pages")}
    for label in labels:
        found = pages.get(label.document_id, ())
        label.normalized = conventions.in_format(field, label.value, printed, found)
        label.reading_chosen = False
