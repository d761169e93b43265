"""Times: one style on every page, marked up so that a script can put them into the reader's zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page, expect

from extraction.models import Document, Role
from tests.support import builders

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
# 23:30 in UTC.
EVENING = datetime(2026, 11, 29, 1, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_templates_write_times_in_the_one_style(template: Path) -> None:
    assert re.findall(r"\|\s*(?:date|time|naturaltime|naturalday|timesince)\b|<time\b", template.read_text()) == []


@pytest.mark.parametrize(
    ("style", "text"), [("moment", "28 Nov 2026, 23:30 UTC"), ("day", "28 Nov 2026"), ("ago", "ago|from now")]
)
def test_without_a_script_they_say_utc(style: str, text: str) -> None:
    written = Template(f"{{{{ value|{style} }}}}").render(Context({"value": EVENING}))
    assert 'datetime="2026-11-28T23:30:00Z"' in written
    assert 'title="28 Nov 2026, 23:30 UTC"' in written
    assert re.search(text, written)


@pytest.mark.parametrize(("style", "text"), [("moment", "28.11.2026, 23:30 UTC"), ("day", "28.11.2026")])
def test_in_german_they_are_written_as_there(style: str, text: str) -> None:
    with override("de"):
        written = Template(f"{{{{ value|{style} }}}}").render(Context({"value": EVENING}))
    assert 'datetime="2026-11-28T23:30:00Z"' in written
    assert f">{text}<" in written


@pytest.mark.parametrize("style", ["moment", "day", "ago"])
def test_what_has_not_happened_has_a_dash(style: str) -> None:
    assert Template(f"{{{{ value|{style} }}}}").render(Context({"value": None})) == "–"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locale", "text"), [("en-GB", "29 Nov 2026, 07:30"), ("de-AT", "29.11.2026, 07:30")])
def test_a_browser_shows_its_own_zone(open_page: Callable[..., Page], locale: str, text: str) -> None:
    project = builders.project("receipts")
    document = builders.pictured_document(project)
    Document.objects.filter(pk=document.pk).update(created=EVENING)
    page = open_page(builders.member(project, Role.OWNER), timezone_id="Asia/Kuala_Lumpur", locale=locale)
    page.goto(reverse("document", args=["receipts", document.pk]))
    expect(page.locator('time[datetime="2026-11-28T23:30:00Z"]').first).to_have_text(text)
