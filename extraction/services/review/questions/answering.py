"""Answers to questions: a yes confirms the label, a no corrects it, and both may hold for the vendor's documents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from extraction.domain.field_types import agree, same
from extraction.domain.pages import Span
from extraction.models import BestLabel, Document, Label, Project, Question, Source, User
from extraction.services import events
from extraction.services.errors import Conflict, NotFound
from extraction.services.labels import conventions, ranking, store
from extraction.services.labels.store import LabelInput
from extraction.services.review import actions, reservations, values
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.questions import messages, population, undoing, vendors

State, Answer = Question.State, Question.Answer
Review = Document.Review


@dataclass(frozen=True, slots=True)
class Correction:
    """The right value, `None` for "not on the document"; without `spans` it is located on the pages. `reading`: of
    several values that the text can mean, the one meant, in the field's format."""

    value: str | None
    spans: tuple[Span, ...] | None = None
    reading: str | None = None


def answer(question: Question, said: str, correction: Correction | None = None, *, actor: User) -> Question:
    """Record an answer and write the labels that follow from it; `said` is an `Answer`.

    A no without a correction writes nothing: the document waits for review. Repeating a request changes nothing; who
    knows more than the first who answered, such as the right value, completes that answer. Raises `Overwriting` where
    another person gave another value meanwhile, `Conflict` where the label changed (the question is stale then, and
    nothing is written) or another answer was given, and `Invalid` for a value that cannot be stored.
    """
    correction = _checked(question, correction) if said == Answer.NO else None
    with transaction.atomic():
        others = vendors.same(question) if said != Answer.UNKNOWN else []
        sources = vendors.sources_of(question.label)
        written = [label for source in sources for label in vendors.unseen_of(source)]
        documents = {question.label.document_id, *(row.document_id for row in others)}
        documents |= {label.document_id for label in written}
        document = actions.lock_all(documents).get(question.label.document_id)
        if document is None:
            raise NotFound(messages.NO_QUESTION)
        row = Question.objects.select_for_update(of=("self",), no_key=True).get(pk=question.pk)
        row.project = row.label.document.project = document.project
        refusal = _refusal(row, document, said, correction)
        if refusal is None and _is_open(row, said, correction):
            _record(row, document, said, correction, others, actor)
            if row.answer == Answer.NO:
                undoing.take_back(row.project, [label for label in written if label.pk != row.label_id], actor)
    if refusal is not None:
        raise refusal
    return row


def _refusal(row: Question, document: Document, said: str, correction: Correction | None) -> Conflict | None:
    if row.state == State.ANSWERED and not _is_open(row, said, correction):
        return _given(row, said, correction)
    return _changed(row, document, said, correction)


def _is_open(row: Question, said: str, correction: Correction | None) -> bool:
    """Whether the answer can be recorded: of an answered question one that knows more than the first."""
    if row.state != State.ANSWERED:
        return row.state in (State.OPEN, State.UNDONE)
    if row.answer == Answer.UNKNOWN:
        return said != Answer.UNKNOWN
    return row.answer == said == Answer.NO and correction is not None and not row.labels.exists()


def _checked(question: Question, correction: Correction | None) -> Correction | None:
    if correction is None:
        return None
    document = question.label.document
    value = values.check_value(document, question.label.field, correction.value)
    values.check_reading(document.project.schema[question.label.field], value, correction.reading)
    if correction.spans is not None:
        values.check_spans(document, correction.spans)
    return replace(correction, value=value)


def _given(row: Question, said: str, correction: Correction | None) -> Conflict | None:
    """The refusal of an answer after another one; none where it says the same, or nothing."""
    if said in (Answer.UNKNOWN, row.answer) and correction is None:
        return None
    written = row.labels.filter(document=row.label.document_id).select_related("author").first()
    if written is None:
        return Conflict(messages.answered(row))
    return None if _agrees(row, said, correction, written) else Overwriting(written)


