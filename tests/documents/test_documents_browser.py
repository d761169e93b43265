"""Documents in a real browser: uploads, the list while it is read, and the page of one document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import Document, Project, Role, User
from tests.support import builders
from tests.support.badfiles import archive
from tests.support.drawing import encoded, receipt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opened = Callable[..., Page]


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def olga(project: Project) -> User:
    return builders.member(project, Role.OWNER)


@pytest.fixture
def document(project: Project) -> Document:
    return builders.pictured_document(project)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "upload"
    made.mkdir()
    (made / "good.png").write_bytes(encoded(receipt()))
    (made / "page.jpg").write_bytes(b"<html>no picture</html>")
    (made / "empty.pdf").write_bytes(b"")
    return made


def test_files_go_up_one_by_one_and_refusals_are_told(
    open_page: Opened, olga: User, project: Project, folder: Path
) -> None:
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    expect(page.get_by_text("No documents yet")).to_be_visible()
    page.set_input_files("input[name=files]", sorted(folder.iterdir()))
    expect(page.locator("#upload-state")).to_have_text("3 of 3 files · 1 new · 2 not taken")
    expect(page.locator("#uploads")).to_contain_text("page.jpg")
    expect(page.locator("#uploads")).to_contain_text("The file is empty.")
    expect(page.locator("#document-list")).to_contain_text("good.png")
    expect(page.locator("#reading")).to_contain_text("1 of 1 documents")
    assert project.documents.count() == 1


def test_the_files_of_an_archive_are_told_one_by_one(
    open_page: Opened, olga: User, project: Project, folder: Path
) -> None:
    files = {f"june/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}
    (folder / "bundle.zip").write_bytes(archive({**files, "again.png": files["june/good.png"]}))
    (folder / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic")
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    page.set_input_files("input[name=files]", [folder / "bundle.zip", folder / "photo.heic"])
    expect(page.locator("#upload-state")).to_have_text("5 of 5 files · 1 new · 1 known already · 3 not taken")
    refused = page.locator("#uploads li")
    expect(refused.filter(has_text="bundle.zip/june/page.jpg")).to_contain_text("web page")
    expect(refused.filter(has_text="bundle.zip/june/empty.pdf")).to_contain_text("The file is empty.")
    expect(refused.filter(has_text="photo.heic")).to_contain_text("damaged or cut off")
    expect(page.locator("#document-list")).to_contain_text("good.png")
    assert project.documents.count() == 1


def test_a_dropped_file_is_taken(open_page: Opened, olga: User, project: Project) -> None:
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    transfer = page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "dropped.png", {type: "image/png"}));
            return transfer;
        }""",
        list(encoded(receipt())),
    )
    page.dispatch_event("#upload", "dragenter", {"dataTransfer": transfer})
    page.dispatch_event("#upload", "drop", {"dataTransfer": transfer})
    expect(page.locator("#document-list")).to_contain_text("dropped.png")
    assert project.documents.get().name == "dropped.png"


def test_the_list_follows_the_reading_until_it_ends(
    open_page: Opened, olga: User, document: Document, project: Project
) -> None:
    Document.objects.filter(pk=document.pk).update(state="queued")
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    expect(page.locator("#reading")).to_contain_text("still being read")
    Document.objects.filter(pk=document.pk).update(state="ready")
    expect(page.locator("#reading")).to_be_empty()
    expect(page.locator("#document-list img")).to_have_count(1)
    assert page.locator("#document-list img").bounding_box()["width"] > 20  # type: ignore[index]


def test_a_field_shows_where_it_stands_and_words_come_when_asked_for(
    open_page: Opened, olga: User, document: Document
) -> None:
    page = open_page(olga)
    page.goto(reverse("document", args=["receipts", document.pk]))
    box = page.locator(".boxes rect[data-field=total]")
    page.locator(".reading[data-field=total]").focus()
    expect(box).to_have_class("active")
    page.locator("h1").click()
    page.check("#show-words")
    expect(page.locator("svg.words rect")).to_have_count(len(document.pages.get().words))
    width = page.locator(".sheet").bounding_box()["width"]  # type: ignore[index]
    page.get_by_label("Larger").click()
    assert page.locator(".sheet").bounding_box()["width"] > width  # type: ignore[index]


def test_deleting_asks_for_the_word(open_page: Opened, olga: User, document: Document, project: Project) -> None:
    page = open_page(olga)
    page.goto(reverse("document", args=["receipts", document.pk]))
    page.get_by_role("button", name="Delete").click()
    confirm = page.locator("#delete-document").get_by_role("button", name="Delete")
    expect(confirm).to_be_disabled()
    page.get_by_label("Type delete to confirm").fill("delete")
    confirm.click()
    expect(page.locator("#flashes")).to_contain_text("is deleted")
    assert not project.documents.exists()
