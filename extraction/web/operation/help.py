"""The documentation inside the application."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from extraction.services.operation import handbook
from extraction.web.access import answers

# What people look for first; the other pages follow by title.
FIRST = ("glossary", "teacher", "how-the-student-reads", "student", "ingest", "api", "operation", "security")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    titles = handbook.titles()
    first = [name for name in FIRST if name in titles]
    rest = sorted(set(titles) - set(first), key=lambda name: titles[name].lower())
    pages = [(name, titles[name]) for name in (*first, *rest)]
    return render(request, "operation/help.html", {"pages": pages})


@require_GET
@answers
def page(request: HttpRequest, name: str) -> HttpResponse:
    shown = handbook.page(name, reverse("help"))
    # Markdown of our own files, in which HTML is text.
    html = mark_safe(shown.html)  # noqa: S308
    return render(request, "operation/help_page.html", {"shown": shown, "html": html})


@require_GET
@answers
def image(request: HttpRequest, name: str) -> HttpResponseBase:
    return FileResponse(handbook.image(name).open("rb"))
