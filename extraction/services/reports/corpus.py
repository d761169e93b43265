"""Documents of a split with the labels that answers are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.pages import Page
from extraction.domain.results.reports import AGREEMENT
from extraction.models import BestLabel, Document, Label, Project, Source, Split
from extraction.models import Page as PageRow
from extraction.models.documents import as_domain_pages
from extraction.services.errors import Invalid
from extraction.services.labels import conventions, ranking

TRUTH = gettext_noop("Compared with truth.")
REVIEWED = gettext_noop("Compared with labels that a person reviewed.")
BEGUN = gettext_noop(
    "Compared with labels that a person reviewed. {count} of these {total} began "
    "as answers of {teacher}, which favours "
    "it."
)
UNREVIEWED = gettext_noop("Nothing is reviewed yet: compared with the teacher's own labels, so {agreement!s}.")
AGAINST = ("truth", "best")
# Documents in memory at a time, with their labels and, where somebody reads them, their words.
BATCH = 100

Truths = dict[int, dict[str, Label]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents and truths of a project by primary key, a truth by field in force."""

    project: Project
    conventions: Conventions
    documents: dict[int, Document]
    truths: Truths
    _pages: dict[int, tuple[Page, ...]] = field(default_factory=dict)

    @property
    def rows(self) -> QuerySet[Document]:
        return Document.objects.filter(pk__in=self.documents)

    def pages(self, document: int) -> tuple[Page, ...]:
        """The words of a document; those of the whole batch are queried when the first are asked for."""
        if not self._pages:
            found: dict[int, list[PageRow]] = {pk: [] for pk in self.documents}
            for page in PageRow.objects.filter(document__in=self.documents):
                found[page.document_id].append(page)
            self._pages.update((pk, as_domain_pages(pages)) for pk, pages in found.items())
        return self._pages[document]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Keys of documents, in order, and where their truths come from: `sources`, and what people have `seen` alone.

    `stored`: of students the answers that they gave before count, where there are any.
    """

    project: Project
    split: str
    against: str
    documents: tuple[int, ...]
    sources: tuple[str, ...]
    seen: bool
    conventions: Conventions
    stored: bool = False

    def batches(self) -> Iterator[Batch]:
        """All documents that have a truth, at most `BATCH` at a time; a fixed number of queries each."""
        names = set(self.project.schema.names)
        for start in range(0, len(self.documents), BATCH):
            rows = Document.objects.filter(pk__in=self.documents[start : start + BATCH])
            found = ranking.best_for(rows, sources=self.sources, seen=self.seen)
            truths = {pk: {name: label for name, label in row.items() if name in names} for pk, row in found.items()}
            truths = {pk: truths[pk] for pk in sorted(truths) if truths[pk]}
            documents = Document.objects.select_related("project__schema_version").in_bulk(list(truths))
            truths = {pk: row for pk, row in truths.items() if pk in documents}
            yield Batch(self.project, self.conventions, documents, truths)

    def note(self) -> str:
        """What the truths are, in a sentence, with the teacher from whose answers most began, which favours it."""
        if self.against == "truth":
            return TRUTH
        return self._begun() if self.seen else UNREVIEWED.format(agreement=AGREEMENT)

    def _begun(self) -> str:
        total, counts = 0, Counter[str]()
        for batch in self.batches():
            reviewed = {
                (pk, name): label
                for pk, row in batch.truths.items()
                for name, label in row.items()
                if label.source == Source.REVIEWER
            }
            rows = Label.objects.filter(document__in=batch.truths, source=Source.TEACHER, withdrawn=False)
            accepted = {
                (row.document_id, row.field, row.teacher)
                for row in rows.defer("spans", "rows")
                if (label := reviewed.get((row.document_id, row.field)))
                and row.pk < label.pk
                and row.value == label.value
            }
            total += len(reviewed)
            counts.update(teacher for _, _, teacher in accepted)
        if not counts:
            return REVIEWED
        teacher, count = counts.most_common(1)[0]
        return BEGUN.format(count=f"{count:,}", total=f"{total:,}", teacher=teacher)


def select(project: Project, split: str, against: str, *, stored: bool = False) -> Corpus:
    """The labelled documents of a split that are not rejected; a fixed number of queries.

    Raises `Invalid` for an unknown split or `against`, and where nothing can be compared.
    """
    if split not in Split.values:
        raise Invalid(
            gettext_noop("A split is one of {splits}, not {split!r}."), splits=", ".join(Split.values), split=split
        )
    if against not in AGAINST:
        raise Invalid(
            gettext_noop("A report compares with {choices}, not {against!r}."),
            choices=" or ".join(AGAINST),
            against=against,
        )
    sources, seen, documents = _compared(_comparable(project, split), against)
    if not documents:
        raise Invalid(
            gettext_noop("No document of the split {split} in {project} has labels to compare with ({against})."),
            split=split,
            project=project,
            against=against,
        )
    return Corpus(project, split, against, documents, sources, seen, conventions.of(project), stored)


def _comparable(project: Project, split: str) -> QuerySet[Document]:
    ready = project.documents.filter(split=split, state=Document.State.READY)
    return ready.exclude(review=Document.Review.REJECTED)


def _compared(documents: QuerySet[Document], against: str) -> tuple[tuple[str, ...], bool, tuple[int, ...]]:
    """The sources of labels that count as right, whether only what people have seen does, and the documents."""
    if against == "truth":
        sources: tuple[str, ...] = (Source.TRUTH,)
        return sources, False, _with_best(documents, sources)
    people = tuple(label_sources.names(by_people=True))
    if checked := _with_best(documents, people, unseen=False):
        return people, True, checked
    sources = (Source.TEACHER, Source.CLAIM)
    labels = Label.objects.filter(document=OuterRef("pk"), source__in=sources, withdrawn=False)
    return sources, False, _keys(documents.filter(Exists(labels)))


def _with_best(documents: QuerySet[Document], sources: tuple[str, ...], **label: bool) -> tuple[int, ...]:
    """Those with a best label of these sources."""
    best = BestLabel.objects.filter(document=OuterRef("pk"), label__source__in=sources)
    return _keys(documents.filter(Exists(best.filter(**{f"label__{name}": value for name, value in label.items()}))))


def _keys(documents: QuerySet[Document]) -> tuple[int, ...]:
    return tuple(documents.order_by("pk").values_list("pk", flat=True))


def locked(documents: Iterable[int]) -> set[int]:
    """Those of the documents that were not deleted meanwhile, and are not until the transaction ends."""
    rows = Document.objects.select_for_update(no_key=True).filter(pk__in=list(documents)).order_by("pk")
    return set(rows.values_list("pk", flat=True))


def has_truth(project: Project) -> bool:
    """Whether any document has truth to compare with."""
    return BestLabel.objects.filter(project=project, label__source=Source.TRUTH).exists()
