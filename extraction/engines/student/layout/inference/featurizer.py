"""Features of pages: sub-word tokens with boxes and roles, in windows. Needs neither torch nor transformers.

Each token has its own strip of the word's box; `tokenization` cuts words into tokens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from extraction.domain.alignment import candidates
from extraction.domain.field_types.base import Offsets
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money
from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from extraction.domain.pages import Page, Span, Word
from extraction.engines.student.layout.inference.tokenization import WordCutter

Ints = NDArray[np.int64]
Batch = dict[str, Ints]

SCALE = 1000  # boxes in thousandths of the page
PLAIN, LINE_START, DATE, AMOUNTS = 0, 1, 2, 3
RANKS, REPEATS = 5, 3
PART, SUM = 1, 2  # an amount may be either, neither or both
ROLES = AMOUNTS + RANKS * REPEATS * (1 + PART + SUM)
ADDED_UP = 100  # of the largest amounts of a document, each with each


@dataclass(frozen=True)
class Tokens:
    """The sub-words of a document: int64 arrays of shape `[tokens]`, boxes `[tokens, 4]` in thousandths of the page.

    Token `i` is characters `start[i]` to `end[i]` of word `word[i]` of page `page[i]`; several tokens may share a
    character. `run[i]` numbers, on each page, the runs of letters, of digits and the marks that words were cut into.
    """

    ids: Ints
    boxes: Ints
    roles: Ints
    page: Ints
    word: Ints
    start: Ints
    end: Ints
    run: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def span(self, pages: Sequence[Page], first: int, last: int) -> Span:
        """Printed place of tokens `first` to `last` (both included, of one page)."""
        end: int | None = int(self.end[last])
        number = int(self.page[first])
        if end == len(pages[number].words[self.word[last]].text):
            end = None
        return Span(number, int(self.word[first]), int(self.word[last]), int(self.start[first]), end)

    def texts(self, pages: Sequence[Page], first: int, count: int) -> list[str]:
        """Texts of up to `count` tokens from `first` on, all of one page; of tokens that share characters, the first
        one has their text."""
        here = range(first, min(first + count, len(self)))
        return [
            "" if at > first and self._shares(at) else self._text(pages, at)
            for at in here
            if self.page[at] == self.page[first]
        ]

    def _text(self, pages: Sequence[Page], at: int) -> str:
        word: Word = pages[self.page[at]].words[self.word[at]]
        return word.text[self.start[at] : self.end[at]]

    def _shares(self, at: int) -> bool:
        """Whether token `at` stands on the characters of the one before it."""
        return bool(self.word[at] == self.word[at - 1] and self.start[at] == self.start[at - 1])

    def within(self, span: Span) -> Ints:
        """Indices, in order, of the tokens of which at least half stands inside `span`."""
        head = np.where(self.word == span.first, np.maximum(self.start, span.start), self.start)
        tail = (
            self.end if span.end is None else np.where(self.word == span.last, np.minimum(self.end, span.end), self.end)
        )
        here = (self.page == span.page) & (self.word >= span.first) & (self.word <= span.last)
        return np.flatnonzero(here & (2 * (tail - head) >= self.end - self.start) & (tail > head))


class Featurizer:
    """Cuts documents into tokens, and these into windows of at most `window` tokens, neighbours sharing `stride`.

    `body` is the number of a window's tokens without the special tokens at its start and end, `first` and `last`.
    """

    def __init__(self, tokenizer: Tokenizer, window: int, stride: int) -> None:
        self.tokenizer, self.cutter = tokenizer, WordCutter(tokenizer)
        self.body, self.stride = window - 2, min(stride, window // 2 - 1)
        self.first, self.last = tokenizer.encode("").ids
        self.pad = _special_id(tokenizer, "[PAD]", "<pad>")
        self.mask = _special_id(tokenizer, "[MASK]", "<mask>")

    def tokens(self, pages: Sequence[Page]) -> Tokens:
        """The tokens of all pages, in reading order."""
        table = np.concatenate([np.zeros((0, 10), dtype=np.int64), *map(self._page, range(len(pages)), pages)])
        ids, boxes, page, word, start, end, run = np.split(table, [1, 5, 6, 7, 8, 9], axis=1)
        roles = np.full(len(table), PLAIN, dtype=np.int64)
        tokens = Tokens(ids[:, 0], boxes, roles, page[:, 0], word[:, 0], start[:, 0], end[:, 0], run[:, 0])
        for number, first in ((number, line[0]) for number, there in enumerate(pages) for line in there.lines):
            roles[(tokens.page == number) & (tokens.word == first)] = LINE_START
        for span, role in _roles(pages):
            roles[tokens.within(span)] = role
        return tokens

    def windows(self, tokens: Tokens) -> list[tuple[int, int]]:
        """Windows as (first, end) token indices; each page has its own, a document without words none."""
        windows = []
        for page in np.unique(tokens.page):
            on_page = np.flatnonzero(tokens.page == page)
            first, end = int(on_page[0]), int(on_page[-1]) + 1
            while first + self.body < end:
                windows.append((first, first + self.body))
                first += self.body - self.stride
            windows.append((max(int(on_page[0]), min(first, end - 1)), end))
        return windows

    def batch(self, tokens: Tokens, windows: Sequence[tuple[int, int]]) -> Batch:
        """Inputs of the network, int64 of shape `[windows, longest]` (boxes `[windows, longest, 4]`), with the special
        tokens at start and end, padded at the end."""
        longest = max(end - first for first, end in windows) + 2
        shape = (len(windows), longest)
        batch = {
            "input_ids": np.full(shape, self.pad, dtype=np.int64),
            "bbox": np.zeros((*shape, 4), dtype=np.int64),
            "attention_mask": np.zeros(shape, dtype=np.int64),
            "token_type_ids": np.zeros(shape, dtype=np.int64),
        }
        for row, (first, end) in enumerate(windows):
            size = end - first
            batch["input_ids"][row, : size + 2] = [self.first, *tokens.ids[first:end], self.last]
            batch["bbox"][row, 1 : size + 1] = tokens.boxes[first:end]
            batch["bbox"][row, size + 1] = SCALE
            batch["attention_mask"][row, : size + 2] = 1
            batch["token_type_ids"][row, 1 : size + 1] = tokens.roles[first:end]
        return batch

    def _page(self, number: int, page: Page) -> Ints:
        """Tokens of one page, int64 of shape `[tokens, 10]`: id, box (4), page, word, start, end, run."""
        cut = self.cutter.cut([word.text for word in page.words])
        if not len(cut.ids):
            return np.zeros((0, 10), dtype=np.int64)
        boxes = np.array([(word.box.x0, word.box.y0, word.box.x1, word.box.y1) for word in page.words])[cut.word]
        lengths = np.array([max(len(word.text), 1) for word in page.words])[cut.word]
        left, top, right, bottom = boxes.T
        width = right - left
        strips = np.stack([left + cut.start / lengths * width, top, left + cut.end / lengths * width, bottom], axis=1)
        edges = np.rint(np.clip(strips, 0, 1) * SCALE).astype(np.int64)
        numbers = np.full(len(cut.ids), number)
        return np.column_stack([cut.ids, edges, numbers, cut.word, cut.start, cut.end, cut.run])


def _roles(pages: Sequence[Page]) -> list[tuple[Span, int]]:
    """Spans that look like a date or an amount, with their roles. The role of an amount also says how often the
    document prints it, its rank by size and whether it adds up with others.

    The largest amount, or one printed three times, is more often a total than one that stands once among many; the sum
    of a subtotal and a tax, or of the total and the change, even more so.
    """
    roles = [(span, DATE) for span in _spans(find_dates, pages)]
    sign = infer_decimal_sign(line for page in pages for line in page.text.splitlines())
    amounts = [(span, parse_money(span.text(pages), decimal_sign=sign)) for span in _spans(find_amounts, pages)]
    counts = Counter(amount for _, amount in amounts if amount is not None)
    ranks = {amount: rank for rank, amount in enumerate(sorted(counts, reverse=True))}
    adding = _adding_up(counts)
    for span, amount in amounts:
        if amount is not None:
            repeats = min(counts[amount], REPEATS) - 1
            kind = adding[amount] * REPEATS + repeats
            roles.append((span, AMOUNTS + kind * RANKS + min(ranks[amount], RANKS - 1)))
    return roles


def _adding_up(counts: Counter[Decimal]) -> Counter[Decimal]:
    """`PART` of the amounts that give a third one together with a second one, `SUM` of those that are given so."""
    largest = sorted((amount for amount in counts if amount > 0), reverse=True)[:ADDED_UP]
    parts, sums = set(), set()
    for a, b in combinations_with_replacement(largest, 2):
        if a + b in counts and (a != b or counts[a] > 1):
            parts |= {a, b}
            sums.add(a + b)
    return Counter({amount: PART * (amount in parts) + SUM * (amount in sums) for amount in largest})


def _spans(find: Callable[[str], Sequence[Offsets]], pages: Sequence[Page]) -> list[Span]:
    return [replace(span, page=number) for number, page in enumerate(pages) for span in candidates(find, page)]


def _special_id(tokenizer: Tokenizer, *names: str) -> int:
    """Id of the first of these special tokens that the vocabulary has, else 0."""
    for name in names:
        token = tokenizer.token_to_id(name)
        if token is not None:
            return int(token)
    return 0
