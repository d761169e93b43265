"""The form of a project's fields in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import Project, Role
from tests.support import builders

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
