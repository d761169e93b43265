"""Finds words of every registered language in printed text, in time that does not grow with their number.

Phrases are looked up word by word in one index; scripts without spaces between words are searched for theirs. Texts
are compared without case and accents: capitals lose them in Greek, French and Spanish print, and OCR anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from extraction.domain.text import UNSPACED
from extraction.engines.teacher.rules.vocabulary.meanings import Meaning
from extraction.engines.teacher.rules.vocabulary.registry import vocabularies

Place = tuple[int, int]
# Texts whose words are kept: the rules of several fields look at the same rows.
KEPT = 4096

_WORD = re.compile(r"[^\W\d_][^\W\d_\u0300-\u036f]*|\d+")
# What may stand between the words of a phrase.
_JOINT = re.compile(r"[\s.,'’/&()°-]{0,3}")
_SHORTEST_AFFIX = 3


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`words` without case and accents; `capitals`: only where it is printed in capitals."""

    words: tuple[str, ...]
    meanings: frozenset[Meaning]
    capitals: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    meanings: frozenset[Meaning]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Index:
    """`phrases` by their first word, the longest first; affixes by their letters."""

    phrases: dict[str, list[_Phrase]]
    starts: dict[str, frozenset[Meaning]]
    ends: dict[str, frozenset[Meaning]]
    unspaced: dict[str, frozenset[Meaning]]
    pattern: re.Pattern[str] | None


def has(text: str, *meanings: Meaning) -> bool:
    """Whether a word or phrase of one of these meanings is printed in `text`."""
    return any(_places(text, meaning) for meaning in meanings)


def places(text: str, meaning: Meaning) -> Sequence[Place]:
    """Where such words stand, from left to right."""
    return _places(text, meaning)


def distinct(text: str, meaning: Meaning) -> set[str]:
    """The different words of that meaning."""
    simple = unaccented(text)
    return {simple[start:end] for start, end in _places(text, meaning)}


def without(text: str, meaning: Meaning) -> str:
    """The text without the words of that meaning."""
    for start, end in reversed(_places(text, meaning)):
        text = text[:start] + text[end:]
    return text


def translations(name: str) -> list[str]:
    """The printed labels of all languages for the field of that name."""
    listed = [some.labels[word] for some in vocabularies() for word in _keys(name) if word in some.labels]
    return [label.strip() for labels in listed for label in labels.split(",")]


def _keys(name: str) -> tuple[str, ...]:
    """The name's words together, else what it says at its end and its begin."""
    words = name.split("_")
    return (" ".join(words), *((words[-1], words[0]) if len(words) > 1 else ()))


@lru_cache(maxsize=KEPT)
def unaccented(text: str) -> str:
    """The text without case and accents, each character at its place."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)


class _Table(dict[int, str]):
    """A character's plain form by its code, computed when first asked for."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        compatible = unicodedata.normalize("NFKC", char)
        whole = compatible if len(compatible) == 1 else char
        parts = unicodedata.normalize("NFD", whole.casefold() if len(whole.casefold()) == 1 else whole)
        # Signs of kana are no accents.
        simple = parts[0] if all("\u0300" <= mark <= "\u036f" for mark in parts[1:]) else whole
        self[code] = simple.casefold() if len(simple.casefold()) == 1 else simple
        return self[code]


_PLAIN = _Table({ord("đ"): "d", ord("Đ"): "d", ord("ł"): "l", ord("Ł"): "l", ord("ø"): "o", ord("ı"): "i"})


@lru_cache(maxsize=4 * KEPT)
def _places(text: str, meaning: Meaning) -> Sequence[Place]:
    found = [(hit.start, hit.end) for hit in _hits(text) if meaning in hit.meanings]
    if pattern := _patterns().get(meaning):
        spans = (match.span() for match in pattern.finditer(unaccented(text)))
        found += [span for span in spans if span[0] < span[1] and not _inside_phrase(span, text)]
    return sorted(_apart(sorted(found)))


def _inside_phrase(span: Place, text: str) -> bool:
    """Whether a longer phrase says what is meant: `netto a pagare` is not before tax."""
    starts, ends, reach = _reach(text)
    at = bisect_left(starts, span[0])
    if at and reach[at - 1] >= span[1]:
        return True
    return any(end > span[1] for end in ends[at : bisect_right(starts, span[0])])


@lru_cache(maxsize=KEPT)
def _reach(text: str) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """Starts and ends of the hits from left to right, and how far any of them up to each reaches."""
    spans = sorted({(hit.start, hit.end) for hit in _hits(text)})
    ends = [end for _, end in spans]
    return [start for start, _ in spans], ends, list(accumulate(ends, max))


def _apart(spans: Sequence[Place]) -> Iterator[Place]:
    """Those that do not overlap an earlier one."""
    end = -1
    for span in spans:
        if span[0] >= end:
            yield span
            end = span[1]


