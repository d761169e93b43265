"""Conventions by which a project's documents print values: as its owner set them, else as its values show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from extraction.domain.alignment import own_conventions
from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions, DayOrder, is_ambiguous, normalize
from extraction.domain.field_types.readers import decimal_signs
from extraction.domain.field_types.readers.dates import has_full_year
from extraction.domain.fields import Field
from extraction.domain.pages import Page
from extraction.models import AuditAction, DateOrder, Document, Label, Project, as_domain_pages
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.labels import date_order, ranking

# Enough amounts to tell a project's decimal sign; more would only slow pages down.
AMOUNTS_LOOKED_AT = 500
BATCH = 400

# A field with the value that is about to be written.
Extra = Iterable[tuple[Field, str]]


def of(project: Project, *, extra: Extra = ()) -> Conventions:
    """What is set for the project and what its values and `extra` show."""
    extra = list(extra)
    dates = [value for field, value in extra if field.kind.uses_day_order]
    amounts = [value for field, value in extra if field.kind.numeric and field.as_printed]
    order = date_order.day_order(project, extra=dates)
    fields = [field.name for field in project.schema.fields if field.kind.numeric and field.as_printed]
    if not fields:
        return Conventions(order)
    # What people typed into tables says nothing about how documents print amounts.
    printed = Label.objects.filter(document__project=project, claim_import=None)
    labels = printed.filter(field__in=fields, value__isnull=False).order_by("-id")
    amounts += (value or "" for value in labels.values_list("value", flat=True)[:AMOUNTS_LOOKED_AT])
    return Conventions(order, decimal_signs.infer_decimal_sign(amounts, values=True))


def matter(field: Field) -> bool:
    """Whether reading the field's values depends on conventions; a group's do by its parts."""
    return date_order.depends_on_order(field) or any(part.kind.numeric for part in (field, *field.fields))


def in_format(field: Field, value: str | None, conventions: Conventions, pages: Sequence[Page]) -> str | None:
    """The value in the field's format; `None` where there is none or it cannot be read with certainty.

    What the project leaves open, the document's `pages` may tell.
    """
    if value is None:
        return None
    short = field.kind.uses_day_order and not has_full_year(value)
    if pages and (field.fields or short or is_ambiguous(field, value, conventions=conventions)):
        conventions = own_conventions(pages, (field,), conventions)
    return normalize(field, value, conventions=conventions)


def set_date_order(project: Project, order: str) -> int:
    """Set the order (a `DateOrder`) and read by it what was read otherwise; how many labels were. Raises `Invalid`.

    Values whose meaning a person chose stay. Harmless to repeat.
    """
    if order not in DateOrder.values:
        raise Invalid(
            gettext_noop("The order of dates is one of {known}, not {order!r}."),
            known=", ".join(DateOrder.values),
            order=order,
        )
    with transaction.atomic():
        before, project.date_order = project.date_order, order
        project.save(update_fields=["date_order"])
        count = _read_again(project, filter(date_order.depends_on_order, project.schema.fields), unread=False)
        if changes := audit_log.changed({"date_order": str(before)}, {"date_order": str(order)}):
            audit_log.record(AuditAction.PROJECT_CHANGED, project, project=project, changes=changes)
        return count


def read_unread(project: Project) -> int:
    """Normalise the values that could not be read while nothing told how they are printed; how many labels changed."""
    return _read_again(project, filter(matter, project.schema.fields), unread=True)


def _read_again(project: Project, fields: Iterable[Field], *, unread: bool) -> int:
    """Normalise anew the labels without a normalised value (`unread`), else also those read in another order."""
    conventions, count = of(project), 0
    by_name = {field.name: field for field in fields}
    for labels in _batches(project, by_name, unread=unread):
        pages = _pages(labels) if None in (conventions.day_order, conventions.decimal_sign) else {}
        changed = []
        for label in labels:
            read = _reading(by_name[label.field], label, conventions, pages.get(label.document_id, ()))
            if read is not None and read != label.normalized:
                label.normalized = read
                changed.append(label)
        Label.objects.bulk_update(changed, ["normalized"])
        ranking.refresh(project, {label.document_id for label in changed})
        count += len(changed)
    return count


def _batches(project: Project, fields: Iterable[str], *, unread: bool) -> Iterator[list[Label]]:
    """Labels whose meaning no person chose, a batch after the other, so that memory does not grow with the project."""
    rows = Label.objects.filter(
        document__project=project, field__in=list(fields), value__isnull=False, reading_chosen=False
    ).order_by("pk")
    rows = rows.filter(normalized=None) if unread else rows
    last = 0
    while labels := list(rows.filter(pk__gt=last)[:BATCH]):
        last = labels[-1].pk
        yield labels


def _pages(labels: Iterable[Label]) -> dict[int, tuple[Page, ...]]:
    """The pages of the documents of unread labels."""
    documents = {label.document_id for label in labels if label.normalized is None}
    rows = Document.objects.filter(pk__in=documents, state=Document.State.READY).prefetch_related("pages")
    return {document.pk: as_domain_pages(document.pages.all()) for document in rows}


def _reading(field: Field, label: Label, conventions: Conventions, pages: Sequence[Page]) -> str | None:
    """The label's value as it is read now; `None` where it was read for another reason than the order of its date."""
    value = label.value or ""
    orders: tuple[DayOrder, ...] = (None, "dmy", "mdy", "ymd")
    others = (Conventions(order, conventions.decimal_sign) for order in orders if order != conventions.day_order)
    by_order = (None, *(normalize(field, value, conventions=other) for other in others))
    return in_format(field, value, conventions, pages) if label.normalized in by_order else None
