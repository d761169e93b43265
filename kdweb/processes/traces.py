"""Traces by OpenTelemetry. Imported only where the environment names a collector (`settings.KD_TRACES`).

The provider is the application's own, not the process's: libraries that would write prompts into spans find none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import structlog
from django.http import HttpRequest, HttpResponse
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from extraction.domain.work import spans
from extraction.domain.work.spans import Value
from extraction.services import version

P = ParamSpec("P")
T = TypeVar("T")
# Of the W3C's recommendation on trace context.
HEADERS = ("traceparent", "tracestate")


class Span:
    """A span of OpenTelemetry with attributes of kdweb."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def set(self, **attributes: Value) -> None:
        self._span.set_attributes({f"kdweb.{name}": value for name, value in attributes.items()})


class OpenTelemetry:
    """A `Tracer` that sends spans to the collector, in batches and beside the work.

    An exception gives a span its class alone: its text may quote a document.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("kdweb", version.version())

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Mapping[str, Value],
        kind: trace.SpanKind = trace.SpanKind.INTERNAL,
        parent: context.Context | None = None,
    ) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name, parent, kind, record_exception=False, set_status_on_exception=False
        ) as started:
            span = Span(started)
            span.set(**attributes, **_request_id())
            try:
                yield span
            except BaseException as error:
                started.set_status(trace.StatusCode.ERROR, type(error).__name__)
                raise

    def carried(self, work: Callable[P, T]) -> Callable[P, T]:
        present = context.get_current()

        def carried(*positional: P.args, **named: P.kwargs) -> T:
            token = context.attach(present)
            try:
                return work(*positional, **named)
            finally:
                context.detach(token)

        return carried

    def flush(self) -> None:
        """Send what waits."""
        self._provider.force_flush()


def install() -> OpenTelemetry:
    """Trace this process. SDK and exporter read their own variables, such as `OTEL_TRACES_SAMPLER`."""
    resource = Resource.create(
        {"service.name": os.environ.get("OTEL_SERVICE_NAME", "kdweb"), "service.version": version.version()}
    )
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracer = OpenTelemetry(provider)
    spans.install(tracer)
    return tracer


class RequestSpans:
    """Middleware that makes a span of each request, a part of the caller's trace where `traceparent` names one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tracer = spans.installed()
        if not isinstance(tracer, OpenTelemetry):
            return self.get_response(request)
        parent = TraceContextTextMapPropagator().extract({name: request.headers.get(name, "") for name in HEADERS})
        method = request.method or ""
        with tracer.span("request", {}, trace.SpanKind.SERVER, parent):
            span = trace.get_current_span()
            response = self.get_response(request)
            # The path may hold the name of a project or a file; that of the view never does.
            view = request.resolver_match.view_name if request.resolver_match else "none"
            span.update_name(f"{method} {view}")
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.route": view,
                    "http.response.status_code": response.status_code,
                }
            )
            if response.status_code >= 500:
                span.set_status(trace.StatusCode.ERROR)
            return response


def _request_id() -> dict[str, str]:
    """That of the log lines of this request or job."""
    bound = structlog.contextvars.get_contextvars().get("request_id")
    return {"request_id": bound} if isinstance(bound, str) else {}
