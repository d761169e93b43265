"""What reviewers do with a document. Every change is a new label row, so that nothing that was written is ever lost.

A page tells with each change which rows it knew (`known`: the newest row of the field that a person wrote). Where
somebody wrote another value since, the change is refused with `Overwriting` instead of hiding theirs. The same request
sent twice changes nothing the second time: a page may repeat it after a lost connection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from extraction.domain.pages import Span
from extraction.models import Document, Label, Source, User
from extraction.services.errors import Conflict, Invalid
from extraction.services.labels import store
from extraction.services.review.sheet import LONGEST_VALUE, PEOPLE, speaker

Review = Document.Review
DECIDED = (Review.ACCEPTED, Review.REJECTED)


class Overwriting(Conflict):
    """Somebody wrote another value meanwhile: `theirs` is that row."""

    def __init__(self, theirs: Label) -> None:
        self.theirs = theirs
        what = "took their value back" if theirs.withdrawn else f"wrote {_quoted(theirs.value)}"
        super().__init__(f"{speaker(theirs)} {what} for “{theirs.field}” at {theirs.created:%H:%M} UTC.")


class Incomplete(Invalid):
    """Required fields about which nobody said anything yet: `fields` names them."""

    def __init__(self, fields: Sequence[str]) -> None:
        self.fields = tuple(fields)
        super().__init__(f"Fill in or mark as “not on the document” first: {', '.join(fields)}.")


@dataclass(frozen=True, slots=True)
class Change:
    """A change to take back: the row it wrote first (`label`) and the newest row of the field that the page knows."""

    field: str
    label: int
    known: int


def save(
    document: Document,
    field: str,
    value: str | None,
    *,
    known: int,
    actor: User,
    spans: Sequence[Span] | None = None,
    unlocked: bool = False,
) -> Label:
    """Write a reviewer's value; `None` says that the field is not on the document.

    `unlocked` allows to correct truth, which writes a new truth row. Raises `Overwriting`, `Conflict` for a document
    that is decided or truth that is locked, `Invalid` for a value or spans that cannot be.
    """
    value = _checked(document, field, value)
    with transaction.atomic():
        document = _lock(document)
        rows = _rows(document, field)
        held = store.best_labels(rows, document.project.teacher).get(field)
        if held is not None and _stands(held, value, spans):
            return held
        _guard_others(rows, held, value, known)
        _guard_decision(document, held, unlocked)
        if spans is not None:
            _check_spans(document, spans)
        source = held.source if held and held.source == Source.TRUTH else Source.REVIEWER
        written = store.write(document, field, value, source=source, spans=spans, author=actor)
        _count(document)
        return written


def accept(document: Document, shown: Mapping[str, int], *, actor: User) -> list[Label]:
    """Confirm every field as the page showed it: `shown` holds the primary key of each field's label, 0 for none.

    Writes a reviewer's row for each field that no person has confirmed; an optional field about which nobody said
    anything becomes “not on the document”. Returns the rows written. Raises `Overwriting`, `Conflict`, `Incomplete`.
    """
    with transaction.atomic():
        document = _lock(document)
        rows = list(document.labels.select_related("author"))
        best = store.best_labels(rows, document.project.teacher)
        for field in document.project.schema.names:
            _guard_shown(rows, best.get(field), shown.get(field, 0))
        if document.review == Review.REJECTED:
            raise Conflict(f"{_decision(document)} Reopen it to accept it.")
        _guard_complete(document, best)
        written = store.write_many(document.project, _confirmations(document, best, actor))
        if document.review != Review.ACCEPTED or written:
            _decide(document, Review.ACCEPTED, actor)
        return written


def reject(document: Document, *, actor: User, reason: str = "") -> None:
    """Take the document out of the queue and of training; its labels stay. Raises `Conflict` for an accepted one."""
    with transaction.atomic():
        document = _lock(document)
        if document.review == Review.ACCEPTED:
            raise Conflict(f"{_decision(document)} Reopen it to reject it.")
        if document.review != Review.REJECTED:
            _decide(document, Review.REJECTED, actor, " ".join(reason.split())[:200])


def skip(document: Document) -> None:
    """Put the document at the end of the queue."""
    Document.objects.filter(pk=document.pk).update(skipped=timezone.now())


def unskip(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(skipped=None)


def reopen(document: Document) -> None:
    """Take back that the document was accepted or rejected; one that is open stays as it is."""
    with transaction.atomic():
        document = _lock(document)
        if document.review in DECIDED:
            # `refresh` then finds out from the labels whether it waits, or needs no review because all is truth.
            values = {"review": Review.UNLABELLED, "reviewer": None, "reviewed": None, "rejection": ""}
            Document.objects.filter(pk=document.pk).update(**values)
            store.refresh([document.pk], document.project.teacher)
            _count(document)


def undo(document: Document, changes: Sequence[Change], *, actor: User) -> list[Label]:
    """Restore what stood in each field before its change, by adding rows. Raises `Overwriting` and `Conflict`.

    A document that was decided is for `reopen` first.
    """
    with transaction.atomic():
        document = _lock(document)
        restored = [_restore(document, change, actor) for change in changes]
        _count(document)
        return restored


def _restore(document: Document, change: Change, actor: User) -> Label:
    rows = [label for label in _rows(document, change.field) if label.source in PEOPLE]
    latest = rows[-1] if rows else None
    undone = next((label for label in rows if label.pk == change.label), None)
    if latest is None or undone is None:
        raise Conflict("There is nothing to take back here.")
    earlier = [label for label in rows if label.pk < undone.pk and label.source == undone.source]
    before = earlier[-1] if earlier else None
    gone = before is None or before.withdrawn
    if latest.withdrawn == gone and (gone or (before is not None and latest.value == before.value)):
        return latest
    if latest.pk > change.known:
        raise Overwriting(latest)
    if before is None or gone:
        return store.write(document, change.field, None, source=undone.source, author=actor, spans=(), withdrawn=True)
    fields = before.as_domain()
    return store.write(document, change.field, fields.value, source=undone.source, spans=fields.spans, author=actor)


def _lock(document: Document) -> Document:
    """The row as it is now, held until the end of the transaction."""
    # `of`: only the document's own row; the joined project and its schema are read, not held. `no_key`: a worker that
    # writes labels of the document at this moment need not wait.
    rows = Document.objects.select_for_update(of=("self",), no_key=True)
    query = rows.select_related("project__schema_version", "reviewer")
    return query.get(pk=document.pk)


def _rows(document: Document, field: str) -> list[Label]:
    return list(document.labels.filter(field=field).select_related("author").order_by("pk"))


def _checked(document: Document, field: str, value: str | None) -> str | None:
    if field not in document.project.schema:
        raise Invalid(f"There is no field named {field!r}.")
    if value is None:
        return None
    value = " ".join(value.replace("\x00", " ").split())
    if not value:
        raise Invalid("An empty value says nothing: fill it in, or mark the field as “not on the document”.")
    if len(value) > LONGEST_VALUE:
        raise Invalid(f"A value may have at most {LONGEST_VALUE} characters.")
    return value


def _check_spans(document: Document, spans: Sequence[Span]) -> None:
    pages = document.domain_pages()
    for span in spans:
        if not 0 <= span.page < len(pages) or not 0 <= span.first <= span.last < len(pages[span.page].words):
            raise Invalid("The words that were chosen are not on this document.")


def _stands(held: Label, value: str | None, spans: Sequence[Span] | None) -> bool:
    """Whether a person has said exactly this already."""
    if held.source not in PEOPLE or held.value != value:
        return False
    return not spans or [span.to_json() for span in spans] == held.spans


def _guard_others(rows: Sequence[Label], held: Label | None, value: str | None, known: int) -> None:
    """Nobody else may have written since the page was read, unless they agree."""
    newer = [label for label in rows if label.source in PEOPLE and label.pk > known]
    if newer and (newer[-1].withdrawn or held is None or held.value != value):
        raise Overwriting(newer[-1])


def _guard_decision(document: Document, held: Label | None, unlocked: bool) -> None:
    truth = document.source == Source.TRUTH
    if truth and not unlocked:
        raise Conflict("This value is truth: unlock it to change it.")
    if document.review in DECIDED and not truth:
        raise Conflict(f"{_decision(document)} Reopen it to change it.")


def _guard_shown(rows: Sequence[Label], held: Label | None, shown: int) -> None:
    """What is accepted must be what was on the screen."""
    if held is None or held.pk == shown:
        return
    # A field without a label shows what “not on the document” shows: no value.
    seen = next((label.value for label in rows if label.pk == shown), None)
    if seen != held.value:
        raise Overwriting(held)


def _guard_complete(document: Document, best: Mapping[str, Label]) -> None:
    """A required field needs a value, or a person who says that the document has none."""
    missing = []
    for field in document.project.schema.fields:
        held = best.get(field.name)
        if field.required and (held is None or (held.value is None and held.source not in PEOPLE)):
            missing.append(field.title)
    if missing:
        raise Incomplete(missing)


def _confirmations(document: Document, best: Mapping[str, Label], actor: User) -> list[store.LabelInput]:
    statements = []
    for field in document.project.schema.names:
        held = best.get(field)
        if held is None or held.source not in PEOPLE:
            value = held.as_domain() if held else None
            statements.append(
                store.LabelInput(
                    document,
                    field,
                    value.value if value else None,
                    Source.REVIEWER,
                    spans=value.spans if value else (),
                    normalized=value.normalized if value else None,
                    author=actor,
                )
            )
    return statements


def _decide(document: Document, review: str, actor: User, rejection: str = "") -> None:
    Document.objects.filter(pk=document.pk).update(
        review=review,
        reviewer=actor,
        reviewed=timezone.now(),
        rejection=rejection,
        skipped=None,
        revision=F("revision") + 1,
    )


def _count(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(revision=F("revision") + 1)


def _decision(document: Document) -> str:
    """Who decided about the document, and how, as a sentence."""
    who = document.reviewer.get_username() if document.reviewer else "Its truth"
    how = Review(document.review).label.lower()
    when = f" at {document.reviewed:%H:%M} UTC" if document.reviewed else ""
    return f"{who} {how} this document{when}."


def _quoted(value: str | None) -> str:
    return "“not on the document”" if value is None else f"“{value}”"
