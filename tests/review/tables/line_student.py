"""A student that reads every line of a page as a row, standing in for a trained one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue, RowValue
from tests.review.tables.screen import COLUMNS


class LineStudent:
    """Reads each line as a row: three cells with that confidence, where the text is among those that it knows."""

    def __init__(
        self, confidence: float, *, misread: Mapping[str, str] | None = None, blind: Sequence[str] = ()
    ) -> None:
        self.confidence, self.misread, self.blind = confidence, misread or {}, blind

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        rows = []
        for number, page in enumerate(pages):
            for line in page.lines:
                texts = [page.words[index].text for index in line]
                if len(texts) > 2 and not set(texts) & set(self.blind):
                    parts = (line[:-2], line[-2:-1], line[-1:])
                    rows.append(
                        RowValue(
                            {name: self._cell(number, part, pages) for name, part in zip(COLUMNS, parts, strict=True)}
                        )
                    )
        text = json.dumps([{name: cell.value for name, cell in row.cells.items()} for row in rows])
        return {"items": FieldValue(text, None, self.confidence, (), tuple(rows))}

    def _cell(self, page: int, words: Sequence[int], pages: Sequence[Page]) -> FieldValue:
        span = Span(page, words[0], words[-1])
        text = span.text(pages)
        return FieldValue(self.misread.get(text, text), None, self.confidence, (span,))
