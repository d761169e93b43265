"""Cuts words into sub-word tokens, so that every character of every script is in one. Needs neither torch nor
transformers.

A piece of a word that the vocabulary lacks is spelled: by the stretches that it has and, between them, by the bytes of
UTF-8, which are tokens of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Encoding, Tokenizer
from tokenizers.pre_tokenizers import Metaspace

from extraction.engines.student.layout.inference.pieces import Piece, cut_words, cut_words_as_before

Ints = NDArray[np.int64]

BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
UNKNOWN, NO_TOKEN = ("[UNK]", "<unk>"), -1
SPACE = " "  # before a word, in front of vocabularies that mark where words begin


@dataclass(frozen=True, slots=True)
class Subwords:
    """Tokens of words, int64 arrays of shape `[tokens]`: token `i` is characters `start[i]` to `end[i]` of word
    `word[i]`; those of one character share it. `run[i]` numbers the runs of letters, of digits and the marks."""

    ids: Ints
    word: Ints
    start: Ints
    end: Ints
    run: Ints

    @classmethod
    def empty(cls) -> Self:
        return cls(*np.zeros((5, 0), dtype=np.int64))


def add_byte_tokens(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer, in whose vocabulary the 256 bytes come last, unless it has them."""
    if tokenizer.token_to_id(BYTES[0]) is None:
        tokenizer.add_tokens([AddedToken(byte, normalized=False) for byte in BYTES])
    return tokenizer


def byte_tokens(tokenizer: Tokenizer) -> range:
    """Ids of the 256 bytes, in order; empty where the vocabulary has none."""
    ids = [tokenizer.token_to_id(byte) for byte in BYTES]
    found = range(ids[0], ids[0] + len(ids)) if ids[0] is not None else range(0)
    return found if ids == list(found) else range(0)


class WordCutter:
    """Cuts words by a tokenizer. One without tokens for bytes, as models of earlier versions have, leaves unknown what
    its vocabulary lacks.

    A tokenizer that marks where words begin (`Metaspace` that never adds its mark) does so at the first piece of a word
    alone.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.bytes = byte_tokens(tokenizer)
        unknown = map(tokenizer.token_to_id, UNKNOWN)
        self.unknown = next((token for token in unknown if token is not None), NO_TOKEN)
        marks = isinstance(tokenizer.pre_tokenizer, Metaspace) and tokenizer.pre_tokenizer.prepend_scheme == "never"
        self.lead = SPACE if marks else ""
        self._known: dict[str, Sequence[int]] = {}

    def cut(self, words: Sequence[str]) -> Subwords:
        """The tokens of `words`, in order."""
        pieces = list(cut_words(words) if self.bytes else cut_words_as_before(words))
        table = self._encode(pieces)
        if self.bytes:
            table = self._spell_unknown(pieces, table)
        return self._placed(pieces, table) if len(table) else Subwords.empty()

    def _encode(self, pieces: Sequence[Piece]) -> Ints:
        """Tokens that stand for at least one character, int64 `[tokens, 4]`: id, number of the piece, start and end in
        it."""
        opens = [not number or pieces[number - 1].word != piece.word for number, piece in enumerate(pieces)]
        texts = [self.lead + piece.text if first else piece.text for piece, first in zip(pieces, opens, strict=True)]
        encoding = self._encoded(texts)
        piece = np.array([NO_TOKEN if of is None else of for of in encoding.word_ids], dtype=np.int64)
        lead = len(self.lead) * np.array([*opens, False], dtype=np.int64)[piece]
        start, end = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2).T - lead
        start = np.maximum(start, 0)
        table = np.column_stack([np.array(encoding.ids, dtype=np.int64), piece, start, end])
        kept: Ints = table[(piece >= 0) & (end > start)]
        return kept

    def _spell_unknown(self, pieces: Sequence[Piece], table: Ints) -> Ints:
        """The same with the unknown tokens, and the pieces without any, spelled."""
        unknown = table[:, 0] == self.unknown
        empty = np.flatnonzero(np.bincount(table[:, 1], minlength=len(pieces)) == 0)
        if not unknown.any() and not empty.size:
            return table
        holes = [*table[unknown, 1:].tolist(), *((number, 0, len(pieces[number].text)) for number in empty.tolist())]
        spelled = [
            (token, number, start + at, start + at + 1)
            for number, start, end in holes
            for token, at in self._spelled(pieces[number].text[start:end])
        ]
        table = np.concatenate([table[~unknown], np.array(spelled, dtype=np.int64)])
        return table[np.lexsort((table[:, 2], table[:, 1]))]

    def _spelled(self, text: str) -> Iterator[tuple[int, int]]:
        """Tokens, with their starts, of a text that is unknown as a whole: its known stretches, bytes between them."""
        for known, stretch in groupby(enumerate(text), lambda item: bool(self._tokens_of(item[1]))):
            characters = list(stretch)
            if known:
                yield from self._stretch(characters)
            else:
                yield from ((self.bytes[byte], at) for at, one in characters for byte in one.encode())

    def _stretch(self, characters: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int]]:
        """Tokens, with their starts, of known characters: together, else each of them."""
        encoding = self._encoded(["".join(one for _, one in characters)])
        if self.unknown in encoding.ids:
            return ((token, at) for at, one in characters for token in self._tokens_of(one))
        starts = (characters[start][0] for start, _ in encoding.offsets)
        return zip(encoding.ids, starts, strict=True)

    def _tokens_of(self, character: str) -> Sequence[int]:
        """The tokens of one character; none where the vocabulary lacks it."""
        if character not in self._known:
            ids = self._encoded([character]).ids
            self._known[character] = () if self.unknown in ids else tuple(ids)
        return self._known[character]

    def _encoded(self, texts: Sequence[str]) -> Encoding:
        return self.tokenizer.encode(texts, is_pretokenized=True, add_special_tokens=False)

    def _placed(self, pieces: Sequence[Piece], table: Ints) -> Subwords:
        """Tokens with their places: each reaches to where the next one of its piece starts, so that accents that a
        vocabulary drops are in one, too."""
        ids, piece, start, _ = table.T
        word, begins, ends = np.array([(one.word, one.start, one.end) for one in pieces], dtype=np.int64).T
        # Normalisation may swap accents, but no token stands before the one that it follows.
        left = np.maximum.accumulate(begins[piece] + start + (offset := piece * (ends.max() + 1))) - offset
        opens = np.append(True, piece[1:] != piece[:-1])
        left[opens] = begins[piece[opens]]
        new = opens | np.append(True, left[1:] != left[:-1])
        # Of the tokens that start at the same character, the first stands for all.
        place, at = np.cumsum(new) - 1, np.flatnonzero(new)
        closes = np.append(opens[at][1:], True)
        right = np.where(closes, ends[piece[at]], np.append(left[at][1:], 0))
        run = np.cumsum(opens[at] | self._may_begin(pieces, piece[at], left[at])) - 1
        return Subwords(ids, word[piece], left, right[place], run[place])

    def _may_begin(self, pieces: Sequence[Piece], piece: Ints, left: Ints) -> NDArray[np.bool_]:
        """Whether a word may begin with the characters from `left` of a word on, which are in `piece`."""
        may = np.zeros(len(piece), dtype=np.bool_)
        unspaced = [number for number, one in enumerate(pieces) if one.unspaced] if self.bytes else []
        for at in np.flatnonzero(np.isin(piece, unspaced)).tolist() if unspaced else ():
            one = pieces[piece[at]]
            may[at] = one.may_begin(int(left[at]) - one.start)
        return may
