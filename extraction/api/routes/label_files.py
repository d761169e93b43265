"""Label files: upload, and what their loading has come to."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from django.urls import reverse
from ninja import FileEx, P, Query, QueryEx, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.labelling import LabelFileOut, LabelFilesOut
from extraction.models import LabelImport, Scope, Source
from extraction.services.documents.label_files import imports
from extraction.services.errors import NotFound

router = Router(tags=["labelling"])
Choice = Annotated[str, Field(pattern=r"^[^=]{1,200}=[a-z0-9_/]{1,101}$")]


@router.post(
    "/projects/{slug:slug}/label-files",
    auth=Token(Scope.MANAGE),
    response={202: LabelFileOut, **problems(400, 413)},
    operation_id="load_labels",
    url_name="label_files",
    summary="Load a label file",
)
def load_labels(
    request: ApiRequest,
    response: HttpResponse,
    slug: Slug,
    file: FileEx[UploadedFile, P(description="A file, at most 50 MB, or a ZIP archive of such.")],
    source: QueryEx[Source, P(description="Whose labels they are; not `student`.")],
    format: QueryEx[str, P(description="`jsonl`, `label-studio`, `cord` or `sroie`.", max_length=30)] = "jsonl",
    map: QueryEx[
        list[Choice],
        P(
            description="What names of the file mean, `NAME=FIELD` or `GROUP.NAME=group/field` for cells of rows; else "
            "a name fills the field called so. Names that fill no field are passed over.",
            max_length=200,
        ),
    ] = [],  # noqa: B006  # read alone
) -> Status[LabelImport]:
    """The documents must be there: they are found by file name, path or SHA-256. A worker checks the file to its last
    line and stores nothing of one that is wrong. Loading the same file twice changes nothing."""
    token = request.auth
    row = imports.add(
        token.project,
        file.name or "",
        file,
        format=format,
        source=source,
        names=dict(choice.rsplit("=", 1) for choice in map),
        confirmed=True,
        actor=token.user,
    )
    response["Location"] = reverse("api:label_file", args=[token.project.slug, row.pk])
    return Status(202, row)


@router.get(
    "/projects/{slug:slug}/label-files",
    auth=Token(Scope.READ),
    response={200: LabelFilesOut, **problems()},
    operation_id="list_label_files",
    url_name="label_files",
    summary="List label files",
)
def list_label_files(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> Part[LabelImport]:
    """Newest first."""
    return page(request.auth.project.label_imports.select_related("job"), part)


@router.get(
    "/projects/{slug:slug}/label-files/{int:id}",
    auth=Token(Scope.READ),
    response={200: LabelFileOut, **problems()},
    operation_id="label_file",
    url_name="label_file",
    summary="A label file",
)
def label_file(request: ApiRequest, slug: Slug, id: Id) -> LabelImport:
    """How its loading stands, and what could not be loaded."""
    row = request.auth.project.label_imports.select_related("job").filter(pk=id).first()
    if row is None:
        raise NotFound(f"The project has no label file {id}.")
    return row
