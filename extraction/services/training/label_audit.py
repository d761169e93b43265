"""What a training run says of the labels it learned from, with the documents that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extraction.domain.pages import Page, Span
from extraction.models import Document, Label, TrainingRun, as_domain_pages


@dataclass(frozen=True, slots=True)
class Doubt:
    """A distrusted label. `reasons` are those of `student.distrust.Reason`. Where the student contradicts, `answer` is
    what it reads instead (`None` where `empty`, or where the words are no longer there) with its `confidence`; `empty`:
    it says that the field is not on the document."""

    document: Document
    field: str
    label: Label | None
    reasons: Sequence[str]
    answer: str | None
    empty: bool
    confidence: float | None


def doubts(run: TrainingRun) -> list[Doubt]:
    """The distrusted labels that the run lists and whose documents are still there; a fixed number of queries."""
    rows = (run.account or {}).get("listed", [])
    wanted = {row["document"] for row in rows}
    found = Document.objects.filter(project=run.project_id, sha256__in=wanted).prefetch_related("pages")
    documents = {document.sha256: document for document in found}
    labels = _labels(run, [document.pk for document in documents.values()])
    return [
        Doubt(
            document,
            row["field"],
            labels.get((document.pk, row["field"])),
            row["reasons"],
            _answer(row, as_domain_pages(document.pages.all())),
            row.get("empty", False),
            row.get("confidence"),
        )
        for row in rows
        if (document := documents.get(row["document"]))
    ]


def _labels(run: TrainingRun, documents: Sequence[int]) -> dict[tuple[int, str], Label]:
    """The labels of these documents that the run learned from, by document and field."""
    items = run.snapshot.items if run.snapshot else []
    keys = {
        (item["document"], name): pk
        for item in items
        if item["document"] in documents
        for name, pk in item["labels"].items()
    }
    held = Label.objects.in_bulk(list(keys.values()))
    return {key: held[pk] for key, pk in keys.items() if pk in held}


def _answer(row: Mapping[str, Any], pages: Sequence[Page]) -> str | None:
    """What the student reads; the account holds where it stands, not what it says."""
    if row.get("option"):
        return str(row["option"])
    spans = [Span.from_json(span) for span in row.get("spans", [])]
    # A document that was read again may have fewer words.
    if any(span.page >= len(pages) or span.last >= len(pages[span.page].words) for span in spans):
        return None
    return " ".join(span.text(pages) for span in spans) or None
