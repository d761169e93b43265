"""The page of one document: its pages with their words, its fields with their labels."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field
from extraction.domain.pages import Box, Span
from extraction.domain.pages import Page as Words
from extraction.models import Document, Page, Project, Role
from extraction.services import storage
from extraction.services.documents import intake, listing
from extraction.services.documents.listing import FieldLabels
from extraction.services.errors import Conflict, Invalid
from extraction.services.privacy.forgetting import lineage
from extraction.services.privacy.forgetting.lineage import Learner
from extraction.services.privacy.messages import of_learner
from extraction.web.access import ProjectRequest, project_view

DELETE_WORD = "delete"


@dataclass(frozen=True, slots=True)
class FieldBox:
    """A rectangle on a page around a field's value, in thousandths of the page as SVG attributes."""

    field: Field
    x: str
    y: str
    width: str
    height: str

    @classmethod
    def of(cls, field: Field, box: Box) -> "FieldBox":
        x, y = 1000 * box.x0, 1000 * box.y0
        sizes = (x, y, 1000 * box.x1 - x, 1000 * box.y1 - y)
        return cls(field, *(f"{size:.1f}" for size in sizes))


@dataclass(frozen=True, slots=True)
class PageView:
    """A page with the boxes of the current values."""

    row: Page
    boxes: Sequence[FieldBox]


@require_GET
@project_view()
def document(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    row = _find(project, pk, "author", "reviewer", "duplicate_of")
    pages = list(row.pages.all())
    words = [page.as_domain() for page in pages]
    fields = listing.labels_by_field(row)
    boxes = _boxes(fields, words)
    context = {
        "document": row,
        "pages": [PageView(page, boxes.get(page.number, ())) for page in pages],
        "fields": fields,
        "delete_word": DELETE_WORD,
        "held": row.held or project.held,
        "learners": [of_learner(learner) for learner in _learners(row)] if request.access.may_own else [],
    }
    return render(request, "documents/document.html", context)


def _learners(row: Document) -> Sequence[Learner]:
    return lineage.of_documents(row.project, row.project.documents.filter(pk=row.pk))


@require_GET
@project_view()
def words(request: HttpRequest, project: Project, pk: int, number: int) -> HttpResponse:
    """The boxes of a page's words, fetched when somebody wants to see them."""
    page = get_object_or_404(_find(project, pk).pages, number=number)
    return render(request, "documents/_words.html", {"words": page.as_domain().words})


@require_GET
@project_view()
def rows(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    """Where the rows of a group (`?field=…`) stand: `[row, page, x, y, width, height]` in thousandths of the page.

    Fetched once the page is shown: the places of rows are looked for, which takes a while.
    """
    name = request.GET.get("field", "")
    if name not in project.schema or not project.schema[name].kind.has_parts:
        raise Invalid(gettext_noop("There is no such field."))
    field = project.schema[name]
    boxes = [
        (number, place.page, FieldBox.of(field, place.box))
        for number, place in listing.row_boxes(_find(project, pk), field)
    ]
    found = [[number, page, box.x, box.y, box.width, box.height] for number, page, box in boxes]
    return JsonResponse({"boxes": found})


@require_POST
@project_view(Role.REVIEWER)
def reread(request: HttpRequest, project: Project, pk: int) -> HttpResponse:
    """Read a document again that could not be read: adding known content does that."""
    row = _find(project, pk)
    if not intake.is_unread(row):
        raise Conflict(gettext_noop("Only a document that could not be read is read again."))
    try:
        intake.add_document(project, row.name, storage.fetch(row.original))
    except FileNotFoundError:
        raise Conflict(gettext_noop("The file of this document is no longer in the data folder.")) from None
    messages.success(request, gettext("%(name)s is read once more.") % {"name": row.name})
    return redirect("document", project.slug, pk)


@require_POST
@project_view(Role.OWNER)
def delete(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    row = _find(project, pk)
    if request.POST.get("confirmation", "").strip() != DELETE_WORD:
        raise Invalid(gettext_noop("Nothing was deleted: type {delete_word} to confirm."), delete_word=DELETE_WORD)
    intake.delete(row, actor=request.user)
    messages.success(request, gettext("%(name)s is deleted with its files and labels.") % {"name": row.name})
    return redirect("documents", project.slug)


def _find(project: Project, pk: int, *related: str) -> Document:
    rows = project.documents.select_related("project__schema_version", *related)
    return get_object_or_404(rows, pk=pk)


def _boxes(fields: Sequence[FieldLabels], pages: Sequence[Words]) -> dict[int, list[FieldBox]]:
    """The boxes of the current values by page number."""
    boxes: dict[int, list[FieldBox]] = defaultdict(list)
    for labels in fields:
        value = labels.best.as_domain() if labels.best and labels.best.value else None
        # A document that was read again may have fewer words than a label stood on.
        if value is None or any(not _exists(span, pages) for span in value.spans):
            continue
        for box in value.boxes(pages):
            boxes[box.page].append(FieldBox.of(labels.field, box.box))
    return boxes


def _exists(span: Span, pages: Sequence[Words]) -> bool:
    return span.page < len(pages) and span.last < len(pages[span.page].words)
