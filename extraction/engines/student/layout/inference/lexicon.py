"""How the labels spell the names and addresses that keep coming back.

OCR loses spaces, commas and single letters (`SDNBHD`, `MR. D.1.Y.`). Where a text read from a page is one that a label
has taught, letter for letter or but for a misread letter or two, it is answered as the labels spell it. Of other texts
single words are put right where letters that look alike make one of the labels' words of them (`Malaysla`). Digits are
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
from extraction.engines.student.layout.config import Example

# Letters that OCR takes for digits and back; the same for both sides of a comparison.
LOOK_ALIKE = str.maketrans("01l5", "oiis")
MISREAD = 0.1  # share of the letters that may differ from a text that labels have taught
OFTEN = 2  # labels that must spell a text alike: one alone may be wrong, and what stood on one document stays there
# Words long enough to tell apart: as labels teach them, letters alone, and as OCR reads them, digits among the letters.
TAUGHT = re.compile(r"\b[^\W\d_]{4,}\b")
READ = re.compile(r"\b(?=\w*[^\W\d_])[^\W_]{4,}\b")
AMONG_LETTERS = 0.25  # share of digits in a word up to which they are misread letters: B111 is no BILL
CERTAIN = 1.0  # weight below which a label, being unsure, teaches no spelling

Spelled = tuple[str, int]  # as the labels spell it, and how many labels do


@dataclass(frozen=True)
class Spellings:
    """For each text field, every text and every word of letters that labels have taught: by its letters, the usual
    spelling and its labels."""

    texts: Mapping[str, Mapping[str, Spelled]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Spelled]] = field(default_factory=dict)

    @classmethod
    def learn(cls, schema: Schema, examples: Iterable[Example]) -> Self:
        """From the documents that a student learns from, and no others: it is measured by those it has not seen."""
        texts: dict[str, Counter[str]] = {part.name: Counter() for part in schema.fields if part.kind.free_text}
        words: dict[str, Counter[str]] = {name: Counter() for name in texts}
        for example in examples:
            for name in texts:
                value = example.labels.get(name)
                if value and example.weight_of(name) >= CERTAIN:
                    texts[name][value] += 1
                    words[name].update({word.casefold() for word in TAUGHT.findall(value)})
        return cls(
            {name: _by_letters(count) for name, count in texts.items()},
            {name: _by_letters(count) for name, count in words.items()},
        )

    def spell(self, name: str, text: str) -> Spelled:
        """`text` as the labels spell it and by how many labels it is known; 0 where at most its words are."""
        known = self.texts.get(name, {})
        wanted = _key(text)
        if wanted and known and (spelled := known.get(wanted) or _nearest(text, known)):
            return spelled
        return self._by_words(name, text), 0

    def _by_words(self, name: str, text: str) -> str:
        known = self.words.get(name, {})

        def put_right(match: re.Match[str]) -> str:
            read = match[0]
            usual, _ = known.get(_key(read), (read.casefold(), 0))
            if usual == read.casefold() or sum(map(str.isdigit, read)) > AMONG_LETTERS * len(read):
                return read
            return usual.upper() if read[:2].isupper() else usual.capitalize() if read[0].isupper() else usual

        return READ.sub(put_right, text)

    def ends(self, name: str, pieces: Sequence[str]) -> list[int]:
        """After which of the `pieces`, which follow one another on a page, a text that labels have taught ends."""
        known = self.texts.get(name, {})
        longest = max(map(len, known), default=0)
        found, read = [], ""
        for number, piece in enumerate(pieces):
            read += _key(piece)
            if len(read) > longest:
                break
            if read in known and letters(piece):
                found.append(number)
        return found

    def export(self) -> dict[str, Any]:
        return {
            kind: {name: [list(spelled) for spelled in known.values()] for name, known in held.items()}
            for kind, held in (("texts", self.texts), ("words", self.words))
        }

    @classmethod
    def from_export(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            *(
                {name: {_key(text): (text, count) for text, count in rows} for name, rows in value[kind].items()}
                for kind in ("texts", "words")
            )
        )


def _by_letters(spellings: Counter[str]) -> dict[str, Spelled]:
    """Of several spellings of the same letters the most frequent one, credited with the labels of all of them."""
    found: dict[str, Spelled] = {}
    for text, count in spellings.most_common():
        key = _key(text)
        if key:
            usual, before = found.get(key, (text, 0))
            found[key] = usual, before + count
    return {key: spelled for key, spelled in found.items() if spelled[1] >= OFTEN}


def _nearest(text: str, known: Mapping[str, Spelled]) -> Spelled | None:
    """The one known text that differs by so few letters that they were misread."""
    wanted = _key(text)
    allowed = int(MISREAD * len(wanted))
    if not allowed:
        return None
    near = [
        (distance, key)
        for key in known
        if (distance := Levenshtein.distance(wanted, key, score_cutoff=allowed)) <= allowed
    ]
    near.sort()
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    spelled = known[near[0][1]]
    return spelled if _same_digits(letters(text), letters(spelled[0])) else None


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
