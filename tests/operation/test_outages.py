"""A database or disk that is away for a while: what people are told, and that no work is failed for it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from extraction.domain.progress import Progress
from extraction.models import Document, Job, Project, Role, Scope
from extraction.services import outages
from extraction.services.documents import intake, staging
from extraction.services.documents.jobs import READ
from extraction.services.errors import Invalid
from extraction.services.jobs import execution, queue
from extraction.services.projects import tokens
from extraction.web.operation.connections import NoFaultyConnections
from tests.support import builders
from tests.support.drawing import encoded, receipt

pytestmark = pytest.mark.django_db


def of_sqlite(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("text of SQLite")
    cause.sqlite_errorcode = code
    error = OperationalError("text of SQLite")
    error.__cause__ = cause
    return error


def of_postgresql(cause: Exception) -> OperationalError:
    error = OperationalError("text of PostgreSQL")
    error.__cause__ = cause
    return error


LOCKED = of_sqlite(sqlite3.SQLITE_BUSY)
FULL = OSError(errno.ENOSPC, "No space left on device")
OUTAGES = [
    (LOCKED, 503),
    (of_sqlite(sqlite3.SQLITE_IOERR | 5 << 8), 503),
    (of_postgresql(psycopg.errors.AdminShutdown()), 503),
    (InterfaceError("connection already closed"), 503),
    (FULL, 507),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
    (OSError(errno.EROFS, "Read-only file system"), 503),
    (of_sqlite(sqlite3.SQLITE_READONLY), 503),
    (of_sqlite(sqlite3.SQLITE_FULL), 507),
    (of_postgresql(psycopg.errors.DiskFull()), 507),
]


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def document(project: Project) -> Document:
    return intake.add_document(project, "a.jpg", BytesIO(encoded(receipt())))[0]


@pytest.mark.parametrize("error", [KeyError("x"), OSError(errno.ENOENT, "gone"), of_sqlite(sqlite3.SQLITE_ERROR)])
def test_other_errors_are_none(error: Exception) -> None:
    assert outages.find(error) is None


@pytest.mark.parametrize(("error", "status"), OUTAGES)
class TestAnswers:
    def test_a_page(self, project: Project, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(builders.member(project, Role.OWNER))
        monkeypatch.setattr(staging, "_copy", raising(error))
        picture = SimpleUploadedFile("a.jpg", encoded(receipt()), "image/jpeg")
        response = client.post(reverse("documents_upload", args=[project.slug]), {"files": picture})
        assert response.status_code == status
        assert int(response.headers["Retry-After"]) > 0
        assert outages.find(error).sentence in response.content.decode()  # type: ignore[union-attr]

    def test_the_api(self, project: Project, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
        user = builders.member(project, Role.OWNER)
        _, secret = tokens.create(project, user, name="t", scopes=[Scope.UPLOAD])
        monkeypatch.setattr(staging, "_copy", raising(error))
        response = Client(raise_request_exception=False).post(
            f"/api/v1/projects/{project.slug}/documents",
            {"file": SimpleUploadedFile("a.jpg", encoded(receipt()))},
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert (response.status_code, response.json()["status"]) == (status, status)
        assert response.headers["Content-Type"] == "application/problem+json"
        assert int(response.headers["Retry-After"]) > 0

    def test_an_error_before_the_view(self, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_request", raising(error))
        client = Client(raise_request_exception=False)
        for path in (reverse("projects"), "/api/v1/projects"):
            response = client.get(path)
            assert response.status_code == status, path
            assert response.headers["Retry-After"]

    def test_a_job_waits_and_counts_no_attempt(
        self, document: Document, error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = Job.objects.get()
        monkeypatch.setattr(READ, "handle", raising(error))
        for _ in range(5):
            execution.run(job.pk)
        job.refresh_from_db()
        document.refresh_from_db()
        assert (job.state, job.attempts, job.error) == (Job.State.QUEUED, 0, "")
        assert job.message == outages.find(error).sentence  # type: ignore[union-attr]
        assert document.state == Document.State.QUEUED


def test_a_fault_that_a_service_tells_of_itself_fails_the_job(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(subject: int, progress: Progress) -> None:
        raise Invalid("There is no room for a checkpoint.") from FULL

    monkeypatch.setattr(READ, "handle", fail)
    job = Job.objects.get()
    execution.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "There is no room for a checkpoint.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("works", [True, False])
def test_the_end_of_a_job_is_written_once_the_database_takes_it(
    document: Document, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    end, refusals = execution.end, [LOCKED, LOCKED]

    def refuse_first(*args: object, **kwargs: object) -> bool:
        if refusals:
            raise refusals.pop()
        return end(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(execution, "PAUSE", 0.0)
    monkeypatch.setattr(execution, "end", refuse_first)
    monkeypatch.setattr(READ, "handle", (lambda subject, progress: None) if works else raising(Invalid("It is empty.")))
    job = Job.objects.get()
    execution.run(job.pk)
    job.refresh_from_db()
    assert not refusals
    assert job.state == (Job.State.DONE if works else Job.State.FAILED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", ["failed", "cancelled", "given up"])
def test_a_job_and_its_subject_end_together_or_not_at_all(
    document: Document, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    job = Job.objects.get()
    monkeypatch.setattr(READ, "on_failed", raising(OSError("the process is killed")))
    endings: dict[str, Callable[[], object]] = {
        "failed": lambda: execution.end(Job.objects.filter(pk=job.pk), Job.State.FAILED, "It is empty."),
        "cancelled": lambda: queue.cancel(job),
        "given up": queue.requeue_lost,
    }
    if ending == "given up":
        Job.objects.update(state=Job.State.RUNNING, attempts=3, heartbeat=timezone.now() - timedelta(hours=1))
    with pytest.raises(OSError, match="killed"):
        endings[ending]()
    monkeypatch.undo()
    job.refresh_from_db()
    document.refresh_from_db()
    assert job.active
    assert document.state == Document.State.QUEUED


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_refuses_changes_is_not_kept(project: Project) -> None:
    """As one that was opened while the disk took none, and takes some again."""
    if connection.vendor != "sqlite":
        pytest.skip("Django asks whether connections to servers can be used.")

    def change(_: HttpRequest) -> HttpResponse:
        Project.objects.filter(pk=project.pk).update(name="changed")
        return HttpResponse()

    handler, request = NoFaultyConnections(change), RequestFactory().post("/")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON")
    with pytest.raises(OperationalError):
        handler(request)
    handler(request)
    project.refresh_from_db()
    assert project.name == "changed"


@pytest.mark.django_db(transaction=True)
def test_a_connection_without_errors_is_kept() -> None:
    handler = NoFaultyConnections(lambda _: HttpResponse(str(Project.objects.count())))
    handler(RequestFactory().get("/"))
    kept = connection.connection
    assert kept is not None
    handler(RequestFactory().get("/"))
    assert connection.connection is kept
