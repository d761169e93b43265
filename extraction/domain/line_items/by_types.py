"""A row from printed words by the types of its columns alone, for where no student reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extraction.domain.field_types import Certainty, Conventions, read
from extraction.domain.field_types.readers.amounts import parse_money
from extraction.domain.fields import Field
from extraction.domain.pages import Page, Span

WHOLE = re.compile(r"\d{1,6}")
AMOUNT = re.compile(r"\d[.,]\d")
Cells = Mapping[str, tuple[Span, ...]]


def row_of(field: Field, page: int, words: Sequence[int], pages: Sequence[Page], conventions: Conventions) -> Cells:
    """The words of each column, words in reading order: amounts go to the columns of amounts from the right, whole
    numbers to those of numbers, other values to columns of their type, and the rest to the first column of texts."""
    texts = {index: pages[page].words[index].text for index in words}
    left = list(words)
    taken: dict[str, list[int]] = {}

    def take(part: Field, found: Sequence[int]) -> None:
        if found:
            taken[part.name] = list(found)
            left[:] = [index for index in left if index not in found]

    amounts = [index for index in left if AMOUNT.search(texts[index]) and _is_money(texts[index], conventions)]
    # Some currencies have no decimals.
    amounts = amounts or [index for index in left if WHOLE.fullmatch(texts[index])][-1:]
    for part in reversed([part for part in field.fields if part.type == "money"]):
        take(part, amounts[-1:])
        amounts = amounts[:-1]
    # From the right: whole numbers within a description stand before them.
    for part in reversed([part for part in field.fields if part.type == "number"]):
        take(part, [index for index in left if WHOLE.fullmatch(texts[index])][-1:])
    for part in field.fields:
        if part.kind.invalid and not part.kind.numeric:
            take(part, [index for index in left if read(part, texts[index]).certainty is not Certainty.INVALID][:1])
    text = next((part for part in field.fields if part.kind.free_text), None)
    if text is not None:
        take(text, list(left))
    return {name: _spans(page, found) for name, found in taken.items()}


def _is_money(text: str, conventions: Conventions) -> bool:
    return parse_money(text, decimal_sign=conventions.decimal_sign) is not None


def _spans(page: int, words: Sequence[int]) -> tuple[Span, ...]:
    """One for each run of adjacent words."""
    spans: list[Span] = []
    for index in words:
        if spans and spans[-1].last == index - 1:
            spans[-1] = Span(page, spans[-1].first, index)
        else:
            spans.append(Span(page, index, index))
    return tuple(spans)
