"""Keeping files whose answers are unsure in the end: as documents that people review."""

from __future__ import annotations

import logging

from django.db.models import QuerySet

from extraction.domain.results.extraction import unsure
from extraction.models import Document, Project, Split
from extraction.services.documents import intake
from extraction.services.serving.escalation import settings
from extraction.services.serving.escalation.consulting import Consulted, Sent

logger = logging.getLogger(__name__)

# Kept documents of a project that may wait for review: more than people get to would fill the disk.
MOST_WAITING = 1000


def keep(sent: Sent, answered: Consulted) -> None:
    """Make a file of which the answer is unsure a document, where the project's owner wants that.

    It is read and labelled by the student as any other, and trained on: it was chosen for its difficulty, so it
    measures nothing. A file that is a document already stays what it is, and one that was deleted from the project
    since it came does not come back. Whatever goes wrong is logged: the answer stands.
    """
    try:
        if _wanted(sent, answered):
            document, created = intake.add_document(
                sent.project,
                sent.name,
                sent.path,
                split=Split.TRAIN,
                origin=Document.Origin.UNSURE,
                actor=sent.author,
            )
            # Others may have been kept at the same moment: those that came first stay.
            if created and _waiting(sent.project).filter(pk__lt=document.pk).count() >= MOST_WAITING:
                intake.take_back(document)
    except Exception:
        logger.exception("A file of project %s could not be kept for review.", sent.project.pk)


def waiting(project: Project) -> int:
    """How many kept documents wait for review; not those that could not be read."""
    return _waiting(project).count()


def _waiting(project: Project) -> QuerySet[Document]:
    rows = project.documents.filter(origin=Document.Origin.UNSURE).exclude(state=Document.State.FAILED)
    return rows.filter(review__in=(Document.Review.UNLABELLED, Document.Review.WAITING))


def _wanted(sent: Sent, answered: Consulted) -> bool:
    project = sent.project
    return (
        unsure(answered.result.fields or {})
        and settings.of(project).keep_unsure
        and not project.documents.filter(sha256=sent.sha256).exists()
        and not project.deletions.filter(sha256=sent.sha256, created__gte=sent.came).exists()
        and waiting(project) < MOST_WAITING
    )
