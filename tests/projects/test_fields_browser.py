"""The form of a project's fields in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import Project, Role, Source
from extraction.services.labels import store
from extraction.services.projects import accounts
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.drawing import RECEIPT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opened = Callable[..., Page]


def test_fields_are_added_moved_and_saved_without_losing_a_letter(open_page: Opened) -> None:
    project = builders.project("receipts")
    page = open_page(builders.member(project, Role.OWNER))
    page.goto(reverse("fields", args=["receipts"]))
    page.fill("#field-0-instruction", "the name above the address")
    page.get_by_role("button", name="Add a field").click()
    page.fill("#field-4-name", "payment")
    page.select_option("#field-4-type", "choice")
    page.fill("#field-4-options", "cash\ncard")
    page.get_by_role("button", name="Move payment up").click()
    expect(page.locator("#field-3-name")).to_have_value("payment")
    page.press("#field-0-name", "Enter")
    expect(page.locator("#flashes")).to_contain_text("Saved as version 2")
    schema = Project.objects.get(pk=project.pk).schema
    assert schema.names == ("company", "date", "address", "payment", "total")
    assert schema["payment"].options == ("cash", "card")
    assert schema["company"].instruction == "the name above the address"


def test_fields_of_a_group_are_named_one_after_the_other_by_keys(open_page: Opened) -> None:
    project = builders.project("receipts")
    page = open_page(builders.member(project, Role.OWNER))
    page.goto(reverse("fields", args=["receipts"]))
    page.get_by_role("button", name="Add a field").click()
    page.fill("#field-4-name", "items")
    page.select_option("#field-4-type", "group")
    page.locator("#field-4-part-0-name").fill("Article")
    for number, name in enumerate(("品名", "Unit Price"), 1):
        page.get_by_role("button", name="Add a field to items").press("Enter")
        expect(page.locator(f"#field-4-part-{number}-name")).to_be_focused()
        page.keyboard.type(name)
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.locator("#error-4-1")).to_contain_text("not '品名'")
    page.fill("#field-4-part-1-name", "Code")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.locator("#flashes")).to_contain_text("Saved as version 2")
    parts = Project.objects.get(pk=project.pk).schema["items"].fields
    assert [part.name for part in parts] == ["article", "code", "unit_price"]


def test_unsaved_changes_are_asked_about_before_the_page_is_left(open_page: Opened) -> None:
    project = builders.project("receipts")
    page = open_page(builders.member(project, Role.OWNER))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    changes: dict[str, Callable[[], None]] = {
        "nothing": lambda: None,
        "typed": lambda: page.fill("#field-0-instruction", "the name above the address"),
        "moved": lambda: page.get_by_role("button", name="Move company down").click(),
    }
    found = {}
    for name, change in changes.items():
        asked.clear()
        page.goto(reverse("fields", args=["receipts"]))
        change()
        if name == "moved":
            expect(page.locator("#field-1-name")).to_have_value("company")
        page.get_by_role("link", name="Members").click()
        page.wait_for_url("**/members/")
        found[name] = list(asked)
    assert found == {"nothing": [], "typed": ["beforeunload"], "moved": ["beforeunload"]}


def test_a_renamed_field_keeps_its_labels_and_leaving_is_not_asked_about_after_saving(open_page: Opened) -> None:
    project = builders.project("receipts")
    document = builders.document(project)
    store.write(document, "company", "BEAN THERE", source=Source.REVIEWER)
    page = open_page(builders.member(project, Role.OWNER))
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(reverse("fields", args=["receipts"]))
    page.fill("#field-0-name", "Vendor Name")
    page.get_by_role("button", name="Move date up").click()
    expect(page.locator("#field-1-name")).to_have_value("vendor_name")
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.locator("#flashes")).to_contain_text("company is called vendor_name now")
    page.get_by_role("link", name="Versions").click()
    expect(page.locator("tbody")).to_contain_text("Renamed company to vendor_name.")
    assert not asked
    assert document.labels.get().field == "vendor_name"


def test_fields_that_files_suggest_are_changed_and_the_files_become_documents(open_page: Opened) -> None:
    owner = builders.user()
    accounts.let_create_projects(owner)
    page = open_page(owner)
    page.goto(reverse("project_create"))
    page.fill("#id_name", "Tills")
    expect(page.locator("#id_files")).to_be_hidden()
    page.get_by_label("From your documents").check()
    file = {"name": "till.pdf", "mimeType": "application/pdf", "buffer": text_pdf(RECEIPT)}
    page.set_input_files("#id_files", [file])  # type: ignore[list-item]
    page.get_by_role("button", name="Suggest fields").click()
    names = page.locator("#suggested [id$=-name]")
    expect(names.first).to_have_value("invoice_no")
    count = names.count()
    page.get_by_role("button", name="Remove invoice_no").click()
    expect(names).to_have_count(count - 1)
    assert not Project.objects.exists()
    page.locator(".panel-foot").get_by_role("button", name="Make the project").click()
    page.wait_for_url("**/projects/tills/documents/")
    project = Project.objects.get()
    assert "invoice_no" not in project.schema
    assert "total" in project.schema
    assert [document.name for document in project.documents.all()] == ["till.pdf"]
