"""What a system answers for a field of a document, whichever system it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from extraction.domain.pages import Page, Span


@dataclass(frozen=True, slots=True)
class FieldValue:
    """An answer.

    `value` is the printed text (`None`: not on the document), `normalized` the same in the field's format (`None` where
    it cannot be normalised), `confidence` the probability (0–1) that the answer is right, `spans` the words on which
    it stands, a multi-part value's parts in reading order.
    """

    value: str | None
    normalized: str | None
    confidence: float | None = None
    spans: tuple[Span, ...] = field(default=())

    def boxes(self, pages: Sequence[Page]) -> list[dict[str, Any]]:
        """The boxes of the contract: `{"page", "x0", "y0", "x1", "y1"}`, one for each printed line touched."""
        return [
            {"page": span.page, "x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1}
            for span in self.spans
            for box in span.boxes(pages)
        ]
