"""Documents in a real browser: uploads, the list while it is read, and the page of one document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import Document, Project, Role, Source, User
from extraction.services.labels import store
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


def named(project: Project, *companies: str) -> list[Document]:
    rows = [builders.document(project) for _ in companies]
    for row, company in zip(rows, companies, strict=True):
        store.write(row, "company", company, source=Source.TEACHER, teacher="rules", spans=())
    return rows


def test_all_hits_of_a_search_are_moved_to_another_split(open_page: Opened, olga: User, project: Project) -> None:
    named(project, "Bean There", "Elsewhere", "BEAN THERE")
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    expect(page.locator(".hits")).to_have_text("3 documents")
    before = [box.bounding_box() for box in page.locator(".filters select:visible").all()]
    page.get_by_role("searchbox").fill("bean")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".hits")).to_contain_text("2 of 3 documents")
    assert [box.bounding_box() for box in page.locator(".filters select:visible").all()] == before
    actions = page.get_by_role("group", name="Do with the marked documents")
    expect(actions).to_be_hidden()
    page.get_by_label("All 2 hits").check()
    expect(actions).to_contain_text("all marked")
    page.get_by_role("button", name="Move to split").click()
    expect(page.locator("h1")).to_have_text("Move to split: 2 documents")
    page.get_by_label("Split").select_option("test")
    page.get_by_role("button", name="Move to split: 2 documents").click()
    expect(page.locator("#flashes")).to_contain_text("2 documents are in split test now.")
    expect(page.get_by_role("searchbox")).to_have_value("bean")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".hits")).to_have_text("3 documents")
    page.get_by_label("Split", exact=True).last.select_option("test")
    expect(page.locator(".hits")).to_contain_text("2 of 3 documents")
    assert set(project.documents.filter(split="test").values_list("best_labels__text", flat=True)) == {"bean there"}


def test_marks_are_counted_and_stay_when_the_list_comes_anew(open_page: Opened, olga: User, project: Project) -> None:
    rows = named(project, "A", "B", "C")
    page = open_page(olga)
    page.goto(reverse("documents", args=["receipts"]))
    page.get_by_label(f"Mark {rows[0].name}").check()
    page.get_by_label(f"Mark {rows[1].name}").check()
    expect(page.locator("[data-marked]")).to_have_text("2 marked")
    rows[1].delete()
    page.evaluate("window.htmx.trigger(document.body, 'documents-changed')")
    expect(page.locator(".hits")).to_have_text("2 documents")
    expect(page.locator("[data-marked]")).to_have_text("1 marked")
    expect(page.get_by_label(f"Mark {rows[0].name}")).to_be_checked()
    page.get_by_label("Mark all on this page").check()
    expect(page.locator("[data-marked]")).to_have_text("2 marked")
    page.get_by_role("button", name="Label again").click()
    expect(page.locator("#label-form")).to_contain_text("Only the 2 documents chosen in the list")


def test_the_list_begins_near_the_top_of_a_small_screen(open_page: Opened, olga: User, project: Project) -> None:
    named(project, "Bean There")
    page = open_page(olga, viewport={"width": 390, "height": 844})
    page.goto(reverse("documents", args=["receipts"]))
    expect(page.locator("#document-list")).to_contain_text("Bean There")
    top = page.locator("#document-list tbody").bounding_box()["y"]  # type: ignore[index]
    assert top < 844 / 2
    expect(page.get_by_label("Reading", exact=True)).to_be_hidden()
    page.get_by_text("Filter", exact=True).click()
    expect(page.get_by_label("Reading", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_label("Sort").select_option("field.total")
    page.wait_for_url("**sort=field.total**")