def _changed(row: Question, document: Document, said: str, correction: Correction | None) -> Conflict | None:
    """Mark a question as stale whose label does not count any more; the refusal, unless the answer says the same."""
    asked = row.label.field in population.field_names(row.project)
    best = BestLabel.objects.filter(document=document, field=row.label.field).select_related("label__author").first()
    if asked and best is not None and best.label_id == row.label_id and document.review != Review.REJECTED:
        row.state = State.OPEN if row.state == State.STALE else row.state
        return None
    row.state = State.STALE
    row.save(update_fields=["state"])
    if said == Answer.UNKNOWN:
        return None
    if not asked or best is None or not best.by_people:
        return Conflict(messages.changed(row))
    return None if _agrees(row, said, correction, best.label) else Overwriting(best.label)


def _agrees(row: Question, said: str, correction: Correction | None, written: Label) -> bool:
    """Whether an answer says what a person wrote; a no without a value, that it is not what the label says."""
    if correction is None:
        meant = ranking.meaning(row.label) == ranking.meaning(written)
        return meant == (said == Answer.YES)
    if correction.reading is not None:
        return correction.reading == written.normalized
    field, printed = row.project.schema[row.label.field], conventions.of(row.project)
    return same(field, correction.value, written.value, conventions=printed)


def _record(
    row: Question,
    document: Document,
    said: str,
    correction: Correction | None,
    others: Sequence[BestLabel],
    actor: User,
) -> None:
    # Another spelling of the value: the label was right.
    right = correction is not None and _means_the_same(row, correction)
    row.state, row.answer = State.ANSWERED, Answer.YES if right else said
    row.user, row.answered, row.holder, row.held_until = actor, timezone.now(), None, None
    row.save()
    actions.begin_again(document)
    written = store.write_many(document.project, _labels(row, document, said, correction, others, actor))
    row.labels.set(written)
    complete(document.project, {label.document_id for label in written}, actor, row.answered)


def _means_the_same(row: Question, correction: Correction) -> bool:
    if correction.reading is not None:
        return correction.reading == row.label.normalized
    field = row.project.schema[row.label.field]
    return agree(field, row.label.value, correction.value, conventions=conventions.of(row.project))


def _labels(
    row: Question,
    document: Document,
    said: str,
    correction: Correction | None,
    others: Sequence[BestLabel],
    actor: User,
) -> Sequence[LabelInput]:
    """The labels that an answer gives, the asked document's first."""
    if said == Answer.YES:
        return [actions.confirmation(document, row.label, actor), *vendors.confirmed(others, actor)]
    if correction is None:
        return []
    value, reading = correction.value, correction.reading
    corrected = LabelInput(
        document,
        row.label.field,
        value,
        Source.REVIEWER,
        spans=() if value is None else correction.spans,
        normalized=reading,
        author=actor,
        reading_chosen=reading is not None,
    )
    if row.answer == Answer.YES:
        return [corrected, *vendors.confirmed(others, actor)]
    if value is None or reading is not None:
        return [corrected]
    return [corrected, *vendors.corrected(row.project, others, value, actor)]


def complete(project: Project, documents: Collection[int], actor: User, when: datetime) -> None:
    """Accept those waiting documents of which people answer for every field.

    A field without a label keeps its document waiting: nobody was asked about it, and nobody saw the whole document.
    """
    names = project.schema.names
    answered = Count("best_labels", filter=Q(best_labels__by_people=True, best_labels__field__in=names))
    rows = Document.objects.filter(pk__in=documents, review=Review.WAITING).annotate(answered_fields=answered)
    keys = list(rows.filter(answered_fields=len(names)).values_list("pk", flat=True))
    accepted = {"review": Review.ACCEPTED, "reviewer": actor, "reviewed": when, "skipped": None}
    Document.objects.filter(pk__in=keys).update(**accepted)
    reservations.release(keys, actor)
    decided = list(Document.objects.filter(pk__in=keys).select_related("project"))
    events.send_now(events.documents_decided, documents=decided)
