"""The page of one document, its pictures and file, deleting it and reading it again."""

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Document, Job, Page, Project, Role, Source
from extraction.services import storage
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def document(project: Project) -> Document:
    found = builders.document(project)
    folder = storage.document_folder(found)
    folder.mkdir(parents=True)
    for name in ("original.jpg", "0.jpg", "0-small.jpg"):
        (folder / name).write_bytes(name.encode())
    Document.objects.filter(pk=found.pk).update(original=storage.relative(folder / "original.jpg"))
    Page.objects.filter(document=found).update(
        image=storage.relative(folder / "0.jpg"), thumbnail=storage.relative(folder / "0-small.jpg")
    )
    return found


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def url(name: str, document: Document, *more: object) -> str:
    return reverse(name, args=["receipts", document.pk, *more])


def test_values_stand_beside_the_page_with_their_boxes_and_history(owner: Client, document: Document) -> None:
    store.write(document, "total", "3.00", source=Source.TEACHER, teacher="rules", confidence=0.5)
    store.write(document, "total", "3.30", source=Source.REVIEWER, author=builders.user("rita"))
    page = owner.get(url("document", document)).content.decode()
    assert "3.30" in page
    assert "2 statements" in page
    assert "rita" in page
    assert 'rect data-field="total"' in page


def test_a_label_whose_words_are_gone_does_not_break_the_page(owner: Client, document: Document) -> None:
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules")
    Page.objects.filter(document=document).update(words=[])
    page = owner.get(url("document", document))
    assert page.status_code == 200
    assert 'rect data-field="total"' not in page.content.decode()


def test_the_words_of_a_page_come_as_boxes_with_escaped_text(owner: Client, project: Project) -> None:
    found = builders.document(project, "<b>BOLD</b> & more")
    page = owner.get(url("page_words", found, 0)).content.decode()
    assert page.count("<rect") == 3
    assert "&lt;b&gt;BOLD" in page


def test_pictures_are_private_and_known_by_their_version(owner: Client, document: Document) -> None:
    first = owner.get(url("page_image", document, 0))
    assert b"".join(first.streaming_content) == b"0.jpg"  # type: ignore[attr-defined]
    assert first.headers["Content-Type"] == "image/jpeg"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in first.headers["Cache-Control"]
    again = owner.get(url("page_image", document, 0), headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    thumbnail = owner.get(url("page_thumbnail", document, 0))
    assert thumbnail.headers["ETag"] != first.headers["ETag"]


def test_the_original_is_saved_and_never_shown(owner: Client, document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(name='Bon "1".jpg', media_type="text/html")
    response = owner.get(url("original", document))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_missing_file_is_not_found(owner: Client, document: Document) -> None:
    storage.remove(storage.document_folder(document))
    assert owner.get(url("original", document)).status_code == 404
    assert owner.get(url("page_image", document, 0)).status_code == 404
    assert owner.get(url("page_image", document, 7)).status_code == 404


def test_deleting_needs_the_word_and_takes_the_files_along(owner: Client, document: Document) -> None:
    folder = storage.document_folder(document)
    assert owner.post(url("document_delete", document), {"confirmation": "yes"}).status_code == 400
    assert folder.exists()
    response = owner.post(url("document_delete", document), {"confirmation": "delete"}, follow=True)
    assert "is deleted" in response.content.decode()
    assert not Document.objects.filter(pk=document.pk).exists()
    assert not folder.exists()


def test_what_could_not_be_read_is_tried_again(owner: Client, document: Document) -> None:
    assert owner.post(url("document_reread", document)).status_code == 409
    # The stored bytes are known by their real hash.
    content = storage.document_folder(document) / "original.jpg"
    sha256 = hashlib.sha256(content.read_bytes()).hexdigest()
    Document.objects.filter(pk=document.pk).update(state="failed", error="It was torn.", sha256=sha256)
    assert "It was torn." in owner.get(url("document", document)).content.decode()
    assert owner.post(url("document_reread", document)).status_code == 302
    document.refresh_from_db()
    assert document.state == Document.State.QUEUED
    assert Job.objects.filter(kind="read", subject=document.pk).count() == 1