@lru_cache(maxsize=KEPT)
def _hits(text: str) -> Sequence[_Hit]:
    simple = unaccented(text)
    hits = list(_spaced(text, simple))
    if UNSPACED.search(simple) and (pattern := _index().pattern):
        found = (re.sub(r"\s", "", match[0]) for match in pattern.finditer(simple))
        spans = (match.span() for match in pattern.finditer(simple))
        hits += [_Hit(_index().unspaced[word], *span) for word, span in zip(found, spans, strict=True)]
    return _with_tax_lines(sorted(hits, key=lambda hit: hit.start), simple)


def _with_tax_lines(hits: list[_Hit], text: str) -> list[_Hit]:
    """A tax named first, or directly behind the word for a total, is the label of its own amount."""
    lines = []
    for before, hit in zip([None, *hits], hits, strict=False):
        first = before is None
        behind = before and Meaning.TOTAL in before.meanings and not text[before.end : hit.start].strip(" .:")
        if Meaning.TAX in hit.meanings and (first or behind):
            lines.append(_Hit(frozenset((Meaning.TAX_LINE,)), hit.start, hit.end))
    return hits + lines


def _spaced(text: str, simple: str) -> Iterator[_Hit]:
    words = list(_WORD.finditer(simple))
    index, at = _index(), 0
    while at < len(words):
        start = words[at].start()
        fitting = [one for one in index.phrases.get(words[at][0], ()) if _fits(one, words, at, text)]
        if fitting:
            length = len(fitting[0].words)
            alike = (phrase.meanings for phrase in fitting if len(phrase.words) == length)
            yield _Hit(frozenset[Meaning]().union(*alike), start, words[at + length - 1].end())
            at += length
            continue
        if meanings := _by_affix(words[at][0]):
            yield _Hit(meanings, start, words[at].end())
        at += 1


def _fits(phrase: _Phrase, words: Sequence[re.Match[str]], at: int, text: str) -> bool:
    end = at + len(phrase.words)
    if end > len(words) or any(words[at + place][0] != word for place, word in enumerate(phrase.words)):
        return False
    if phrase.capitals and not text[words[at].start() : words[at].end()].isupper():
        return False
    gaps = [text[one.end() : other.start()] for one, other in zip(words[at:end], words[at + 1 : end], strict=False)]
    # Letters alone are an abbreviation, with signs between them: `S.A.`, not `it's a`.
    abbreviation = all(len(word) == 1 for word in phrase.words)
    return all(_JOINT.fullmatch(gap) and (not abbreviation or gap.strip()) for gap in gaps)


@lru_cache(maxsize=KEPT)
def _by_affix(word: str) -> frozenset[Meaning]:
    index, meanings = _index(), frozenset[Meaning]()
    for size in range(_SHORTEST_AFFIX, len(word)):
        meanings |= index.starts.get(word[:size], frozenset()) | index.ends.get(word[-size:], frozenset())
    return meanings | index.starts.get(word, frozenset()) | index.ends.get(word, frozenset())


@cache
def _patterns() -> dict[Meaning, re.Pattern[str]]:
    parts = defaultdict[Meaning, list[str]](list)
    for vocabulary in vocabularies():
        for meaning, pattern in vocabulary.patterns.items():
            parts[meaning].append(pattern)
    return {meaning: re.compile("|".join(some)) for meaning, some in parts.items()}


@cache
def _index() -> _Index:
    meanings = defaultdict[str, set[Meaning]](set)
    for vocabulary in vocabularies():
        for meaning, listed in vocabulary.phrases.items():
            for phrase in listed.split(","):
                meanings[phrase.strip()].add(meaning)
    index = _Index({}, {}, {}, {}, None)
    for written, some in meanings.items():
        _enter(index, written, frozenset(some))
    for phrases in index.phrases.values():
        phrases.sort(key=lambda phrase: -len(phrase.words))
    longest_first = sorted(index.unspaced, key=len, reverse=True)
    # Print and readers of pictures put spaces between the characters of a word.
    parts = (r"\s{0,2}".join(map(re.escape, word)) for word in longest_first)
    pattern = re.compile("|".join(parts)) if longest_first else None
    return _Index(index.phrases, index.starts, index.ends, index.unspaced, pattern)


def _enter(index: _Index, written: str, meanings: frozenset[Meaning]) -> None:
    simple = unaccented(written)
    words = tuple(match[0] for match in _WORD.finditer(simple))
    if UNSPACED.search(simple):
        _add(index.unspaced, re.sub(r"\s", "", simple), meanings)
    elif simple.endswith("*"):
        _add(index.starts, simple[:-1], meanings)
    elif simple.startswith("*"):
        _add(index.ends, simple[1:], meanings)
    else:
        capitals = len(words) == 1 and len(written) > 1 and written.isupper()
        index.phrases.setdefault(words[0], []).append(_Phrase(words, meanings, capitals))


def _add(entries: dict[str, frozenset[Meaning]], word: str, meanings: frozenset[Meaning]) -> None:
    entries[word] = entries.get(word, frozenset()) | meanings
