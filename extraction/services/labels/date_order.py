"""Order of day and month in a project's dates: as its owner set it, else as its dates show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from django.db import transaction
from django.utils import timezone

from extraction.domain.alignment import own_day_order, printed_votes
from extraction.domain.field_types import DayOrder, is_ambiguous, normalize
from extraction.domain.field_types.readers.day_orders import Votes, votes_of
from extraction.domain.fields import Field
from extraction.domain.pages import Page
from extraction.models import DateOrder, Document, Label, Project, as_domain_pages
from extraction.services.errors import Invalid
from extraction.services.labels import ranking

# Enough printed dates to tell a project's order; more would only slow pages down.
DATES_LOOKED_AT, PAGES_LOOKED_AT = 500, 50
BATCH = 400


def day_order(project: Project, *, extra: Iterable[str] = ()) -> DayOrder:
    """Whether this project's documents print the day or the month first: as set, else as its dates and `extra` show."""
    if project.date_order != DateOrder.FOUND:
        return cast(DayOrder, project.date_order)
    return found(project, extra=extra).order


def found(project: Project, *, extra: Iterable[str] = ()) -> Votes:
    """What the project's newest dates show."""
    fields = [field.name for field in project.schema.fields if field.kind.uses_day_order]
    if not fields:
        return Votes()
    dates = Label.objects.filter(document__project=project, field__in=fields, value__isnull=False).order_by("-id")
    values = dates.values_list("value", flat=True)[:DATES_LOOKED_AT]
    votes = votes_of([*(value for value in values if value), *extra])
    if votes != Votes():
        return votes
    # Labels in a format of their own do not tell, but the dates do that are printed where they were found.
    newest = dates.select_related("document").prefetch_related("document__pages")[:PAGES_LOOKED_AT]
    printed = ((label.value or "", label.document.domain_pages()) for label in newest)
    return printed_votes(printed, today=timezone.now().date())


def has_dates(project: Project) -> bool:
    """Whether the order matters for any field."""
    return any(map(depends_on_order, project.schema.fields))


def depends_on_order(field: Field) -> bool:
    """Whether reading the field's values depends on the order; a group's do by its parts."""
    return field.kind.uses_day_order or any(part.kind.uses_day_order for part in field.fields)


def in_format(field: Field, value: str | None, order: DayOrder, pages: Sequence[Page]) -> str | None:
    """The value in the field's format; `None` where there is none or it cannot be read with certainty.

    Where the project's order is unknown, the document's `pages` may tell their own.
    """
    if value is None:
        return None
    if order is None and pages and depends_on_order(field) and (field.fields or is_ambiguous(field, value)):
        order = own_day_order(pages)
    return normalize(field, value, day_order=order)


def change(project: Project, order: str) -> int:
    """Set the order (a `DateOrder`) and read by it what was read otherwise; how many labels were. Raises `Invalid`.

    Values whose meaning a person chose stay. Harmless to repeat.
    """
    if order not in DateOrder.values:
        raise Invalid(f"The order of dates is one of {', '.join(DateOrder.values)}, not {order!r}.")
    with transaction.atomic():
        project.date_order = order
        project.save(update_fields=["date_order"])
        return _read_again(project, unread=False)


def renormalise_dates(project: Project) -> int:
    """Normalise the dates that could not be read while nothing told their order; how many labels changed."""
    return _read_again(project, unread=True)


def _read_again(project: Project, *, unread: bool) -> int:
    """Normalise anew the labels without a normalised value (`unread`), else also those read in the other order."""
    order, count = day_order(project), 0
    fields = {field.name: field for field in project.schema.fields if depends_on_order(field)}
    for labels in _batches(project, fields, unread=unread):
        pages = _pages(labels) if order is None else {}
        changed = []
        for label in labels:
            read = _reading(fields[label.field], label, order, pages.get(label.document_id, ()))
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


def _reading(field: Field, label: Label, order: DayOrder, pages: Sequence[Page]) -> str | None:
    """The label's value as it is read now; `None` where it was read for another reason than the order."""
    other: DayOrder = None if order is None else "mdy" if order == "dmy" else "dmy"
    value = label.value or ""
    by_order = (None, normalize(field, value), normalize(field, value, day_order=other))
    return in_format(field, value, order, pages) if label.normalized in by_order else None
