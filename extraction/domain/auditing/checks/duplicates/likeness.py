"""How alike two pictures and the numbers on them are, and an index of those that are near each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from extraction.domain.auditing.values import Receipt

BITS = 256
# Bits of a band of a fingerprint: two that differ in fewer bits than there are bands have one band in common.
BAND = 20
# Hashes of a band of a sketch: of documents with seven of ten numbers in common 98 of 100 share one, of those with
# three of ten one in four.
ROWS = 3
# Receipts that share a band and are compared with each other; a band that more have tells nothing.
CROWD = 40
# (at most so many of the 256 bits of two fingerprints differ, at least this share of the numbers agrees): the less
# similar the pictures, the more numbers must agree.
THRESHOLDS = ((32, 0.7), (64, 0.9), (BITS, 0.95))
# Bits that may differ where there are too few numbers to compare.
WITHOUT_NUMBERS = 12


def share_of_numbers(one: Receipt, other: Receipt) -> float | None:
    """About the share (0–1) of their numbers that two receipts have in common; `None` where one has too few."""
    if not one.numbers or not other.numbers:
        return None
    return sum(a == b for a, b in zip(one.numbers, other.numbers, strict=True)) / len(one.numbers)


def is_same_picture(one: Receipt, other: Receipt) -> bool:
    """Whether both show one piece of paper."""
    if not one.fingerprint or not other.fingerprint:
        return False
    bits = (int(one.fingerprint, 16) ^ int(other.fingerprint, 16)).bit_count()
    share = share_of_numbers(one, other)
    if share is None:
        return bits <= WITHOUT_NUMBERS
    return any(bits <= most and share >= least for most, least in THRESHOLDS)


def near(receipts: Sequence[Receipt]) -> Iterator[tuple[Receipt, Receipt]]:
    """Pairs that may show one piece of paper, the earlier one first; each pair once."""
    places = {receipt.document: place for place, receipt in enumerate(receipts)}
    bands: dict[Hashable, list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        for band in _bands(receipt):
            bands[band].append(receipt)
    seen: set[tuple[int, int]] = set()
    for crowd in bands.values():
        if 1 < len(crowd) <= CROWD:
            for one, other in _pairs(crowd):
                pair = places[one.document], places[other.document]
                if pair not in seen:
                    seen.add(pair)
                    yield one, other


def _bands(receipt: Receipt) -> Iterator[Hashable]:
    digits = BAND // 4
    for start in range(0, len(receipt.fingerprint), digits):
        yield "picture", start, receipt.fingerprint[start : start + digits]
    for start in range(0, len(receipt.numbers) - ROWS + 1, ROWS):
        yield "numbers", start, receipt.numbers[start : start + ROWS]


def _pairs(crowd: Sequence[Receipt]) -> Iterable[tuple[Receipt, Receipt]]:
    return ((one, other) for at, other in enumerate(crowd) for one in crowd[:at])
