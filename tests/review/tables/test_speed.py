"""The time from a key to its letter on the screen, for the record: a bound would be one of the machine."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from extraction.models import Project, User
from tests.review.browser.screen import Opened, all_saved
from tests.review.tables.screen import cell, document, row, rows_of, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTERS = "abcdefghijklmnopqrst"
# From the key's own time to the first task after the frame that it leads to.
WATCH = """() => {
  window.painted = [];
  document.addEventListener("keydown", ({ timeStamp }) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.painted.push(performance.now() - timeStamp);
    port2.postMessage(null);
  }), true);
}"""


@pytest.mark.parametrize("count", [60, pytest.param(5000, marks=pytest.mark.slow)])
def test_keys_are_painted(
    open_page: Opened, anna: User, project: Project, count: int, record_property: Callable[[str, object], None]
) -> None:
    shown = document(project, [row(f"Item {number}", "1", "1.00") for number in range(count)])
    page = start(open_page(anna), shown)
    page.keyboard.press("e")
    page.evaluate(WATCH)
    page.keyboard.type(LETTERS, delay=100)
    expect(cell(page, 0, "description")).to_contain_text(LETTERS)
    page.wait_for_function(f"() => window.painted.length >= {len(LETTERS)}")
    record_property("milliseconds", statistics.median(page.evaluate("window.painted")))
    all_saved(page)
    assert rows_of(shown)[0] == (LETTERS, "1", "1.00")
