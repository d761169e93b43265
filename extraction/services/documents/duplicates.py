"""Near-duplicates: another picture of a document that the project already has.

Receipts of one shop look similar, so the picture only proposes a candidate and the numbers on it decide: two purchases
do not share date, time, receipt number and amounts. Among 495 receipts of SROIE (122 265 pairs) no two are taken for
one; of nine receipts saved again at 60 % of their size seven are found.
"""

from collections import Counter

from extraction.engines.ingest.quality import distance
from extraction.models import Document, Page

# (at most so many of the 256 bits of two fingerprints differ, at least this fraction of the numbers agrees): the less
# similar the pictures, the more numbers must agree.
THRESHOLDS = ((32, 0.7), (64, 0.9))


def find(document: Document, fingerprint: str, first: Page) -> Document | None:
    """The earliest document of the project that shows the same as `document`, whose first page is `first`."""
    others = document.project.documents.filter(pk__lt=document.pk).exclude(fingerprint="")
    fingerprints = others.order_by("pk").values_list("pk", "fingerprint")
    thresholds = {
        pk: threshold
        for pk, other in fingerprints.iterator()
        if (threshold := _threshold(fingerprint, other)) is not None
    }
    pages = Page.objects.filter(document__in=thresholds, number=0).select_related("document").order_by("document_id")
    numbers = _numbers(first)
    return next(
        (page.document for page in pages if _overlap(numbers, _numbers(page)) >= thresholds[page.document_id]), None
    )


def _threshold(fingerprint: str, other: str) -> float | None:
    """The fraction of numbers that must agree; `None` where the pictures differ too much."""
    bits = distance(fingerprint, other)
    return next((fraction for most, fraction in THRESHOLDS if bits <= most), None)


def _numbers(page: Page) -> Counter[str]:
    return Counter(row[0] for row in page.words if any(character.isdigit() for character in row[0]))


def _overlap(a: Counter[str], b: Counter[str]) -> float:
    """Numbers in common as a fraction (0–1) of the numbers of both; 0 for pages without numbers."""
    union = (a | b).total()
    return (a & b).total() / union if union else 0.0
