"""Documents of a split with the labels that answers are compared with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import QuerySet

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.pages import Page
from extraction.domain.results.reports import AGREEMENT
from extraction.models import BestLabel, Document, Label, Project, Source, Split
from extraction.services.errors import Invalid
from extraction.services.labels import conventions, ranking

REVIEWED = gettext_noop("Compared with labels that a person reviewed.")
BEGUN = gettext_noop(
    "Compared with labels that a person reviewed. {count} of these {total} began "
    "as answers of {teacher}, which favours "
    "it."
)
UNREVIEWED = gettext_noop("Nothing is reviewed yet: compared with the teacher's own labels, so {agreement!s}.")
AGAINST = ("truth", "best")

Truths = dict[int, dict[str, Label]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents and truths by primary key, a truth by field; `note` says in a sentence what the truths are."""

    project: Project
    split: str
    against: str
    note: str
    documents: dict[int, Document]
    truths: Truths
    conventions: Conventions
    _pages: dict[int, tuple[Page, ...]] = field(default_factory=dict)

    def pages(self, document: int) -> tuple[Page, ...]:
        """The words of a document, queried once for all systems."""
        if document not in self._pages:
            self._pages[document] = self.documents[document].domain_pages()
        return self._pages[document]


def select(project: Project, split: str, against: str) -> Corpus:
    """The labelled documents of a split that are not rejected.

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
    truths, note = _truths(_comparable(project, split), against)
    if not truths:
        raise Invalid(
            gettext_noop("No document of the split {split} in {project} has labels to compare with ({against})."),
            split=split,
            project=project,
            against=against,
        )
    rows = Document.objects.filter(pk__in=truths).select_related("project__schema_version").order_by("pk")
    return Corpus(
        project=project,
        split=split,
        against=against,
        note=note,
        documents={row.pk: row for row in rows},
        truths=truths,
        conventions=conventions.of(project),
    )


def _comparable(project: Project, split: str) -> QuerySet[Document]:
    ready = project.documents.filter(split=split, state=Document.State.READY)
    return ready.exclude(review=Document.Review.REJECTED)


def _truths(documents: QuerySet[Document], against: str) -> tuple[Truths, str]:
    """The labels that count as right, and a sentence that names them."""
    if against == "truth":
        return ranking.from_source(documents, Source.TRUTH), gettext_noop("Compared with truth.")
    checked = ranking.checked(documents)
    if checked:
        return checked, _begun(checked)
    return (
        ranking.best_for(documents, sources=[Source.TEACHER, Source.CLAIM]),
        UNREVIEWED.format(agreement=AGREEMENT),
    )


def has_truth(project: Project) -> bool:
    """Whether any document has truth to compare with."""
    return BestLabel.objects.filter(project=project, label__source=Source.TRUTH).exists()


def _begun(truths: Truths) -> str:
    """What the truths are, and the teacher from whose answers most of them were accepted, which favours it."""
    reviewed = {
        (pk, name): label
        for pk, row in truths.items()
        for name, label in row.items()
        if label.source == Source.REVIEWER
    }
    rows = Label.objects.filter(document__in=truths, source=Source.TEACHER, withdrawn=False)
    accepted = {
        (row.document_id, row.field, row.teacher)
        for row in rows
        if (label := reviewed.get((row.document_id, row.field))) and row.pk < label.pk and row.value == label.value
    }
    counts = Counter(teacher for _, _, teacher in accepted)
    if not counts:
        return REVIEWED
    teacher, count = counts.most_common(1)[0]
    return BEGUN.format(count=f"{count:,}", total=f"{len(reviewed):,}", teacher=teacher)
