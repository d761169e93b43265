"""Accepting documents unseen: an owner's decision about those whose labels are all surely right.

It writes a reviewer's labels that are marked as not looked at, so they judge no teacher and stay among the labels from
which random questions are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from extraction.models import AuditAction, BestLabel, Document, LabelEstimator, Project, UnseenAcceptance, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid, NotFound
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.review.questions import answering, messages, undoing
from extraction.services.review.questions.undoing import Undone

# The probability with which each label of such a document is right, at least.
SURE = 0.99
# Labels that people have judged before the probabilities are trusted so far.
FEWEST_JUDGED = 50
# Documents of one decision, and decisions that a program is told of.
MOST, LISTED = 500, 20


@dataclass(frozen=True, slots=True)
class Acceptable:
    """The number of documents that could be accepted unseen, and the share of their labels that is probably wrong."""

    documents: int = 0
    wrong: float = 0.0

    @property
    def sentence(self) -> str:
        return messages.may_be_accepted(self.documents, SURE, self.wrong)


def acceptable(project: Project) -> Acceptable:
    """At most three queries."""
    keys = list(_documents(project).values_list("pk", flat=True)[:MOST])
    if not keys:
        return Acceptable()
    sure = BestLabel.objects.filter(document__in=keys, by_people=False)
    right = sure.aggregate(mean=Avg("label__quality__probability"))["mean"]
    return Acceptable(len(keys), 0.0 if right is None else 1 - right)


def latest(project: Project) -> UnseenAcceptance | None:
    """The newest decision that is not undone."""
    return project.unseen_acceptances.filter(undone=None).select_related("user").first()


def decisions(project: Project) -> list[UnseenAcceptance]:
    """The newest decisions, at most `LISTED`."""
    return list(project.unseen_acceptances.select_related("user")[:LISTED])


def accept(project: Project, *, actor: User) -> UnseenAcceptance:
    """Accept the documents whose labels are surely right, at most `MOST`. Raises `Invalid` where there are none."""
    with transaction.atomic():
        found = acceptable(project)
        documents = actions.lock_all(_documents(project).values_list("pk", flat=True)[:MOST])
        if not documents:
            raise Invalid(messages.NOTHING_SURE)
        labels = BestLabel.objects.filter(document__in=documents, by_people=False, field__in=project.schema.names)
        inputs = [
            actions.confirmation(documents[row.document_id], row.label, actor, unseen=True)
            for row in labels.select_related("label").order_by("document_id", "pk")
        ]
        row = UnseenAcceptance.objects.create(
            project=project, user=actor, accepted=timezone.now(), documents=len(documents), wrong=found.wrong
        )
        row.labels.set(store.write_many(project, inputs))
        answering.complete(project, documents, actor, row.accepted)
        changes = {"documents": len(documents), "wrong": found.wrong}
        audit_log.record(AuditAction.DOCUMENTS_ACCEPTED, row, project=project, by=actor, changes=changes)
        return row


def undo(project: Project, pk: int, *, actor: User) -> Undone:
    """Take the decision back where nobody changed or decided anything since. Raises `NotFound`."""
    with transaction.atomic():
        row = UnseenAcceptance.objects.select_for_update(no_key=True).filter(project=project, pk=pk).first()
        if row is None:
            raise NotFound(messages.NO_ACCEPTANCE)
        if row.undone is not None:
            return Undone()
        undone = undoing.take_back(project, list(row.labels.order_by("pk")), actor)
        UnseenAcceptance.objects.filter(pk=pk).update(undone=timezone.now())
        audit_log.record(AuditAction.LABELS_WITHDRAWN, row, project=project, by=actor)
        return undone


def _documents(project: Project) -> QuerySet[Document]:
    """Waiting ones with a label for each field, a person's or surely right; none before enough is known."""
    estimator = LabelEstimator.objects.filter(project=project).first()
    if estimator is None or estimator.value["labels"] < FEWEST_JUDGED:
        return Document.objects.none()
    names = project.schema.names
    unsure = BestLabel.objects.filter(document=OuterRef("pk"), by_people=False, field__in=names)
    doubtful = unsure.exclude(label__quality__probability__gte=SURE)
    rows = Document.objects.filter(project=project, state=Document.State.READY, review=Document.Review.WAITING)
    named = Count("best_labels", filter=Q(best_labels__field__in=names))
    complete = rows.annotate(labelled=named).filter(labelled=len(names))
    return complete.filter(~Exists(doubtful)).order_by("pk")
