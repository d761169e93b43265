"""The documents of a project: upload, list, one document, and its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ninja import Field, FileEx, P, Query, QueryEx, Router, Status
from ninja.files import UploadedFile

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.documents import (
    AlternativeOut,
    DocumentOut,
    DocumentsOut,
    LabelOut,
    LabelsOut,
    StudentAnswer,
    UploadOut,
    UploadsOut,
)
from extraction.api.schemas.rows import Box, Row
from extraction.domain.errors import quoted
from extraction.domain.pages import Page
from extraction.domain.results.extraction import RowAnswer
from extraction.models import Document, Label, Project, Scope, Source, Split
from extraction.services.documents import intake, listing
from extraction.services.documents.filters import Filter
from extraction.services.documents.listing import FieldLabels
from extraction.services.documents.ordering import NEWEST, Order
from extraction.services.errors import Invalid, NotFound
from extraction.services.labels import conventions
from extraction.services.labels.alternatives import Alternative
from extraction.services.labels.rows import placed_rows
from extraction.services.projects import token_usage

router = Router(tags=["documents"])


class Wanted(Cursor):
    """What the list is narrowed to, and its order."""

    cursor: str | None = Field(  # type: ignore[assignment]
        None,
        pattern=r"^[0-9]{1,19}(~[\s\S]{1,600})?$",
        description="What the part before said under `next`, in the same order.",
    )
    sort: str = Field(
        str(NEWEST),
        max_length=100,
        description="`added`, `name`, `confidence` or `field.NAME` (its value); after a hyphen it descends. Documents "
        "without the value come last.",
    )
    search: str = Field("", max_length=255, description="Part of the file's name or of a best label's value.")
    state: Document.State | None = Field(None, description="How far reading has come.")
    split: Split | None = Field(None, description="What the documents are for.")
    review: Document.Review | None = Field(None, description="How far review has come.")
    source: Source | None = Field(None, description="The best source among its labels.")
    origin: Document.Origin | None = Field(None, description="How they came into the project.")
    below: int | None = Field(None, ge=1, le=100, description="Its confidence is below so many percent.")
    lacks: str = Field("", max_length=50, description="Name of a field without a label.")
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
    token_usage.check(token)
    added = [
        result
        for upload in file
        for result in intake.add_upload(token.project, upload.name or "", upload, split=split, actor=token.user)
    ]
    token_usage.add(token, sum(result.created for result in added))
    return UploadsOut(results=[_upload(result) for result in added])


@router.get(
    "/projects/{slug:slug}/documents",
    auth=Token(Scope.READ),
    response={200: DocumentsOut, **problems()},
    operation_id="list_documents",
    summary="List documents",
)
def list_documents(request: ApiRequest, slug: Slug, query: Query[Wanted]) -> Part[Document]:
    """Newest first, unless `sort` says otherwise."""
    project = request.auth.project
    order = Order.parse(query.sort, project.schema)
    if order is None:
        raise Invalid(f"There is no order {quoted(query.sort)}.")
    if query.lacks and query.lacks not in project.schema:
        raise Invalid(f"There is no field named {quoted(query.lacks)}.")
    cursor = order.cursor(query.cursor or "")
    if query.cursor and cursor is None:
        raise Invalid("The cursor is none of this order.")
    typed = query.model_dump(include=set(Filter.__slots__), exclude_none=True, mode="json")
    condition = Filter.parse(
        {name: str(value).lower() if value in (True, False) else str(value) for name, value in typed.items()},
        project.schema,
    )
    rows, following = listing.documents(project, condition, order, cursor, query.limit)
    return Part(rows, following.to_json() if following else None)


@router.get(
    "/projects/{slug:slug}/documents/{int:id}",
    auth=Token(Scope.READ),
    response={200: DocumentOut, **problems()},
    operation_id="document",
    summary="A document",
)
def document(request: ApiRequest, slug: Slug, id: Id) -> Document:
    return find(request.auth.project, id)


@router.delete(
    "/projects/{slug:slug}/documents/{int:id}",
    auth=Token(Scope.MANAGE),
    response={204: None, **problems(409)},
    operation_id="delete_document",
    summary="Delete a document",
)
def delete_document(request: ApiRequest, slug: Slug, id: Id) -> Status[None]:
    """Its files, labels and traces go for good, and models that learned from it forget it. Refused (409) under a legal
    hold."""
    intake.delete(find(request.auth.project, id), actor=request.auth.user)
    return Status(204, None)


@router.get(
    "/projects/{slug:slug}/documents/{int:id}/labels",
    auth=Token(Scope.READ),
    response={200: LabelsOut, **problems()},
    operation_id="document_labels",
    summary="What was said about a document",
)
def document_labels(request: ApiRequest, slug: Slug, id: Id) -> LabelsOut:
    row = find(request.auth.project, id)
    pages, fields = row.domain_pages(), listing.labels_by_field(row)
    history = sorted((label for field in fields for label in field.history), key=lambda label: -label.pk)
    return LabelsOut(
        document=row.pk,
        fields={field.field.name: _best(row.project, field, pages) for field in fields},
        alternatives={
            field.field.name: [_alternative(other, pages) for other in field.alternatives]
            for field in fields
            if field.alternatives
        },
        history=[_label(label, pages) for label in history],
    )


def find(project: Project, pk: int) -> Document:
    """Raises `NotFound`."""
    row = project.documents.filter(pk=pk).first()
    if row is None:
        raise NotFound(f"The project has no document {pk}.")
    return row


def _best(project: Project, field: FieldLabels, pages: Sequence[Page]) -> LabelOut | None:
    if field.best is None:
        return None
    label = _label(field.best, pages)
    if field.field.kind.has_parts:
        rows = placed_rows(field.best, field.field, pages, conventions.of(project))
        # Answers that become rows of the schema as the response is written.
        label.rows = cast(list[Row], [RowAnswer.of(row, pages) for row in rows])
    return label


def _alternative(other: Alternative, pages: Sequence[Page]) -> AlternativeOut:
    return AlternativeOut(
        value=other.label.value,
        normalized=other.label.normalized,
        said_by=other.names,
        boxes=[Box.model_validate(box.to_json()) for box in other.label.as_domain().boxes(pages)],
    )


def _label(row: Label, pages: Sequence[Page]) -> LabelOut:
    quality = getattr(row, "quality", None)
    return LabelOut(
        field=row.field,
        value=row.value,
        normalized=row.normalized,
        confidence=row.confidence,
        probability=row.probability,
        signals=quality and quality.signals,
        student=quality and quality.student and StudentAnswer.model_validate(quality.student),
        boxes=[Box.model_validate(box.to_json()) for box in row.as_domain().boxes(pages)],
        source=Source(row.source),
        unsure=row.unsure,
        withdrawn=row.withdrawn,
        teacher=row.teacher,
        created=row.created,
        rows=None,
    )


def _upload(added: intake.Added) -> UploadOut:
    document = added.document.pk if added.document else None
    return UploadOut(name=added.name, document=document, created=added.created, error=added.error)
