"""The documents of a project: in, listed, read, with what was said about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ninja import Field, FileEx, P, Query, QueryEx, Router
from ninja.files import UploadedFile

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.documents import DocumentOut, DocumentsOut, LabelsOut, UploadsOut
from extraction.domain.pages import Page
from extraction.models import Document, Label, Project, Scope, Split
from extraction.services.documents import intake, listing
from extraction.services.errors import NotFound

router = Router(tags=["documents"])


class Wanted(Cursor):
    """What the list is narrowed to."""

    state: Document.State | None = Field(None, description="How far reading has come.")
    split: Split | None = Field(None, description="What the documents are for.")
    review: Document.Review | None = Field(None, description="How far review has come.")


@router.post(
    "/projects/{slug:slug}/documents",
    auth=Token(Scope.UPLOAD),
    response={200: UploadsOut, **problems(400, 413)},
    operation_id="upload_documents",
    summary="Add documents",
)
def upload_documents(
    request: ApiRequest,
    slug: Slug,
    file: FileEx[list[UploadedFile], P(description="Files or ZIP archives of such, 100 and 500 MB at most.")],
    split: QueryEx[Split | None, P(description="What they are for; by default 80/10/10 by content.")] = None,
) -> dict[str, Any]:
    """Each file for itself, those of ZIP archives too: one that is refused harms no other, so look at every `error`.
    Content that the project has already is named and not stored again: sending the same files twice changes nothing."""
    held = request.auth
    added = [
        result
        for upload in file
        for result in intake.add_upload(held.project, upload.name or "", upload, split=split, actor=held.user)
    ]
    return {"results": [_result(result) for result in added]}


@router.get(
    "/projects/{slug:slug}/documents",
    auth=Token(Scope.READ),
    response={200: DocumentsOut, **problems()},
    operation_id="list_documents",
    summary="List documents",
)
def list_documents(request: ApiRequest, slug: Slug, wanted: Query[Wanted]) -> dict[str, Any]:
    """Newest first."""
    narrowed = listing.Filter(state=wanted.state or "", split=wanted.split or "", review=wanted.review or "")
    return page(narrowed.of(request.auth.project), wanted)


@router.get(
    "/projects/{slug:slug}/documents/{int:id}",
    auth=Token(Scope.READ),
    response={200: DocumentOut, **problems()},
    operation_id="document",
    summary="A document",
)
def document(request: ApiRequest, slug: Slug, id: Id) -> Document:
    return _find(request.auth.project, id)


@router.get(
    "/projects/{slug:slug}/documents/{int:id}/labels",
    auth=Token(Scope.READ),
    response={200: LabelsOut, **problems()},
    operation_id="document_labels",
    summary="What was said about a document",
)
def document_labels(request: ApiRequest, slug: Slug, id: Id) -> dict[str, Any]:
    found = _find(request.auth.project, id)
    pages, readings = found.domain_pages(), listing.readings(found)
    said = sorted((row for reading in readings for row in reading.history), key=lambda row: -row.pk)
    return {
        "document": found.pk,
        "fields": {reading.field.name: reading.best and _label(reading.best, pages) for reading in readings},
        "history": [_label(row, pages) for row in said],
    }


def _find(project: Project, pk: int) -> Document:
    row = project.documents.filter(pk=pk).first()
    if row is None:
        raise NotFound(f"The project has no document {pk}.")
    return row


def _label(row: Label, pages: Sequence[Page]) -> dict[str, Any]:
    names = ("field", "value", "normalized", "confidence", "source", "unsure", "withdrawn", "teacher", "created")
    return {
        **{name: getattr(row, name) for name in names},
        "boxes": [box.to_json() for box in row.as_domain().boxes(pages)],
    }


def _result(added: intake.Added) -> dict[str, Any]:
    document = added.document and added.document.pk
    return {"name": added.name, "document": document, "created": added.created, "error": added.error}
