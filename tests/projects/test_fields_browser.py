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
