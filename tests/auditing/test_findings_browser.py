"""Findings decided by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import DismissalReason, Finding, FindingState, Project, Role, User
from tests.support import builders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opened = Callable[..., Page]


@pytest.fixture
def auditor(project: Project) -> User:
    return builders.member(project, Role.AUDITOR)


@pytest.fixture
def findings(project: Project) -> list[Finding]:
    """Three, the most expected first."""
    claims = [
        builders.claim(project, employee=name, document=builders.document(project)) for name in ("Ann", "Ben", "Cem")
    ]
    return [
        builders.finding(claim, at_risk=at_risk)
        for claim, at_risk in zip(claims, ("9.00", "6.00", "3.00"), strict=True)
    ]


@pytest.fixture
def page(open_page: Opened, auditor: User, findings: list[Finding]) -> Page:
    page = open_page(auditor)
    page.goto(reverse("finding", args=["receipts", findings[0].pk]))
    return page


def on(page: Page, finding: Finding) -> None:
    page.wait_for_url(f"**{reverse('finding', args=['receipts', finding.pk])}*")


def state(finding: Finding) -> str:
    finding.refresh_from_db()
    return finding.state


def test_keys_decide_and_go_on(page: Page, findings: list[Finding]) -> None:
    first, second, third = findings
    page.keyboard.press("c")
    on(page, second)
    assert state(first) == FindingState.CONFIRMED

    page.keyboard.press("2")
    page.keyboard.press("d")
    on(page, third)
    assert (state(second), second.reason) == (FindingState.DISMISSED, DismissalReason.values[1])

    page.keyboard.press("a")
    page.wait_for_url(f"**{reverse('findings', args=['receipts'])}*")
    assert state(third) == FindingState.ASKED


def test_a_key_takes_the_decision_back(page: Page, findings: list[Finding]) -> None:
    first, second, _ = findings
    page.keyboard.press("c")
    on(page, second)
    page.keyboard.press("u")
    on(page, first)
    assert state(first) == FindingState.OPEN


def test_a_key_shows_the_next_one_and_decides_nothing(page: Page, findings: list[Finding]) -> None:
    page.keyboard.press("n")
    on(page, findings[1])
    assert state(findings[0]) == FindingState.OPEN


def test_letters_of_a_note_are_no_keys(page: Page, findings: list[Finding]) -> None:
    page.get_by_label("Note").focus()
    page.keyboard.type("can d1 a nun")
    expect(page.get_by_label("Note")).to_have_value("can d1 a nun")
    page.get_by_role("button", name="Confirm").click()
    on(page, findings[1])
    assert findings[0].decisions.get().note == "can d1 a nun"
