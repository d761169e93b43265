"""Mending of labels from the gallery of misses, by the same actions as in review."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.pages import Span
from extraction.domain.trust.causes import existing
from extraction.models import Document, Label, Report, ReportedMiss, User
from extraction.services.errors import NotFound
from extraction.services.labels import ranking
from extraction.services.review import actions


def find(report: Report, pk: int) -> ReportedMiss:
    """Raises `NotFound`."""
    row = report.misses.select_related("document__project__schema_version", "label").filter(pk=pk).first()
    if row is None:
        raise NotFound(gettext_noop("The report has no miss {number}."), number=str(pk))
    return row


def write(
    miss: ReportedMiss, value: str | None, *, known: int, actor: User, spans: Sequence[Span] | None = None
) -> Label:
    """Write a person's value (`None`: not on the document) for the field of a miss, on `spans` or where it is found.

    An accepted document stays accepted, now by `actor`; truth is corrected as truth. Raises what `actions.save` raises:
    `Overwriting` where another person wrote since, `Conflict` for a rejected document, `Invalid` for the value.
    """
    with transaction.atomic():
        document = actions.lock(miss.document)
        accepted = document.review == Document.Review.ACCEPTED and not label_sources.is_final(document.source)
        if accepted:
            actions.reopen(document)
        label = actions.save(document, miss.field, value, known=known, actor=actor, spans=spans, unlocked=True)
        if accepted:
            best = ranking.best(actions.lock(document))
            actions.accept(document, {name: each.pk for name, each in best.items()}, actor=actor)
        return label


def take_answer(miss: ReportedMiss, *, known: int, actor: User) -> Label:
    """Write what the system answered, on the words that it named; otherwise as `write`."""
    named = [Span.from_json(span) for span in miss.spans]
    spans = existing(named, miss.document.domain_pages())
    return write(miss, miss.printed, spans=spans or None, known=known, actor=actor)
