"""Downloads: menus of formats, and files that are streamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.http import StreamingHttpResponse
from django.urls import reverse

from extraction.services.reports.export.protocol import Exporter

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Download:
    """A link of a download menu."""

    title: str
    url: str


def downloads(exporters: Mapping[str, Exporter[Subject]], url_name: str, *arguments: object) -> list[Download]:
    """The menu of all formats; the URL called `url_name` takes `arguments` and the format's name."""
    return [
        Download(exporter.title, reverse(url_name, args=[*arguments, exporter.name])) for exporter in exporters.values()
    ]


def stream(exporter: Exporter[Subject], subject: Subject) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        exporter.write(subject),
        content_type=exporter.media_type,
        headers={"Content-Disposition": f'attachment; filename="{exporter.filename(subject)}"'},
    )
