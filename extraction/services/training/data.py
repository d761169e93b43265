"""Input of a training: the labelled documents of its snapshot, and the unlabelled corpus of its project."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from extraction.domain.label_quality.weights import UNSURE
from extraction.domain.learning.training import Part, SnapshotItem
from extraction.engines.student.base import Example, Examples, TrainingData, UnlabelledCorpus
from extraction.models import CrossCheck, Document, Label, Project, Snapshot, Split, TrainingRun, as_domain_pages
from extraction.services import storage
from extraction.services.training import snapshots

if TYPE_CHECKING:
    from extraction.domain.field_types import DayOrder
    from extraction.domain.pages import Page

# Pages to pre-train on, about: more would take longer than training on labels.
MOST_PAGES = 1000
# Documents that are read at once.
BATCH = 100


def of_run(run: TrainingRun, snapshot: Snapshot, corpus: Iterable[Sequence[Page]]) -> TrainingData:
    """The data of a run, which pre-trains on `corpus`."""
    return _data(run, snapshot, corpus)


def of_fold(cross_check: CrossCheck, left_out: Collection[int]) -> TrainingData:
    """The data of a fold, whose documents (by key) are left out of training."""
    pages = (pages for _, pages in corpus(cross_check.project))
    return _data(cross_check, cross_check.snapshot, pages, left_out)


def _data(
    row: TrainingRun | CrossCheck,
    snapshot: Snapshot,
    corpus: Iterable[Sequence[Page]],
    left_out: Collection[int] = (),
) -> TrainingData:
    return TrainingData(
        schema=snapshot.schema_version.as_domain(),
        train=SnapshotExamples(snapshot, Part.TRAIN, without=left_out),
        validation=SnapshotExamples(snapshot, Part.VALIDATION),
        day_order=cast("DayOrder", row.day_order or None),
        unlabelled=UnlabelledCorpus(corpus, storage.project_folder(row.project) / "pretrained"),
    )


class SnapshotExamples(Examples):
    """The snapshot's documents of one part, read from the database in their order; documents and labels that were
    deleted since are left out, as are the documents of `without` (keys)."""

    def __init__(self, snapshot: Snapshot, part: Part, *, without: Collection[int] = ()) -> None:
        self._items = [item for item in snapshot.documents if item.part is part and item.document not in without]

    def __len__(self) -> int:
        """With those that were deleted since."""
        return len(self._items)

    def __iter__(self) -> Iterator[Example]:
        for first in range(0, len(self._items), BATCH):
            yield from _examples(self._items[first : first + BATCH])


def _examples(items: Sequence[SnapshotItem]) -> Iterator[Example]:
    documents = Document.objects.filter(pk__in=[item.document for item in items]).prefetch_related("pages").in_bulk()
    rows = Label.objects.in_bulk([pk for item in items for pk in item.labels.values()])
    for item in items:
        document = documents.get(item.document)
        labels = {name: rows[pk] for name, pk in item.labels.items() if pk in rows}
        if document is not None and labels:
            yield Example(
                id=document.sha256,
                pages=as_domain_pages(document.pages.all()),
                labels={name: label.value for name, label in labels.items()},
                weight=item.weight,
                field_weights=_weights(item, labels),
            )


def _weights(item: SnapshotItem, labels: Mapping[str, Label]) -> dict[str, float]:
    """As frozen; snapshots of before froze none, and counted what a source doubted by half."""
    doubted = {name: UNSURE for name, label in labels.items() if label.unsure}
    return {**item.weights} if item.weights else doubted


def corpus(project: Project, only: Collection[int] | None = None) -> Iterator[tuple[int, Sequence[Page]]]:
    """Keys and pages of the project's documents, labelled or not, or of those with these keys; documents of split
    `test` measure a student and are left out."""
    documents = snapshots.readable(project).exclude(split=Split.TEST).order_by("sha256").prefetch_related("pages")
    count = 0
    for document in documents.iterator(chunk_size=BATCH):
        if only is not None and document.pk not in only:
            continue
        pages = as_domain_pages(document.pages.all())
        yield document.pk, pages
        count += len(pages)
        if count >= MOST_PAGES:
            return
