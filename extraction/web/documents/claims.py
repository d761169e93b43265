"""Claims from tables: upload, choice of what the columns mean, result, and taking back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from extraction.domain.claims.attributes import Attribute
from extraction.domain.claims.mapping import ColumnMapping, EmptyCells, doubled, mappable
from extraction.domain.errors import gettext_noop
from extraction.models import ClaimImport, Project, Role
from extraction.services.documents.claims import agreement, imports, remarks
from extraction.services.documents.claims import messages as sentences
from extraction.services.errors import Invalid
from extraction.services.reports.export import spreadsheet
from extraction.services.sentences import translated
from extraction.web.access import ProjectRequest, project_view

State = ClaimImport.State
# The choice for the column that names the document; no field has such a name.
DOCUMENT = "=document"
# Lines of the table beside the choices.
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column with its first values and what is chosen for it: a field, `DOCUMENT`, or nothing, and what it says about
    the claim, if anything."""

    number: int
    title: str
    doubled: bool
    examples: list[str]
    chosen: str
    claim: str


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The imports of a project, and the upload of a table."""
    if request.method != "POST":
        return _listing(request, project)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Invalid(gettext_noop("No file came with the request."))
        row = imports.add(project, file.name or "", file, actor=request.user)
    except Invalid as refusal:
        return _listing(request, project, translated(refusal), 400)
    return redirect("claims_import", project.slug, row.pk)


def _listing(request: ProjectRequest, project: Project, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "imports": imports.listing(project),
        "groups": [field for field in project.schema.fields if field.kind.has_parts],
        "error": error,
    }
    return render(request, "documents/claims/listing.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@project_view(post=Role.OWNER)
def claim_import(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One import: the choice of columns before it, its progress, and what it has come to."""
    row = _find(project, pk)
    if request.method == "POST":
        try:
            mapping = _mapping(row, request.POST)
        except Invalid as refusal:
            return _choice(request, row, row.column_mapping(), translated(refusal), 400)
        try:
            imports.start(row, mapping, actor=request.user)
        except Invalid as refusal:
            return _choice(request, row, mapping, translated(refusal), 400)
        return redirect("claims_import", project.slug, pk)
    if row.state == State.MAPPING:
        return _choice(request, row, row.column_mapping())
    return _result(request, row)


def _choice(
    request: ProjectRequest, row: ClaimImport, mapping: ColumnMapping, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "row": row,
        "columns": _choices(row, mapping),
        "document": DOCUMENT,
        "fields": mappable(row.project.schema),
        "attributes": [(each.value, sentences.attribute(each)) for each in Attribute],
        "names": mapping.names,
        "groups": [field for field in row.project.schema.fields if field.kind.has_parts],
        "absent": mapping.empty is EmptyCells.ABSENT,
        "earlier": imports.earlier(row),
        "error": error,
    }
    return render(request, "documents/claims/mapping.html", context, status=status)


def _choices(row: ClaimImport, mapping: ColumnMapping) -> list[ColumnChoice]:
    twice = doubled(row.columns)
    lines = row.first_lines[:EXAMPLES]
    return [
        ColumnChoice(
            number,
            sentences.column(row.columns, number),
            bool(name) and number in twice,
            [line[number] if number < len(line) else "" for line in lines],
            DOCUMENT if number == mapping.document else mapping.fields.get(number, ""),
            mapping.claim.get(number, ""),
        )
        for number, name in enumerate(row.columns)
    ]


def _result(request: ProjectRequest, row: ClaimImport) -> HttpResponse:
    mapping, schema = row.column_mapping(), row.project.schema
    going = row.state in (State.IMPORTING, State.UNDOING)
    context = {
        "row": row,
        "going": going,
        "columns": [
            (sentences.column(row.columns, column), schema[name].title if name in schema else name)
            for column, name in sorted(mapping.fields.items())
        ],
        "claim_columns": [
            (sentences.column(row.columns, column), sentences.attribute(attribute))
            for column, attribute in sorted(mapping.claim.items())
        ],
        "names": mapping.names,
        "document": sentences.column(row.columns, mapping.document),
        "absent": mapping.empty is EmptyCells.ABSENT,
        "remarks": remarks.shown(row),
        "more": max(0, row.refused + row.doubtful - remarks.SHOWN),
        "agreement": [] if going or row.state in ClaimImport.TAKEN_BACK else agreement.of_import(row),
        "undoable": row.state in (State.IMPORTED, State.IMPORT_STOPPED, State.UNDO_STOPPED),
        "taken_back": _taken_back(row) if row.state in ClaimImport.TAKEN_BACK else [],
    }
    return render(
        request, "documents/claims/import.html#live" if request.htmx else "documents/claims/import.html", context
    )


def _taken_back(row: ClaimImport) -> list[str]:
    """What taking back has come to, in sentences."""
    told = [sentences.claims_taken_back(row.claims_withdrawn)] if row.column_mapping().claim else []
    return [*told, sentences.taken_back(row.withdrawn)] if row.column_mapping().fields else told


def _mapping(row: ClaimImport, query: QueryDict) -> ColumnMapping:
    """What the form says. Raises `Invalid` where two columns name the document, and for what a claim does not have."""
    chosen = {number: query.get(f"column.{number}", "") for number in range(len(row.columns))}
    documents = [number for number, choice in chosen.items() if choice == DOCUMENT]
    if len(documents) > 1:
        raise Invalid(sentences.DOCUMENT_TWICE)
    fields = {number: choice for number, choice in chosen.items() if choice and choice != DOCUMENT}
    empty = EmptyCells.ABSENT if query.get("empty") else EmptyCells.NOTHING
    document = documents[0] if documents else None
    claim = {
        number: sentences.find_attribute(name)
        for number in range(len(row.columns))
        if (name := query.get(f"claim.{number}", "")) and number != document
    }
    return ColumnMapping(document, fields, empty, claim, bool(query.get("names")))


@require_POST
@project_view(Role.OWNER)
def go_on(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    return _act(request, project, pk, lambda row: imports.go_on(row, actor=request.user))


@require_POST
@project_view(Role.OWNER)
def undo(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    return _act(request, project, pk, lambda row: imports.undo(row, actor=request.user))


def _act(
    request: ProjectRequest, project: Project, pk: int, action: Callable[[ClaimImport], object]
) -> HttpResponseRedirect:
    action(_find(project, pk))
    return redirect("claims_import", project.slug, pk)


@require_POST
@project_view(Role.OWNER)
def remove(request: ProjectRequest, project: Project, pk: int) -> HttpResponseRedirect:
    row = _find(project, pk)
    imports.remove(row)
    messages.success(request, gettext("%(name)s is removed.") % {"name": row.name})
    return redirect("claims", project.slug)


@require_safe
@project_view()
def remarks_file(request: ProjectRequest, project: Project, pk: int) -> StreamingHttpResponse:
    """What is to be said about lines and cells, as CSV."""
    row = _find(project, pk)
    headers: Mapping[str, str] = {"Content-Disposition": f'attachment; filename="claims-{row.pk}-lines.csv"'}
    return StreamingHttpResponse(
        spreadsheet.table(remarks.HEADER, remarks.csv_lines(row)),
        content_type=spreadsheet.MEDIA_TYPE,
        headers=headers,
    )


def _find(project: Project, pk: int) -> ClaimImport:
    rows = project.claim_imports.select_related("project__schema_version", "job", "author")
    return get_object_or_404(rows, pk=pk)
