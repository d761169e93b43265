"""Order of day and month in a project's dates: as its owner set it, else as its dates show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.utils import timezone

from extraction.domain.alignment import printed_votes
from extraction.domain.field_types import DayOrder
from extraction.domain.field_types.readers.day_orders import Votes, votes_of
from extraction.domain.fields import Field
from extraction.models import DateOrder, Label, Project

# Enough printed dates to tell a project's order; more would only slow pages down.
DATES_LOOKED_AT, PAGES_LOOKED_AT = 500, 50


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
    # What people typed into tables says nothing about how documents print dates.
    labels = Label.objects.filter(document__project=project, claim_import=None)
    dates = labels.filter(field__in=fields, value__isnull=False).order_by("-id")
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
