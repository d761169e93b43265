"""Layouts of documents: kept when a document is read, made later for those that an earlier version read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet

from extraction.domain.errors import gettext_noop
from extraction.domain.label_quality.layouts import Layout, alike, matrix
from extraction.domain.progress import Progress, Silent, check
from extraction.models import Document, DocumentLayout, Page, Project

# Documents whose first pages are in memory at once.
BATCH = 50
# The newest clusters that a document is compared with.
MOST_CLUSTERS = 2000
COLUMNS = ("project", "vector", "legibility", "cluster")


def store(document: Document, first: Page) -> None:
    """Keep the layout of a document whose first page is `first`, in place of an earlier one; in the transaction that
    stores its pages."""
    _store(document.project_id, {document.pk: Layout.of(first.as_domain())})


def fill(project: Project, progress: Progress | None = None, *, most: int | None = None) -> int:
    """Make the layouts that documents lack, of `most` of them at most; how many still lack theirs.

    Harmless to repeat. Raises `Cancelled`.
    """
    waiting = list(lacking(project).order_by("pk").values_list("pk", flat=True))
    chosen = waiting[:most]
    for start in range(0, len(chosen), BATCH):
        check(progress or Silent())
        if progress is not None:
            progress.report(start, len(chosen), gettext_noop("Comparing documents"))
        _describe(project, chosen[start : start + BATCH])
    return len(waiting) - len(chosen)


def lacking(project: Project) -> QuerySet[Document]:
    """Documents that were read and have no layout yet."""
    return project.documents.filter(state=Document.State.READY, layout=None)


def clusters(documents: Iterable[int]) -> Mapping[int, int]:
    """The cluster of each document that has one; one query."""
    return dict(DocumentLayout.objects.filter(document__in=list(documents)).values_list("document", "cluster"))


def _describe(project: Project, documents: Sequence[int]) -> None:
    first = {page.document_id: page for page in Page.objects.filter(document__in=documents, number=0)}
    layouts = {pk: Layout.of(first[pk].as_domain()) if pk in first else Layout.blank() for pk in documents}
    with transaction.atomic():
        # Of a document that was read again meanwhile the newer one stays.
        held = Document.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=documents, layout=None)
        _store(project.pk, {pk: layouts[pk] for pk in held.order_by("pk").values_list("pk", flat=True)})


def _store(project: int, layouts: Mapping[int, Layout]) -> None:
    known = _Clusters.of(project, layouts)
    rows = [
        DocumentLayout(
            document_id=pk,
            project_id=project,
            vector=layout.vector,
            legibility=layout.legibility,
            cluster=known.of_document(pk, layout),
        )
        for pk, layout in layouts.items()
    ]
    DocumentLayout.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["document"], update_fields=list(COLUMNS)
    )


@dataclass(slots=True)
class _Clusters:
    """Clusters by the document that is the first of each, with its vector (leader clustering)."""

    vectors: dict[int, bytes]

    @classmethod
    def of(cls, project: int, without: Iterable[int]) -> _Clusters:
        rows = DocumentLayout.objects.filter(project=project, cluster=F("document")).exclude(document__in=list(without))
        newest = rows.order_by("-document").values_list("document", "vector")[:MOST_CLUSTERS]
        return cls({pk: bytes(vector) for pk, vector in newest})

    def of_document(self, document: int, layout: Layout) -> int:
        """The one that the document is alike; a new one of its own, where none is."""
        found = alike(layout.vector, matrix(self.vectors.values()))
        if found is not None:
            return list(self.vectors)[found]
        self.vectors[document] = layout.vector
        return document
