"""Pictures of pages and original files, for members only."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from extraction.models import Document, Page, Project
from extraction.services import storage
from extraction.web.access import project_view

# Endings of pictures that a browser may show; everything else is sent as bytes that no browser shows.
SHOWN = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
ORIGINALS = (
    *("image/jpeg", "image/png", "image/heic", "image/avif", "image/webp", "image/tiff", "image/gif", "image/bmp"),
    "application/pdf",
)
UNKNOWN = "application/octet-stream"
# Seconds: long enough for the next documents of a review, short enough for a member who is removed.
MAX_AGE = 600


@require_safe
@project_view()
def page_image(request: HttpRequest, project: Project, pk: int, number: int) -> HttpResponseBase:
    page = _page(project, pk, number)
    return _picture(request, page.image, f"{page.pk}-image")


@require_safe
@project_view()
def page_thumbnail(request: HttpRequest, project: Project, pk: int, number: int) -> HttpResponseBase:
    page = _page(project, pk, number)
    return _picture(request, page.thumbnail, f"{page.pk}-thumbnail")


@require_safe
@project_view()
def original(request: HttpRequest, project: Project, pk: int) -> HttpResponseBase:
    """The original file, sent to be saved and never shown: its content is not trusted."""
    document = get_object_or_404(project.documents, pk=pk)
    media_type = document.media_type if document.media_type in ORIGINALS else UNKNOWN
    response = _file(document.original, media_type, document)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _page(project: Project, pk: int, number: int) -> Page:
    rows = Page.objects.only("image", "thumbnail")
    return get_object_or_404(rows, document__project=project, document=pk, number=number)


def _picture(request: HttpRequest, relative: str, version: str) -> HttpResponseBase:
    # Reading a document again makes new rows, so the row's key is the version of its pictures.
    etag = quote_etag(version)
    response: HttpResponseBase
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = _file(relative, SHOWN.get(storage.path(relative).suffix.lower(), UNKNOWN))
    response["ETag"] = etag
    patch_cache_control(response, private=True, max_age=MAX_AGE)
    return response


def _file(relative: str, media_type: str, document: Document | None = None) -> HttpResponse:
    try:
        file = storage.open_file(relative)
    except (FileNotFoundError, IsADirectoryError):
        raise Http404("The file is missing.") from None
    response = FileResponse(
        file,
        as_attachment=document is not None,
        filename=document.name if document else "",
        content_type=media_type,
    )
    # A picture that is opened by itself must run nothing either.
    response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    return response  # type: ignore[return-value]
