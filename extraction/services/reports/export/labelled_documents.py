"""Documents of a project with their best labels, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field
from extraction.domain.line_items.rows import groups
from extraction.models import Document, Label, Project
from extraction.services.documents.filters import ALL, Filter
from extraction.services.documents.imports.document_names import told_apart
from extraction.services.documents.ordering import OLDEST, Order
from extraction.services.errors import Invalid
from extraction.services.labels import alternatives, ranking
from extraction.services.labels.alternatives import Alternative

Best = Mapping[str, Label]
Others = Mapping[str, Sequence[Alternative]]

BATCH = 400


@dataclass(frozen=True, slots=True)
class Selected:
    """The documents of a project that fulfil a condition, in an order; `group` names the field whose rows are wanted.

    Raises `Invalid` for a name that is none of the project's groups.
    """

    project: Project
    condition: Filter = ALL
    order: Order = OLDEST
    group: str = ""

    def __post_init__(self) -> None:
        names = [field.name for field in groups(self.project.schema)]
        if self.group and self.group not in names:
            raise Invalid(
                gettext_noop("There is no group {name!r}; the project's groups: {names}."),
                name=self.group,
                names=", ".join(names) or "-",
            )

    @property
    def rows_of(self) -> Field | None:
        """The group whose rows are wanted, the first one where none is named; `None` in a project without groups."""
        return next((field for field in groups(self.project.schema) if self.group in ("", field.name)), None)


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document, a file name that no other document of the project has, its best label of each field, and the other
    values of those for which no person answers."""

    document: Document
    file: str
    labels: Best
    alternatives: Others


def labelled_documents(selected: Selected) -> Iterator[LabelledDocument]:
    """Selected documents with labels, without rejected ones.

    Two queries for each `BATCH` of documents: memory does not grow with the project.
    """
    shared = _shared_names(selected.project)
    for batch in _batches(selected):
        said = _said(batch, selected.project.teacher)
        for document in batch:
            yield LabelledDocument(document, _file(document, shared), *said.get(document.pk, ({}, {})))


def _said(documents: Sequence[Document], teacher: str) -> dict[int, tuple[Best, Others]]:
    """The best labels and the other values of these documents by primary key; one query."""
    rows = Label.objects.filter(document__in=[document.pk for document in documents]).select_related("quality")
    said = dict[int, tuple[Best, Others]]()
    # One document after the other, so that only one document's history is in memory at a time.
    for pk, group in groupby(rows.order_by("document_id", "pk").iterator(), key=lambda label: label.document_id):
        history = list(group)
        best = ranking.best_labels(history, teacher)
        said[pk] = best, alternatives.of_document(best, history)
    return said


def _batches(selected: Selected) -> Iterator[list[Document]]:
    rows = selected.condition.of(selected.project).exclude(source="").exclude(review=Document.Review.REJECTED)
    last = None
    while batch := list(selected.order.part(rows, last)[:BATCH]):
        yield batch
        last = selected.order.position(batch[-1])


def _shared_names(project: Project) -> set[str]:
    """Names that several documents have: files come from folders, and only their last part is kept."""
    names = project.documents.order_by().values("name").annotate(count=Count("pk")).filter(count__gt=1)
    return set(names.values_list("name", flat=True))


def _file(document: Document, shared: set[str]) -> str:
    """The document's name; where others have it too, with the start of its hash, lest labels go to a wrong file."""
    return told_apart(document.name, document.sha256) if document.name in shared else document.name
