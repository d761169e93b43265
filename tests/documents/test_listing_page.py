"""The list of documents and uploads: what is taken, what is refused, and that lists stay cheap."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import post_init
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from extraction.models import Document, Job, Label, Project, Role, Source
from extraction.services.documents import listing
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>.jpg"


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def reviewer(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.REVIEWER))
    return client


def picture(shade: int = 255, name: str = "receipt.jpg") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 80), (shade, shade, shade)).save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


def broken(name: str = "broken.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"<html>no picture</html>", "image/jpeg")


def url(name: str = "documents") -> str:
    return reverse(name, args=["receipts"])


def upload(client: Client, *files: SimpleUploadedFile, **values: str) -> HttpResponse:
    data = {"files": list(files), **values}
    return client.post(url("documents_upload"), data, headers={"accept": "application/json"})


def results(response: HttpResponse) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = response.json()["results"]  # type: ignore[attr-defined]
    return rows


def test_a_file_is_stored_and_queued_for_reading(reviewer: Client, project: Project) -> None:
    response = upload(reviewer, picture())
    document = project.documents.get()
    assert results(response) == [
        {
            "name": "receipt.jpg",
            "url": reverse("document", args=["receipts", document.pk]),
            "created": True,
            "error": None,
        }
    ]
    assert document.state == Document.State.QUEUED
    assert Job.objects.get(kind="read").subject == document.pk


def test_a_bad_file_harms_no_other_and_says_why(reviewer: Client, project: Project) -> None:
    response = upload(reviewer, picture(10), broken(), picture(20, "second.jpg"))
    assert response.status_code == 200
    assert [row["created"] for row in results(response)] == [True, False, True]
    assert results(response)[1]["error"].endswith(".")
    assert project.documents.count() == 2


def test_only_bad_files_are_a_bad_request(reviewer: Client, project: Project) -> None:
    response = upload(reviewer, broken())
    assert response.status_code == 400
    assert results(response)[0]["error"]
    assert not project.documents.exists()


def test_a_known_file_is_not_stored_twice(reviewer: Client, project: Project) -> None:
    upload(reviewer, picture())
    again = upload(reviewer, picture(name="copy.jpg"))
    assert results(again)[0]["created"] is False
    assert results(again)[0]["error"] is None
    assert project.documents.count() == 1


def test_the_split_can_be_chosen(reviewer: Client, project: Project) -> None:
    upload(reviewer, picture(), split="test")
    assert project.documents.get().split == "test"


def test_an_unknown_split_or_no_file_is_refused(reviewer: Client, project: Project) -> None:
    assert upload(reviewer, picture(), split="holdout").status_code == 400
    assert upload(reviewer).status_code == 400
    assert not project.documents.exists()


def test_without_a_script_the_upload_leads_back_to_the_list(reviewer: Client) -> None:
    response = reviewer.post(url("documents_upload"), {"files": [picture(), broken()]}, follow=True)
    assert response.redirect_chain[-1][0] == url()
    assert "broken.jpg: " in response.content.decode()


def test_names_of_files_are_never_markup(reviewer: Client, project: Project) -> None:
    document = builders.document(project)
    Document.objects.filter(pk=document.pk).update(name=SCRIPT)
    store.write(document, "company", "<img src=x onerror=alert(1)>", source=Source.TEACHER, spans=())
    for view in ("?", "?view=grid"):
        page = reviewer.get(url() + view).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    page = reviewer.get(reverse("document", args=["receipts", document.pk])).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"a", "b", "c"}),
        ("?state=failed", {"b"}),
        ("?split=test", {"c"}),
        ("?review=accepted", {"a"}),
        ("?source=truth", {"c"}),
        ("?focus=0", {"b"}),
        ("?focus=1000", {"c"}),
        ("?name=B", {"b"}),
        ("?state=ready&split=test", {"c"}),
        ("?state=nonsense&older=x", {"a", "b", "c"}),
    ],
)
def test_filters_narrow_the_list(reviewer: Client, project: Project, query: str, expected: set[str]) -> None:
    columns: dict[str, dict[str, Any]] = {
        "a": {"review": "accepted"},
        "b": {"state": "failed", "focus": 100.0},
        "c": {"split": "test", "source": "truth", "focus": 1500.0},
    }
    for name, values in columns.items():
        Document.objects.filter(pk=builders.document(project).pk).update(name=name, **values)
    found = reviewer.get(url() + query).context["slice"]
    assert {row.document.name for row in found.rows} == expected


def test_cursors_walk_through_everything_once_in_both_directions(
    reviewer: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    made = [builders.document(project).pk for _ in range(8)]

    def walk(direction: str, start: str) -> list[list[int]]:
        parts, query = [], start
        while query is not None:
            found = reviewer.get(url() + query).context["slice"]
            parts.append([row.document.pk for row in found.rows])
            cursor = getattr(found, direction)
            query = None if cursor is None else f"?{direction}={cursor}"  # type: ignore[assignment]
        return parts

    forward = walk("older", "?")
    assert [pk for part in forward for pk in part] == made[::-1]
    back = walk("newer", f"?older={forward[-1][0] + 1}")
    assert [pk for part in back[::-1] for pk in part] == made[::-1]


@pytest.mark.parametrize("count", [10, 200])
def test_a_list_takes_the_same_queries_whatever_there_is(
    reviewer: Client, project: Project, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    blank = {"project": project, "media_type": "image/jpeg", "bytes": 1, "original": "x", "state": "ready"}
    rows = [Document(name=f"{n}.jpg", sha256=f"{n:064}", split="train", page_count=1, **blank) for n in range(count)]
    Document.objects.bulk_create(rows)
    version = project.schema_version
    Label.objects.bulk_create(
        Label(document=row, schema_version=version, field="total", value="1.00", source="teacher", teacher="rules")
        for row in rows
    )
    # Session and user, membership and project, states, documents, labels, bulk runs, five of the strip of steps.
    with django_assert_num_queries(14):
        response = reviewer.get(url())
    assert len(response.context["slice"].rows) == min(count, listing.PAGE)


@pytest.mark.parametrize("changes", [1, 30])
def test_a_list_reads_one_label_for_each_value_however_often_it_was_changed(
    reviewer: Client, project: Project, changes: int
) -> None:
    document = builders.document(project)
    for number in range(changes):
        store.write(document, "total", f"{number}.00", source=Source.REVIEWER)
    read: list[str | None] = []

    def note(instance: Label, **_: object) -> None:
        read.append(instance.value)

    post_init.connect(note, sender=Label)
    try:
        response = reviewer.get(url())
    finally:
        post_init.disconnect(note, sender=Label)
    assert read == [f"{changes - 1}.00"]
    assert read[0] in response.content.decode()


def test_a_narrow_screen_shows_the_beginning_of_long_values(reviewer: Client, project: Project) -> None:
    document = builders.document(project)
    for field in ("company", "date", "total"):
        store.write(document, field, f"{field} " + "9" * 90, source=Source.REVIEWER)
    shown = re.findall(r'<span class="narrow-only[^>]*>([^<]*)</span>', reviewer.get(url()).content.decode())
    assert {text.split()[0]: len(text) for text in shown} == {"company": 60, "date": 30, "total": 20}


def test_progress_asks_again_only_while_something_waits(reviewer: Client, project: Project) -> None:
    document = builders.document(project, state="queued")
    waiting = reviewer.get(url("documents_progress") + "?seen=1")
    assert "every 2s" in waiting.content.decode()
    assert "HX-Trigger" not in waiting.headers
    Document.objects.filter(pk=document.pk).update(state="ready")
    ended = reviewer.get(url("documents_progress") + "?seen=1")
    assert "every 2s" not in ended.content.decode()
    assert "documents-changed" in ended.headers["HX-Trigger"]


def test_htmx_gets_the_list_alone(reviewer: Client, project: Project) -> None:
    builders.document(project)
    page = reviewer.get(url(), headers={"hx-request": "true"}).content.decode()
    assert page.lstrip().startswith("<section")
    assert "<html" not in page


def test_an_empty_project_says_what_to_do(reviewer: Client) -> None:
    assert "Drop files or a whole folder" in reviewer.get(url()).content.decode()


def test_what_is_not_on_a_document_looks_other_than_what_has_no_label(reviewer: Client, project: Project) -> None:
    document = builders.document(project)
    unlabelled = reviewer.get(url()).content.decode()
    assert "not on it" not in unlabelled
    store.write(document, "date", None, source=Source.TEACHER, teacher="rules")
    assert "not on it" in reviewer.get(url()).content.decode()
    assert document.name not in reviewer.get(url(), {"lacks": "date"}).content.decode()
    assert document.name in reviewer.get(url(), {"lacks": "total"}).content.decode()
