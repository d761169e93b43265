"""Filters of the review queue: documents with a certain field, reason or text, or those assigned to a reviewer.

They read `BestLabel`, one row for each field with a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from extraction.domain.fields import Field
from extraction.models import BestLabel, Document, Project, User
from extraction.services.errors import Invalid
from extraction.services.projects import schema_versions
from extraction.services.review import messages
from extraction.services.review.reasons import LOW_CONFIDENCE, ReasonCode

Review = Document.Review


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that all hold; an empty one holds always.

    `field`: that field is not confirmed, or `reason` is about it. `vendor`: a part of some text field's value.
    `assignee`: the document is assigned to that user.
    """

    field: str = ""
    reason: ReasonCode | None = None
    vendor: str = ""
    assignee: User | None = None

    @property
    def active(self) -> bool:
        return bool(self.field or self.reason or self.vendor or self.assignee)


EVERYTHING = Filter()


def documents(project: Project, chosen: Filter) -> QuerySet[Document]:
    """The read documents that match. Only those that wait, save for a missing label: accepted ones may lack one, too.

    Raises `Invalid` for an unknown field.
    """
    rows = Document.objects.filter(project=project, state=Document.State.READY)
    if chosen.reason is ReasonCode.NO_LABEL:
        rows = rows.exclude(review=Review.REJECTED)
    else:
        rows = rows.filter(review=Review.WAITING)
    if chosen.field or chosen.reason:
        rows = rows.filter(_waits(project, chosen))
    if chosen.vendor:
        rows = rows.filter(_names(project, chosen.vendor))
    if chosen.assignee:
        rows = rows.filter(assignment__user=chosen.assignee)
    return rows


def _waits(project: Project, chosen: Filter) -> Q:
    """Whether a field (the chosen one, or any) waits, for the chosen reason or for any."""
    name = chosen.field and schema_versions.renamed_to(project, chosen.field)
    if name is None:
        raise Invalid(messages.UNKNOWN_FIELD, name=chosen.field)
    fields = [field for field in project.schema.fields if name in ("", field.name)]
    return reduce(or_, (_holds(field, chosen.reason) for field in fields), Q(pk__in=[]))


def _holds(field: Field, reason: ReasonCode | None) -> Q:
    labels = BestLabel.objects.filter(document=OuterRef("pk"), field=field.name)
    if reason is ReasonCode.NO_LABEL:
        return Q(~Exists(labels))
    if reason is None:
        return Q(~Exists(labels.filter(by_people=True)))
    condition = _condition(field, reason)
    return Q(pk__in=[]) if condition is None else Q(Exists(labels.filter(condition, by_people=False)))


def _condition(field: Field, reason: ReasonCode) -> Q | None:
    """What `reasons` finds in a label, as a condition; `None` where the field never has that reason."""
    said = Q(label__value__isnull=False)
    match reason:
        case ReasonCode.UNSURE:
            return Q(label__unsure=True)
        case ReasonCode.LOW_CONFIDENCE:
            return Q(confidence__lt=LOW_CONFIDENCE)
        case ReasonCode.REQUIRED_BUT_ABSENT:
            return Q(label__value__isnull=True) if field.required else None
        case ReasonCode.NOT_ON_PAGE:
            return said & Q(label__spans=[]) if field.kind.alignable else None
        case ReasonCode.INVALID_VALUE:
            return said & Q(label__normalized__isnull=True) if field.kind.invalid else None
        case ReasonCode.OTHER_VALUE:
            return Q(disputed=True)
        case _:
            return None


def _names(project: Project, text: str) -> Q:
    """Whether the value of a text field contains `text`: that of the vendor, wherever the schema keeps it."""
    names = [field.name for field in project.schema.fields if not field.kind.typed]
    labels = BestLabel.objects.filter(document=OuterRef("pk"), project=F("document__project"), field__in=names)
    return Q(Exists(labels.filter(text__contains=" ".join(text.casefold().split()))))
