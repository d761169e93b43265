"""Fields that vendors keep: an answer holds for other documents with the same value, until one disagrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, prefetch_related_objects

from extraction.domain.alignment import align
from extraction.domain.label_quality.vendors import vendor_field
from extraction.models import BestLabel, Document, Label, Project, Question, Source, User
from extraction.services.labels import conventions, ranking
from extraction.services.labels.store import LabelInput
from extraction.services.quality.collecting import KnownVendors
from extraction.services.review import actions
from extraction.services.review.questions import population

# Documents of a vendor for which one answer holds.
MOST_DOCUMENTS = 400


def constant(project: Project, known: KnownVendors) -> set[tuple[str, str]]:
    """The vendors with the fields that they keep, without those in which a document disagreed with an answer."""
    kept = {(vendor, field) for vendor in set(known.vendor.values()) for field in known.constant}
    answered = Question.objects.filter(project=project, state=Question.State.ANSWERED)
    wrong = answered.filter(answer=Question.Answer.NO, label__unseen=True)
    disagreed = {(question.vendor, question.label.field) for question in contradicted(project)}
    return kept - disagreed - set(wrong.values_list("vendor", "label__field"))


def contradicted(project: Project) -> list[Question]:
    """The answers that held for a document of which a person said something else since, having looked at it."""
    held = Question.objects.filter(project=project, state=Question.State.ANSWERED, holds=True, labels__unseen=True)
    rows = held.annotate(written=F("labels")).values_list("pk", "written")
    labels = Label.objects.in_bulk([label for _, label in rows])
    people = BestLabel.objects.filter(
        project=project, by_people=True, label__unseen=False, document__in={row.document_id for row in labels.values()}
    )
    said = {(row.document_id, row.field): row.label for row in people.select_related("label")}

    def differs(label: Label) -> bool:
        best = said.get((label.document_id, label.field))
        return best is not None and best.pk > label.pk and ranking.meaning(best) != ranking.meaning(label)

    keys = {question for question, label in rows if differs(labels[label])}
    return list(Question.objects.filter(pk__in=keys).select_related("label").order_by("pk"))


def same(question: Question) -> list[BestLabel]:
    """The labels of the vendor's other documents with the asked value that no person answers for."""
    asked = BestLabel.objects.filter(label=question.label_id).first()
    named = vendor_field(question.project.schema)
    if not question.holds or asked is None or named is None or question.label.value is None:
        return []
    documents = BestLabel.objects.filter(project=question.project, field=named.name, text=question.vendor)
    rows = population.unseen(question.project).filter(
        field=asked.field, text=asked.text, by_people=False, document__in=documents.values("document")
    )
    waiting = rows.filter(document__review=Document.Review.WAITING).exclude(document=question.label.document_id)
    return list(waiting.select_related("label", "document").order_by("pk")[:MOST_DOCUMENTS])


def confirmed(rows: Iterable[BestLabel], actor: User) -> list[LabelInput]:
    """What a yes says about the labels of other documents."""
    return [actions.confirmation(row.document, row.label, actor, unseen=True) for row in rows]


def corrected(project: Project, rows: Sequence[BestLabel], value: str, actor: User) -> list[LabelInput]:
    """What another value says about them: the same, where it stands on the page too."""
    prefetch_related_objects(rows, "document__pages")
    printed, inputs = conventions.of(project), []
    for row in rows:
        places = align(project.schema[row.field], value, row.document.domain_pages(), conventions=printed)
        if places:
            inputs.append(
                LabelInput(
                    row.document, row.field, value, Source.REVIEWER, spans=places[0].spans, author=actor, unseen=True
                )
            )
    return inputs


def unseen_of(question: Question) -> list[Label]:
    """What its answer wrote on documents that nobody looked at."""
    return list(question.labels.filter(unseen=True).order_by("pk"))


def on_document_deleting(document: Document, **kwargs: Any) -> None:
    """Let answers that hold for other documents be about one of these: they can still be undone and contradicted."""
    for question in Question.objects.filter(label__document=document, state=Question.State.ANSWERED, holds=True):
        if (other := question.labels.exclude(document=document).order_by("pk").first()) is not None:
            Question.objects.filter(pk=question.pk).update(label=other)


def sources_of(label: Label) -> list[Question]:
    """The answers from which `label` was taken without a look at its document."""
    if not label.unseen:
        return []
    return list(Question.objects.filter(labels=label, state=Question.State.ANSWERED).select_related("label"))
