"""Near-duplicates: another picture of a document that the project already holds.

Receipts of one shop look alike from afar, so that the picture only proposes and the numbers on it decide: a date, a
time, a receipt number and amounts are what two purchases do not share. Among 495 receipts of SROIE (122 265 pairs) no
two are taken for one; of nine receipts saved again at 60 % of their size seven are found.
"""

from collections import Counter

from extraction.engines.ingest.quality import distance
from extraction.models import Document, Page

# The less alike two pictures are (bits of 256 in which they differ), the more numbers must agree.
ALIKE = ((32, 0.7), (64, 0.9))


def find(document: Document, fingerprint: str, first: Page) -> Document | None:
    """The earliest document of the project that shows the same as `document`, whose first page is `first`."""
    others = document.project.documents.filter(pk__lt=document.pk).exclude(fingerprint="")
    known = others.order_by("pk").values_list("pk", "fingerprint")
    needed = {pk: share for pk, other in known.iterator() if (share := _needed(fingerprint, other)) is not None}
    pages = Page.objects.filter(document__in=needed, number=0).select_related("document").order_by("document_id")
    numbers = _numbers(first)
    return next((page.document for page in pages if _shared(numbers, _numbers(page)) >= needed[page.document_id]), None)


def _needed(fingerprint: str, other: str) -> float | None:
    bits = distance(fingerprint, other)
    return next((share for most, share in ALIKE if bits <= most), None)


def _numbers(page: Page) -> Counter[str]:
    return Counter(row[0] for row in page.words if any(character.isdigit() for character in row[0]))


def _shared(a: Counter[str], b: Counter[str]) -> float:
    """Numbers in common as a share of all numbers of both; pages without any share none."""
    together = (a | b).total()
    return (a & b).total() / together if together else 0.0
