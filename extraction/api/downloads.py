"""Exports as answers: the format that is asked for, and the file in pieces."""

from __future__ import annotations

from typing import TypeVar

from django.http import StreamingHttpResponse
from ninja import P, QueryEx

from extraction.services.reports.export.protocol import Exporter

ExportFormat = QueryEx[str | None, P(description="The first by default.")]
Subject = TypeVar("Subject")


def stream(exporter: Exporter[Subject], subject: Subject) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        exporter.write(subject),
        content_type=exporter.media_type,
        headers={"Content-Disposition": f'attachment; filename="{exporter.filename(subject)}"'},
    )
