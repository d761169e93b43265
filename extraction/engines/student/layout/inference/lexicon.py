"""Lexicon: the labels' spelling of names and addresses that recur.

OCR loses spaces, commas and single letters (`SDNBHD`, `MR. D.1.Y.`). Where a text read from a page is in the lexicon,
letter for letter or but for a misread letter or two, it is answered as the labels spell it. In other texts single words
are corrected where exchanging letters that look alike turns them into a word of the labels (`Malaysla`). Digits are
never corrected: 12 and 13 are two addresses.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from rapidfuzz.distance import Levenshtein

from extraction.domain.field_types.readers.texts import letters
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.engines.student.base import Example

# Letters that OCR takes for digits and back; the same for both sides of a comparison.
LOOK_ALIKE = str.maketrans("01l5", "oiis")
MISREAD = 0.1  # fraction of the letters that may differ from a text of the lexicon
OFTEN = 2  # labels that must spell a text alike: one alone may be wrong, and what stood on one document stays there
# Words long enough to tell apart: in labels, letters alone, and as OCR reads them, digits among the letters.
LABELLED = re.compile(r"\b[^\W\d_]{4,}\b")
READ = re.compile(r"\b(?=\w*[^\W\d_])[^\W_]{4,}\b")
AMONG_LETTERS = 0.25  # fraction of digits in a word up to which they are misread letters: B111 is no BILL
CERTAIN = 1.0  # weight below which a label, being unsure, is left out

Spelling = tuple[str, int]  # the labels' spelling, and the number of labels with these letters


@dataclass(frozen=True)
class Lexicon:
    """Texts, and words of letters, that at least `OFTEN` labels hold: by field and by letters (see `_key`)."""

    texts: Mapping[str, Mapping[str, Spelling]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Spelling]] = field(default_factory=dict)

    @classmethod
    def build(cls, schema: Schema, examples: Iterable[Example]) -> Self:
        """From training examples alone: validation measures with documents that are in no lexicon."""
        texts: dict[str, Counter[str]] = {part.name: Counter() for part in schema.fields if part.kind.free_text}
        words: dict[str, Counter[str]] = {name: Counter() for name in texts}
        for example in examples:
            for name in texts:
                value = example.labels.get(name)
                if value and example.weight_of(name) >= CERTAIN:
                    texts[name][value] += 1
                    words[name].update({word.casefold() for word in LABELLED.findall(value)})
        return cls(
            {name: _by_letters(count) for name, count in texts.items()},
            {name: _by_letters(count) for name, count in words.items()},
        )

    def spell(self, name: str, text: str) -> Spelling:
        """The labels' spelling of `text` in the field `name` and the number of these labels; 0 where at most its words
        are in the lexicon."""
        known = self.texts.get(name, {})
        key = _key(text)
        if key and known and (spelling := known.get(key) or _nearest(text, known)):
            return spelling
        return self._by_words(name, text), 0

    def _by_words(self, name: str, text: str) -> str:
        known = self.words.get(name, {})

        def corrected(match: re.Match[str]) -> str:
            read = match[0]
            usual, _ = known.get(_key(read), (read.casefold(), 0))
            if usual == read.casefold() or sum(map(str.isdigit, read)) > AMONG_LETTERS * len(read):
                return read
            return usual.upper() if read[:2].isupper() else usual.capitalize() if read[0].isupper() else usual

        return READ.sub(corrected, text)

    def ends(self, name: str, pieces: Sequence[str]) -> list[int]:
        """Indices of those `pieces` (texts that follow one another on a page) at which a text of the lexicon ends."""
        known = self.texts.get(name, {})
        longest = max(map(len, known), default=0)
        ends, read = [], ""
        for number, piece in enumerate(pieces):
            read += _key(piece)
            if len(read) > longest:
                break
            if read in known and letters(piece):
                ends.append(number)
        return ends

    def to_json(self) -> JsonObject:
        return {
            kind: {name: [list(spelling) for spelling in known.values()] for name, known in fields.items()}
            for kind, fields in (("texts", self.texts), ("words", self.words))
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            *(
                {name: {_key(text): (text, count) for text, count in rows} for name, rows in value[kind].items()}
                for kind in ("texts", "words")
            )
        )


def _by_letters(spellings: Counter[str]) -> dict[str, Spelling]:
    """Of several spellings of the same letters the most frequent one, with the number of labels of all of them."""
    known: dict[str, Spelling] = {}
    for text, count in spellings.most_common():
        key = _key(text)
        if key:
            usual, before = known.get(key, (text, 0))
            known[key] = usual, before + count
    return {key: spelling for key, spelling in known.items() if spelling[1] >= OFTEN}


def _nearest(text: str, known: Mapping[str, Spelling]) -> Spelling | None:
    """The one known text that differs by so few letters that they were misread."""
    key_of_text = _key(text)
    allowed = int(MISREAD * len(key_of_text))
    if not allowed:
        return None
    near = [
        (distance, key)
        for key in known
        if (distance := Levenshtein.distance(key_of_text, key, score_cutoff=allowed)) <= allowed
    ]
    near.sort()
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    spelling = known[near[0][1]]
    return spelling if _same_digits(letters(text), letters(spelling[0])) else None


def _same_digits(a: str, b: str) -> bool:
    """Whether no digit of either text is part of what differs."""
    for step in Levenshtein.editops(a.translate(LOOK_ALIKE), b.translate(LOOK_ALIKE)):
        touched = (a[step.src_pos : step.src_pos + 1], b[step.dest_pos : step.dest_pos + 1])
        used = touched if step.tag == "replace" else touched[:1] if step.tag == "delete" else touched[1:]
        if any(character.isdigit() for character in used):
            return False
    return True


def _key(text: str) -> str:
    """The letters and digits, without accents, those that look alike being one."""
    plain = unicodedata.normalize("NFKD", letters(text))
    return "".join(character for character in plain if character.isalnum()).translate(LOOK_ALIKE)
