"""Folds of a cross-check: documents are dealt into parts, each of which a student reads that learned from the others.

Documents that belong together stay in one part: those of a vendor, and those with nearly the same words. A student that
learned from one of them would repeat its label on the others.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.json_types import JsonObject
from extraction.domain.prediction import DOUBTFUL

FEWEST_FOLDS, MOST_FOLDS = 2, 5
# Score on the validation documents (ANLS, of a group the F1 of its cells) below which a field was not learned.
LEARNED = 0.7
# Confidence below which an answer says nothing about a label.
SURE = DOUBTFUL
# Jaccard similarity from which two sets of words are nearly the same.
ALIKE = 0.8
# Share of the documents above which a vendor's are not kept together: too few would be left to learn from.
LARGEST = 2 / 3
# MinHash (Broder, *On the resemblance and containment of documents*, 1997): documents with an equal band are compared.
BANDS, ROWS = 8, 4
PRIME = (1 << 31) - 1
WORD = re.compile(r"[^\W\d_]{2,}")

# The words of a document without numbers: uint32 `[words]`, a hash of each word once, ascending.
Words = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Member:
    """A document to deal: its key, its content hash, its vendor (empty: not known) and its words."""

    key: int
    sha256: str
    vendor: str = ""
    words: Words = field(default_factory=lambda: words_of(""), compare=False)


@dataclass(frozen=True, slots=True)
class FoldOutcome:
    """A fold that was read: `documents`, stored answers (`readings`), wall clock in seconds, and the fields that its
    student had learned."""

    documents: int
    readings: int
    seconds: float
    fields: tuple[str, ...]

    def to_json(self) -> JsonObject:
        return {
            "documents": self.documents,
            "readings": self.readings,
            "seconds": self.seconds,
            "fields": list(self.fields),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["documents"], value["readings"], value["seconds"], tuple(value["fields"]))


def words_of(text: str) -> Words:
    """The words of a document's text; its numbers differ from one receipt of a shop to the next."""
    words = {zlib.crc32(word.encode()) % PRIME for word in WORD.findall(text.casefold())}
    return np.array(sorted(words), dtype=np.uint32)


def deal(members: Sequence[Member], folds: int) -> list[list[int]]:
    """Keys of the documents of each fold, about equally many in each; the same for the same documents in any order."""
    dealt: list[list[int]] = [[] for _ in range(folds)]
    groups = list(_groups(sorted(members, key=lambda member: member.sha256), len(members)))
    for group in sorted(groups, key=lambda group: (-len(group), group[0].sha256)):
        min(dealt, key=len).extend(member.key for member in group)
    return dealt


def learned(evaluation: Evaluation | None) -> tuple[str, ...]:
    """The fields that a student learned, by its scores on the validation documents; none where it was not measured."""
    if evaluation is None:
        return ()
    scores = {name: score.anls for name, score in evaluation.fields.items() if score.n}
    scores |= {name: score.cell_f1.value for name, score in evaluation.groups.items()}
    return tuple(name for name, score in scores.items() if score >= LEARNED)


def _groups(members: Sequence[Member], documents: int) -> Iterator[list[Member]]:
    """Documents that stay together; what would be too many of all `documents` is divided."""
    for group in _joined(members, vendors=True):
        if len(group) <= LARGEST * documents:
            yield group
            continue
        for part in _joined(group, vendors=False):
            yield from [part] if len(part) <= LARGEST * documents else [[member] for member in part]


def _joined(members: Sequence[Member], *, vendors: bool) -> list[list[Member]]:
    """Connected components of `_pairs`, in the members' order."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones, others = zip(*_pairs(members, vendors=vendors), strict=True)
    size = len(members)
    _, labels = connected_components(coo_array((np.ones(len(ones)), (ones, others)), (size, size)), directed=False)
    groups: dict[int, list[Member]] = defaultdict(list)
    for label, member in zip(labels.tolist(), members, strict=True):
        groups[label].append(member)
    return list(groups.values())


def _pairs(members: Sequence[Member], *, vendors: bool) -> Iterator[tuple[int, int]]:
    """Numbers of members that belong together: each with itself, with the first one of its vendor (where `vendors`),
    and with the first one in each of its bands that has nearly the same words."""
    named: dict[str, int] = {}
    banded: dict[tuple[int, bytes], int] = {}
    for number, member in enumerate(members):
        yield number, number
        if vendors and member.vendor:
            yield number, named.setdefault(member.vendor, number)
        for band in _bands(member.words):
            other = banded.setdefault(band, number)
            if _alike(member, members[other]):
                yield number, other


def _alike(one: Member, other: Member) -> bool:
    both = len(np.intersect1d(one.words, other.words, assume_unique=True))
    return both >= ALIKE * (len(one.words) + len(other.words) - both)


def _bands(words: Words) -> tuple[tuple[int, bytes], ...]:
    """The MinHash signature of a set of words, cut into bands; none without words."""
    if not len(words):
        return ()
    signature = ((words[:, None].astype(np.uint64) * _FACTORS + _SUMMANDS) % PRIME).min(axis=0)
    return tuple((band, part.tobytes()) for band, part in enumerate(signature.reshape(BANDS, ROWS)))


def _draws(seed: int) -> NDArray[np.uint64]:
    return np.random.default_rng(seed).integers(1, PRIME, BANDS * ROWS, dtype=np.uint64)


_FACTORS, _SUMMANDS = _draws(1), _draws(2)
