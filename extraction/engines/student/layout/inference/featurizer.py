"""Features of pages: sub-word tokens with boxes and roles, in windows. Needs neither torch nor transformers.

Words are cut where letters, digits and marks meet before they are cut into sub-words, so that a value that stands
inside a word (`Date:25/12/2018`, `RM54.50SR`) has token borders at its ends. Each token has its own strip of the word's
box.
"""

from __future__ import annotations

import re
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
from extraction.domain.pages import Page, Span

Ints = NDArray[np.int64]
Batch = dict[str, Ints]

PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_|\w")
SCALE = 1000  # boxes in thousandths of the page
PLAIN, LINE_START, DATE, AMOUNTS = 0, 1, 2, 3
RANKS, REPEATS = 5, 3
PART, SUM = 1, 2  # an amount may be either, neither or both
ROLES = AMOUNTS + RANKS * REPEATS * (1 + PART + SUM)
ADDED_UP = 100  # of the largest amounts of a document, each with each


@dataclass(frozen=True)
class Tokens:
    """The sub-words of a document: int64 arrays of shape `[tokens]`, boxes `[tokens, 4]` in thousandths of the page.

    Token `i` is characters `start[i]` to `end[i]` of word `word[i]` of page `page[i]`. `run[i]` numbers, on each page,
    the runs of letters, of digits and the marks that words were cut into.
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
        """Texts of up to `count` tokens from `first` on, all of one page."""
        here = range(first, min(first + count, len(self)))
        return [
            pages[self.page[at]].words[self.word[at]].text[self.start[at] : self.end[at]]
            for at in here
            if self.page[at] == self.page[first]
        ]

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
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
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
        pieces = [
            (index, match.start(), match[0])
            for index, word in enumerate(page.words)
            for match in PIECE.finditer(word.text)
        ]
        encoding = self.tokenizer.encode(
            [piece for _, _, piece in pieces], is_pretokenized=True, add_special_tokens=False
        )
        rows = []
        for token, piece, (start, end) in zip(encoding.ids, encoding.word_ids, encoding.offsets, strict=True):
            if piece is None:
                continue
            index, offset, _ = pieces[piece]
            word = page.words[index]
            length = max(len(word.text), 1)
            box = word.box.part((offset + start) / length, (offset + end) / length)
            edges = (round(min(max(edge, 0.0), 1.0) * SCALE) for edge in (box.x0, box.y0, box.x1, box.y1))
            rows.append((token, *edges, number, index, offset + start, offset + end, piece))
        return np.array(rows, dtype=np.int64).reshape(-1, 10)


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
