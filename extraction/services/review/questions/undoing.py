"""Undoing an answer with all that followed from it, as far as nobody changed it since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from extraction.domain import label_sources
from extraction.models import Document, Label, Project, Question, Source, UnseenAcceptance, User
from extraction.services.errors import Conflict
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.review import actions, values
from extraction.services.review import messages as review_messages

State = Question.State
Review = Document.Review


@dataclass(frozen=True, slots=True)
class Undone:
    """The numbers of labels that were taken back, and of those that stay because somebody decided on them since."""

    taken_back: int = 0
    kept: int = 0


def undo(question: Question, *, actor: User) -> Undone:
    """Take back what the answer wrote, on all documents. Repeating it changes nothing; `Conflict` for an open one,
    `Invalid` where the field is no longer there."""
    values.check_field(question.label.document, question.label.field)
    with transaction.atomic():
        written = list(question.labels.order_by("pk"))
        actions.lock_all({question.label.document_id, *(label.document_id for label in written)})
        row = Question.objects.select_for_update(of=("self",), no_key=True).select_related("label").get(pk=question.pk)
        if row.state == State.UNDONE:
            return Undone()
        if row.state != State.ANSWERED:
            raise Conflict(review_messages.NOTHING_TO_UNDO)
        undone = take_back(question.project, list(row.labels.order_by("pk")), actor)
        # Not the whole row: its label may be another by now.
        Question.objects.filter(pk=row.pk).update(state=State.UNDONE)
        return undone


def take_back(project: Project, written: Sequence[Label], actor: User | None) -> Undone:
    """Restore what stood before the labels `written`, where nobody changed or decided on them since; those of fields
    that are no longer there stay."""
    keys = {label.document_id for label in written}
    documents, history = actions.lock_all(keys), _history(keys)
    inputs, before = [], dict[tuple[int, str], Label]()
    decided = {document.pk for document in documents.values() if _decided_since(document)}
    for label in written:
        if label.field not in project.schema:
            continue
        own = history[label.document_id, label.field]
        if own[-1].pk == label.pk and label.document_id not in decided:
            earlier = [each for each in own if each.pk < label.pk]
            if earlier and not earlier[-1].withdrawn:
                before[label.document_id, label.field] = earlier[-1]
            known = before.get((label.document_id, label.field))
            inputs.append(_restored(documents[label.document_id], label, known, actor))
    restored = store.write_many(project, inputs)
    for label in restored:
        if known := before.get((label.document_id, label.field)):
            _follow(known, label)
    # A document that these labels completed was accepted by nobody else.
    changed = Document.objects.filter(pk__in=[label.document_id for label in restored], review=Review.WAITING)
    changed.update(reviewer=None, reviewed=None)
    return Undone(len(restored), len(written) - len(restored))


def _history(documents: Collection[int]) -> dict[tuple[int, str], list[Label]]:
    """By document and field the labels that people gave, in their order."""
    people = label_sources.names(by_people=True)
    found: dict[tuple[int, str], list[Label]] = {}
    for label in Label.objects.filter(document__in=documents, source__in=people).order_by("pk"):
        found.setdefault((label.document_id, label.field), []).append(label)
    return found


def _decided_since(document: Document) -> bool:
    """Whether somebody decided on the whole document; one that answers or owners completed unseen is accepted as of
    then."""
    if document.review not in (Review.ACCEPTED, Review.REJECTED) or document.reviewed is None:
        return False
    completed = Question.objects.filter(user=document.reviewer, answered=document.reviewed)
    unseen = UnseenAcceptance.objects.filter(user=document.reviewer, accepted=document.reviewed)
    return not completed.exists() and not unseen.exists()


def _restored(document: Document, label: Label, before: Label | None, actor: User | None) -> LabelInput:
    if before is None:
        return LabelInput(document, label.field, None, Source.REVIEWER, spans=(), author=actor, withdrawn=True)
    return actions.confirmation(document, before, before.author, unseen=before.unseen)


def _follow(before: Label, restored: Label) -> None:
    """A label that an answer wrote stands again in a new row: its answer and the questions about it go with that."""
    for question in Question.objects.filter(labels=before):
        question.labels.add(restored)
    Question.objects.filter(label=before).update(label=restored)
