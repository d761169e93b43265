"""Claims in a real browser: a table goes up, its columns are chosen, and the result is followed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from extraction.models import ClaimImport, Document, Role, Source
from extraction.services.jobs import execution
from extraction.services.labels import store
from tests.support import builders
from tests.support.builders import xlsx_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def work() -> None:
    row = ClaimImport.objects.latest("pk")
    assert row.job is not None
    execution.run(row.job.pk)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_table_goes_up_and_is_taken_back(open_page: Callable[..., Page], tmp_path: Path, width: int) -> None:
    project = builders.project("receipts")
    rows = [["Datei", "Betrag", "Datum", "Kostenstelle"]]
    for number in range(8):
        document = builders.document(project)
        Document.objects.filter(pk=document.pk).update(name=f"receipt-{number}.jpg")
        store.write(document, "total", f"{number}.30", source=Source.TEACHER, teacher="rules")
        rows.append([f"receipt-{number}.jpg", f"{number + number // 6},30", "25.12.2018", "4711"])
    rows += [["nowhere.jpg", "1,00", "", ""], ["receipt-0.jpg", "", "#REF!", ""]]
    table = xlsx_file(tmp_path / "expenses.xlsx", *rows)
    page = open_page(builders.member(project, Role.OWNER), viewport={"width": width, "height": 800})
    page.goto(reverse("claim_list", args=["receipts"]))
    page.get_by_role("link", name="Imports").click()
    page.get_by_label("CSV or XLSX").set_input_files(table)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_label("Datei", exact=True)).to_have_value("=document")
    expect(page.get_by_label("Betrag", exact=True)).to_have_value("total")
    expect(page.get_by_label("Kostenstelle", exact=True)).to_have_value("")
    page.get_by_role("button", name="Import").click()
    expect(page.locator("#live .job")).to_be_visible()
    work()
    expect(page.get_by_text("6 of 8")).to_be_visible()
    expect(page.get_by_role("link", name="receipt-7.jpg").locator("visible=true")).to_be_visible()
    expect(page.get_by_text("The project has no such document.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#live .job")).to_be_visible()
    work()
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
