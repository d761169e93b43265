"""What a test does and sees on the review page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import BrowserContext, Locator, Page, expect

from extraction.models import Document, Label, Project
from extraction.services import storage
from extraction.services.labels import ranking, store
from tests.support import builders

Opened = Callable[..., Page]
SAID = {"company": "BEAN THERE SDN BHD", "date": "25/12/2018", "address": "12 Harbour Road", "total": "3.30"}
FIELDS = tuple(SAID)


def waiting(project: Project, confidence: float) -> Document:
    """A document with a picture and labels of a teacher."""
    document = builders.document(project)
    for page in document.pages.all():
        image = Image.new("RGB", (page.width, page.height), "white")
        draw = ImageDraw.Draw(image)
        for text, x0, y0, *_ in page.words:
            draw.text((x0 * page.width, y0 * page.height), text, "black", ImageFont.load_default(18))
        path = storage.path(page.image)
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    said = [
        store.LabelInput(document, field, value, "teacher", teacher="rules", confidence=confidence)
        for field, value in SAID.items()
    ]
    store.write_many(document.project, said)
    document.refresh_from_db()
    return document


def start(page: Page) -> Page:
    page.goto("/projects/receipts/review/")
    expect(page.locator(".review-field.active")).to_be_visible()
    return page


def text(page: Page, field: str) -> Locator:
    return page.locator(f"#value-{field}")


def row(page: Page, field: str) -> Locator:
    return page.locator(f"#field-{field}")


def active(page: Page, field: str) -> None:
    expect(page.locator(".review-field.active")).to_have_attribute("data-field", field)


def all_saved(page: Page) -> None:
    expect(page.locator(".review-saved")).to_have_text("All saved")


def on_screen(page: Page, document: Document) -> None:
    expect(page.locator(".review-sheet")).to_have_attribute("data-document", str(document.pk))


def loaded_ahead(page: Page, documents: Sequence[Document]) -> None:
    """Wait until the page has loaded these, of one page each, in advance, with their pictures and that of its own."""
    expect(page.locator("#review")).to_have_attribute(
        "data-ahead", ",".join(str(document.pk) for document in documents)
    )
    page.wait_for_function(
        """count => new Set(
            performance.getEntriesByType("resource").filter((one) => one.initiatorType === "img").map((one) => one.name)
        ).size >= count""",
        arg=len(documents) + 1,
    )


def word(page: Page, index: int) -> Locator:
    return page.locator(f".word[data-index='{index}']")


def middle(located: Locator) -> tuple[float, float]:
    box = located.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def best(document: Document, field: str) -> Label:
    return ranking.best(Document.objects.get(pk=document.pk))[field]


def fail(context: BrowserContext, pattern: str) -> None:
    context.route(pattern, lambda route: route.abort())
