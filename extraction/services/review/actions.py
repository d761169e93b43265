"""Actions of reviewers on a document. Every change adds label rows, so that no earlier value is lost.

A page sends with each change the rows that it knew (`known`: the newest row of the field that a person wrote). Where
another person wrote another value since, the change is refused with `Overwriting` (see `conflicts`). Repeating a
request, as a page does after a lost connection, changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.pages import Span
from extraction.models import Document, Label, Source, User
from extraction.services import events
from extraction.services.errors import Conflict, NotFound
from extraction.services.labels import ranking, store
from extraction.services.labels.store import LabelInput
from extraction.services.review import conflicts, messages, reservations, values
from extraction.services.review.conflicts import DECIDED, Overwriting
from extraction.services.review.tables import changes as tables
from extraction.services.review.tables import undoing

Review = Document.Review


@dataclass(frozen=True, slots=True)
class Change:
    """A change to undo: the first and the last row that it wrote (`label`, `last`; 0: the first alone) and the newest
    row of the field that the page knows."""

    field: str
    label: int
    known: int
    last: int = 0


def save(
    document: Document,
    field: str,
    value: str | None,
    *,
    known: int,
    actor: User,
    spans: Sequence[Span] | None = None,
    unlocked: bool = False,
    reading: str | None = None,
    base: tables.Base = None,
) -> Label:
    """Write a reviewer's value and return its row; `None` means that the field is not on the document.

    `reading`: of several values that the printed one can mean, the one that the reviewer chose, in the field's format.
    `base`: the rows of a group that the change began with; what other people changed in other rows since stays.
    `unlocked` allows to correct truth, which writes a new truth row. Without `spans` the value is located on the pages.
    Raises `Overwriting`, `Conflict` for a document that is decided or truth that is locked, and `Invalid` for a value
    or spans that cannot be stored.
    """
    value = values.check_value(document, field, value)
    values.check_reading(document.project.schema[field], value, reading)
    with transaction.atomic():
        document = lock(document)
        labels = _labels(document, field)
        best = ranking.best_labels(labels, document.project.teacher).get(field)
        if best is not None and _is_saved(best, value, spans, reading):
            return best
        declared = document.project.schema[field]
        if declared.kind.has_parts and value is not None and base is not None:
            value = tables.with_others(declared, labels, best, value, known, base)
            if best is not None and _is_saved(best, value, spans, reading):
                return best
        else:
            conflicts.check_others(labels, best, value, known, reading)
        conflicts.check_open(document, best, unlocked)
        if spans is not None:
            values.check_spans(document, spans)
        source = best.source if best and best.source_kind.final else Source.REVIEWER
        begin_again(document)
        return store.write(
            document,
            field,
            value,
            source=source,
            spans=spans,
            author=actor,
            normalized=reading,
            reading_chosen=reading is not None,
        )


def accept(document: Document, shown: Mapping[str, int], *, actor: User) -> list[Label]:
    """Confirm every field as the page showed it: `shown` holds the primary key of each field's label, 0 for none.

    Writes a reviewer's row for each label that no person has confirmed; a field without a label stays without, since
    nobody was asked about it. Returns the rows written. Raises `Overwriting`, `Conflict` for a rejected document,
    `Incomplete`, and `Invalid` where no field has a label.
    """
    with transaction.atomic():
        document = lock(document)
        labels = list(document.labels.select_related("author"))
        best = ranking.best_labels(labels, document.project.teacher)
        for field in document.project.schema.names:
            own = [label for label in labels if label.field == field]
            conflicts.check_shown(own, best.get(field), shown.get(field, 0))
        if document.review == Review.REJECTED:
            raise Conflict(messages.decided(document, messages.Intention.ACCEPT))
        conflicts.check_complete(document, best)
        written = store.write_many(document.project, _confirmations(document, best, actor))
        if document.review != Review.ACCEPTED or written:
            _decide(document, Review.ACCEPTED, actor)
        return written


def reject(document: Document, *, actor: User, reason: str = "") -> None:
    """Take the document out of the queue and of training; its labels stay. Raises `Conflict` for an accepted one."""
    with transaction.atomic():
        document = lock(document)
        if document.review == Review.ACCEPTED:
            raise Conflict(messages.decided(document, messages.Intention.REJECT))
        if document.review != Review.REJECTED:
            _decide(document, Review.REJECTED, actor, " ".join(reason.split())[:200])


def skip(document: Document, *, actor: User) -> None:
    """Put the document at the end of the queue."""
    Document.objects.filter(pk=document.pk).update(skipped=timezone.now())
    reservations.release([document.pk], actor)


def unskip(document: Document) -> None:
    """Put the document back to its place in the queue."""
    Document.objects.filter(pk=document.pk).update(skipped=None)


def reopen(document: Document) -> None:
    """Undo that the document was accepted or rejected; an open one stays as it is."""
    with transaction.atomic():
        document = lock(document)
        if document.review in DECIDED:
            # `refresh` then derives from the labels whether it waits, or needs no review because all is truth.
            columns = {"review": Review.UNLABELLED, "reviewer": None, "reviewed": None, "rejection": ""}
            Document.objects.filter(pk=document.pk).update(**columns)
            ranking.refresh(document.project, [document.pk])


def undo(document: Document, changes: Sequence[Change], *, actor: User) -> list[Label]:
    """Restore the value of each field before its change by adding rows, which are returned.

    A document that was decided is for `reopen` first. Raises `Overwriting`, then nothing is restored and there is
    nothing to choose, and `Conflict` for an unknown change.
    """
    try:
        with transaction.atomic():
            document = lock(document)
            return [_restore(document, change, actor) for change in changes]
    except Overwriting as error:
        raise Overwriting(error.theirs, messages.not_undone(error.theirs, error.rows)) from None


def _restore(document: Document, change: Change, actor: User) -> Label:
    labels = [label for label in _labels(document, change.field) if label.source_kind.by_people]
    latest = labels[-1] if labels else None
    undone = next((label for label in labels if label.pk == change.label), None)
    if latest is None or undone is None:
        raise Conflict(messages.NOTHING_TO_UNDO)
    if document.project.schema[change.field].kind.has_parts and undoing.others_wrote(labels, change.label, actor):
        return _restore_rows(document, change, latest, actor)
    earlier = [label for label in labels if label.pk < undone.pk and label.source == undone.source]
    before = earlier[-1] if earlier and not earlier[-1].withdrawn else None
    if latest.withdrawn == (before is None) and (before is None or _is_same(latest, before)):
        return latest
    if latest.pk > change.known:
        raise Overwriting(latest)
    if before is None:
        return store.write(document, change.field, None, source=undone.source, author=actor, spans=(), withdrawn=True)
    return store.write(
        document,
        change.field,
        before.value,
        source=undone.source,
        spans=before.as_domain().spans,
        author=actor,
        normalized=before.normalized if before.reading_chosen else None,
        reading_chosen=before.reading_chosen,
    )


def _restore_rows(document: Document, change: Change, latest: Label, actor: User) -> Label:
    """Take the rows of a change back and leave what other people changed in other rows."""
    field = document.project.schema[change.field]
    text = undoing.restored(document, field, change.label, change.last, actor)
    return latest if text is None else store.write(document, field.name, text, source=latest.source, author=actor)


def _is_same(label: Label, other: Label) -> bool:
    """Whether both have one value, and one meaning of it where a person chose that."""
    chosen = label.reading_chosen or other.reading_chosen
    return label.value == other.value and (not chosen or label.normalized == other.normalized)


def lock(document: Document) -> Document:
    """The current row, locked until the end of the transaction. Raises `NotFound` where it was deleted meanwhile."""
    row = lock_all([document.pk]).get(document.pk)
    if row is None:
        raise NotFound(gettext_noop("This document was deleted meanwhile."))
    return row


def lock_all(documents: Iterable[int]) -> dict[int, Document]:
    """The current rows by key, locked in the order of their keys until the end of the transaction."""
    # `of`: only the document's own row; the joined project and its schema are read, not locked. `no_key`: a worker that
    # writes labels of the document at this moment need not wait.
    rows = Document.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(documents)).order_by("pk")
    return {row.pk: row for row in rows.select_related("project__schema_version", "reviewer")}


def _labels(document: Document, field: str) -> list[Label]:
    return list(document.labels.filter(field=field).select_related("author").order_by("pk"))


def begin_again(document: Document) -> None:
    """Forget who accepted a document that waits again for a new label: it is accepted anew once it is gone through."""
    Document.objects.filter(pk=document.pk, review=Review.WAITING).update(reviewer=None, reviewed=None)


def _is_saved(label: Label, value: str | None, spans: Sequence[Span] | None, reading: str | None) -> bool:
    """Whether `label` is a person's, of exactly this value, and of this meaning and on these words if any are given."""
    if not label.source_kind.by_people or label.value != value:
        return False
    if reading is not None and not (label.reading_chosen and label.normalized == reading):
        return False
    return not spans or [span.to_json() for span in spans] == label.spans


def _confirmations(document: Document, best: Mapping[str, Label], actor: User) -> list[LabelInput]:
    """A reviewer's row for each field in force whose best label is not a person's."""
    labels = [best[field] for field in document.project.schema.names if field in best]
    return [confirmation(document, label, actor) for label in labels if not label.source_kind.by_people]


def confirmation(document: Document, label: Label, actor: User | None, *, unseen: bool = False) -> LabelInput:
    """A reviewer's row with the value and the place of `label`; `unseen`: nobody looked at the document for it."""
    value = label.as_domain()
    return LabelInput(
        document,
        label.field,
        value.value,
        Source.REVIEWER,
        spans=value.spans,
        normalized=value.normalized,
        author=actor,
        reading_chosen=label.reading_chosen,
        unseen=unseen,
    )


def _decide(document: Document, review: str, actor: User, rejection: str = "") -> None:
    document.review, document.reviewer, document.reviewed = review, actor, timezone.now()
    document.rejection, document.skipped = rejection, None
    document.save(update_fields=["review", "reviewer", "reviewed", "rejection", "skipped"])
    reservations.release([document.pk], actor)
    events.send_now(events.documents_decided, documents=[document])
