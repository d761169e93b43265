"""Near-duplicates: another picture of a document that the project already holds."""

from collections import Counter

from extraction.ingest.quality import distance
from extraction.models import Document, Page

# Receipts of one shop look alike from afar, so that the hash only proposes; the words decide.
ALIKE_BITS = 64
SAME_WORDS = 0.8


def find(document: Document, fingerprint: str, first: Page) -> Document | None:
    """The earliest document of the project that shows the same as `document`, whose first page is `first`."""
    others = document.project.documents.filter(pk__lt=document.pk).exclude(fingerprint="")
    known = others.order_by("pk").values_list("pk", "fingerprint")
    alike = [pk for pk, other in known.iterator() if distance(fingerprint, other) <= ALIKE_BITS]
    pages = Page.objects.filter(document__in=alike, number=0).select_related("document").order_by("document_id")
    return next((page.document for page in pages if overlap(_texts(first), _texts(page)) >= SAME_WORDS), None)


def overlap(a: Counter[str], b: Counter[str]) -> float:
    """Words in common as a share of all words of both, 0–1."""
    together = (a | b).total()
    return (a & b).total() / together if together else 1.0


def _texts(page: Page) -> Counter[str]:
    return Counter(row[0] for row in page.words)
