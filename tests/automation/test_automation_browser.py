"""The page of the automation in a real browser: answered by keyboard, and readable on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import AutomationStep, Project, User
from tests.automation.worlds import asked
from tests.support.browser import settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_question_is_answered_by_keyboard_on_a_phone(
    open_page: Callable[..., Page], owner: User, project: Project, answers: Callable[..., Any]
) -> None:
    answers()
    run = asked(project)
    page = open_page(owner, viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.goto(reverse("project", args=["receipts"]))
    page.get_by_role("link", name="See the comparison").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Promote auto-1?")).to_be_visible()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Promote auto-1").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep first")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("auto-1 was not promoted.")).to_be_visible()
    expect(page.get_by_role("heading", name="Promote auto-1?")).to_have_count(0)
    assert AutomationStep.objects.get(run=run, kind=AutomationStep.Kind.DECLINED).author == owner


def test_an_owner_switches_it_on(open_page: Callable[..., Page], owner: User, project: Project) -> None:
    page = open_page(owner)
    page.goto(reverse("training", args=["receipts"]))
    page.get_by_role("link", name="Automatic").click()
    page.get_by_label("Train by itself").check()
    page.get_by_label("After corrections").fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("after 12 more corrections")).to_be_visible()
    expect(page.get_by_text("Switched on")).to_be_visible()
