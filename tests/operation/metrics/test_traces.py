"""Spans on their way to a collector: which there are, whose parts they are, and what never is in them."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pytest_django.fixtures import Settings

from extraction.domain.work import spans
from extraction.models import ModelVersion, Project
from extraction.services.jobs import execution
from extraction.services.serving import registry
from extraction.services.teaching import label_runs
from kdweb.environment import BASE_DIR
from kdweb.processes import traces
from tests.serving.stand_ins import Predictor
from tests.support import builders
from tests.support.programs import ROOT, Program, model, slip

pytestmark = pytest.mark.django_db


class Collector:
    """What came, as the exporter sent it."""

    def __init__(self) -> None:
        self.url, self.bodies = "", list[bytes]()

    def spans(self) -> dict[str, Any]:
        """By name; of several with one name the last."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        held = [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return {span.name: span for span in held}


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tracer(collector: Collector, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[traces.OpenTelemetry]:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    log = settings.MIDDLEWARE.index("kdweb.requests.RequestLog")
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[: log + 1],
        "kdweb.processes.traces.RequestSpans",
        *settings.MIDDLEWARE[log + 1 :],
    ]
    before = spans.installed()
    yield traces.install()
    spans.install(before)


@pytest.fixture
def serving(project: Project, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    class Short(Predictor):
        """Knows the total, and where it stands in a slip."""

        def predict(self, pages: Any) -> Any:
            return {"total": super().predict(pages)["total"]}

    monkeypatch.setattr(registry, "predictor", lambda model: Short())
    monkeypatch.setattr(registry, "files", lambda model: [Path("model.onnx")])
    return model(project, "salaries", "production")


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def test_a_request_and_its_parts(
    tracer: traces.OpenTelemetry, collector: Collector, serving: ModelVersion, program: Program
) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    caller = program()
    response = caller.post(
        f"{ROOT}/projects/slips/extract",
        {"file": slip("salary of ann.pdf")},
        headers={"traceparent": f"00-{trace_id}-b7ad6b7169203331-01"},
    )
    assert response.status_code == 200
    tracer.flush()
    found = collector.spans()
    assert set(found) == {"POST api:extract", "words of a page", "student"}
    request, page, student = found["POST api:extract"], found["words of a page"], found["student"]
    assert {span.trace_id.hex() for span in found.values()} == {trace_id}
    assert page.parent_span_id == student.parent_span_id == request.span_id
    assert attributes(request)["http.response.status_code"] == 200
    assert attributes(request)["kdweb.request_id"] == response.headers["X-Request-ID"]
    assert attributes(student) | {"kdweb.pages": 1, "kdweb.model": serving.pk} == attributes(student)
    assert attributes(page)["kdweb.words"] > 3


def test_a_job_and_the_teacher_it_asks(tracer: traces.OpenTelemetry, collector: Collector, project: Project) -> None:
    builders.document(project)
    run = label_runs.start(project, teacher="rules")
    assert run.job is not None
    execution.run(run.job.pk)
    tracer.flush()
    found = collector.spans()
    job, teacher = found["job label"], found["teacher"]
    assert teacher.parent_span_id == job.span_id
    assert attributes(job)["kdweb.job"] == run.job.pk
    assert (attributes(teacher)["kdweb.teacher"], attributes(teacher)["kdweb.usd"]) == ("rules", 0)


def test_nothing_of_a_document_is_in_a_span(
    tracer: traces.OpenTelemetry,
    collector: Collector,
    serving: ModelVersion,
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caller = program()
    caller.post(f"{ROOT}/projects/slips/extract", {"file": slip("salary of ann.pdf")})
    caller.get(f"{ROOT}/projects/slips/documents", {"search": "Green Harbour"})

    def broken(pages: object) -> None:
        raise ValueError("Total 47.11")

    monkeypatch.setattr(registry, "predictor", lambda model: type("Broken", (), {"predict": staticmethod(broken)})())
    assert caller.post(f"{ROOT}/projects/slips/extract", {"file": slip()}).status_code == 500
    tracer.flush()
    sent = b"".join(collector.bodies)
    assert collector.spans()["student"].status.message == "ValueError"
    for secret in (b"Harbour", b"47.11", b"3.30", b"salar", b"slips", b"kd_", b"olga"):
        assert secret not in sent, secret


def test_parts_in_other_threads_stay_parts(tracer: traces.OpenTelemetry, collector: Collector) -> None:
    def work() -> None:
        with spans.span("inner"):
            pass

    with spans.span("outer"):
        thread = Thread(target=spans.carried(work))
        thread.start()
        thread.join()
    tracer.flush()
    found = collector.spans()
    assert found["inner"].parent_span_id == found["outer"].span_id


def test_a_collector_that_is_away_breaks_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    before = spans.installed()
    traces.install()
    try:
        assert client.get("/healthz").status_code == 200
        with spans.span("lonely"):
            pass
    finally:
        spans.install(before)


@pytest.mark.parametrize(("endpoint", "loaded"), [("", "False"), ("http://127.0.0.1:9", "True")])
def test_opentelemetry_is_loaded_where_it_is_configured_alone(tmp_path: Path, endpoint: str, loaded: str) -> None:
    script = (
        "import django, sys; django.setup(); import extraction.web.urls;"
        "from django.conf import settings;"
        "print('opentelemetry.sdk' in sys.modules, any('traces' in name for name in settings.MIDDLEWARE))"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
        "DJANGO_SETTINGS_MODULE": "kdweb.settings",
        "KD_DATA_DIR": str(tmp_path),
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [loaded, loaded]
