"""The documents of a project: upload, list, one document, and its labels."""

from __future__ import annotations

from collections.abc import Sequence

from ninja import Field, FileEx, P, Query, QueryEx, Router
from ninja.files import UploadedFile

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.documents import Box, DocumentOut, DocumentsOut, LabelOut, LabelsOut, UploadOut, UploadsOut
from extraction.domain.pages import Page
from extraction.models import Document, Label, Project, Scope, Source, Split
from extraction.services.documents import intake, listing
from extraction.services.errors import NotFound

router = Router(tags=["documents"])


class Wanted(Cursor):
    """What the list is narrowed to."""

    state: Document.State | None = Field(None, description="How far reading has come.")
    split: Split | None = Field(None, description="What the documents are for.")
    review: Document.Review | None = Field(None, description="How far review has come.")
    empty: bool | None = Field(None, description="Whether no word was found on one of their pages.")


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
) -> UploadsOut:
    """Each file for itself, those of ZIP archives too: one that is refused harms no other, so look at every `error`.
    Content that the project has already is named and not stored again: sending the same files twice changes nothing."""
    token = request.auth
    added = [
        result
        for upload in file
        for result in intake.add_upload(token.project, upload.name or "", upload, split=split, actor=token.user)
    ]
    return UploadsOut(results=[_upload(result) for result in added])


@router.get(
    "/projects/{slug:slug}/documents",
    auth=Token(Scope.READ),
    response={200: DocumentsOut, **problems()},
    operation_id="list_documents",
    summary="List documents",
)
def list_documents(request: ApiRequest, slug: Slug, query: Query[Wanted]) -> Part[Document]:
    """Newest first."""
    condition = listing.Filter(state=query.state or "", split=query.split or "", review=query.review or "")
    rows = condition.of(request.auth.project)
    if query.empty is not None:
        rows = rows.filter(empty_pages__gt=0) if query.empty else rows.filter(empty_pages=0)
    return page(rows, query)


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
def document_labels(request: ApiRequest, slug: Slug, id: Id) -> LabelsOut:
    row = _find(request.auth.project, id)
    pages, fields = row.domain_pages(), listing.labels_by_field(row)
    history = sorted((label for field in fields for label in field.history), key=lambda label: -label.pk)
    return LabelsOut(
        document=row.pk,
        fields={field.field.name: _label(field.best, pages) if field.best else None for field in fields},
        history=[_label(label, pages) for label in history],
    )


def _find(project: Project, pk: int) -> Document:
    row = project.documents.filter(pk=pk).first()
    if row is None:
        raise NotFound(f"The project has no document {pk}.")
    return row


def _label(row: Label, pages: Sequence[Page]) -> LabelOut:
    return LabelOut(
        field=row.field,
        value=row.value,
        normalized=row.normalized,
        confidence=row.confidence,
        boxes=[Box.model_validate(box.to_json()) for box in row.as_domain().boxes(pages)],
        source=Source(row.source),
        unsure=row.unsure,
        withdrawn=row.withdrawn,
        teacher=row.teacher,
        created=row.created,
    )


def _upload(added: intake.Added) -> UploadOut:
    document = added.document.pk if added.document else None
    return UploadOut(name=added.name, document=document, created=added.created, error=added.error)
