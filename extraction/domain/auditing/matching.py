"""Matching of claims to receipts: by file or reference, else by amount, day and merchant, one to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Self

from extraction.domain.auditing.candidates import ENOUGH, Index, score
from extraction.domain.auditing.leads import leads
from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.values import Claim, Receipt
from extraction.domain.evaluation.assignment import assign
from extraction.domain.json_types import JsonObject

# By how much the scores of all pairs must exceed those without a pair, for it to count.
LEAD = 0.08
# The most that a match by values is sure.
SURE = 0.99


class MatchBy(StrEnum):
    """What a match rests on."""

    FILE = "file"
    REFERENCE = "reference"
    VALUES = "values"
    PERSON = "person"  # somebody chose the receipt


@dataclass(frozen=True, slots=True)
class Match:
    """A claim's receipt, by their keys; `probability` (0–1) that it is the right one."""

    claim: str
    document: str
    by: MatchBy
    probability: float = 1.0

    def to_json(self) -> JsonObject:
        return {**asdict(self), "by": self.by.value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "by": MatchBy(value["by"])})


@dataclass(frozen=True, slots=True)
class Matching:
    """The matches in the order of the claims, and what stays over on either side, by key."""

    matches: tuple[Match, ...]
    claims: tuple[str, ...]
    documents: tuple[str, ...]


def match(
    claims: Sequence[Claim], receipts: Sequence[Receipt], policy: Policy, chosen: Iterable[Match] = ()
) -> Matching:
    """Every claim's receipt.

    `chosen` are matches that people made, which stay. Then a claim has the receipt whose file it names, or whose file
    is called as its reference; several claims may name one. Of the rest those are paired, one to one, whose amount, day
    and merchant fit together best, and better than any other.
    """
    known = {receipt.document for receipt in receipts}
    found = {each.claim: each for each in chosen if each.document in known}
    found.update({each.claim: each for each in _named(claims, receipts) if each.claim not in found})
    taken = {each.document for each in found.values()}
    open_claims = [claim for claim in claims if claim.reference not in found]
    open_receipts = [receipt for receipt in receipts if receipt.document not in taken]
    found.update({each.claim: each for each in _by_values(open_claims, open_receipts, policy)})
    taken = {each.document for each in found.values()}
    return Matching(
        tuple(found[claim.reference] for claim in claims if claim.reference in found),
        tuple(claim.reference for claim in claims if claim.reference not in found),
        tuple(receipt.document for receipt in receipts if receipt.document not in taken),
    )


def _named(claims: Iterable[Claim], receipts: Iterable[Receipt]) -> Iterator[Match]:
    """By the name or the content of the file, else by the name without its ending; a name that several files have
    names none."""
    files: dict[str, set[str]] = defaultdict(set)
    stems: dict[str, set[str]] = defaultdict(set)
    for receipt in receipts:
        for name in filter(None, (_plain(receipt.file), receipt.sha256)):
            files[name].add(receipt.document)
        if receipt.file:
            stems[PurePosixPath(_plain(receipt.file)).stem].add(receipt.document)
    for claim in claims:
        for by, named, name in (
            (MatchBy.FILE, files, _plain(claim.file)),
            (MatchBy.FILE, stems, PurePosixPath(_plain(claim.file)).stem),
            (MatchBy.REFERENCE, stems, claim.reference.casefold()),
        ):
            documents = named.get(name, set()) if name else set()
            if len(documents) == 1:
                yield Match(claim.reference, next(iter(documents)), by)
                break


def _plain(file: str) -> str:
    """The name without its folder and case."""
    return PurePosixPath(file.replace("\\", "/")).name.casefold()


def _by_values(claims: Sequence[Claim], receipts: Sequence[Receipt], policy: Policy) -> Iterator[Match]:
    index = Index(receipts)
    rates = policy.table_of_rates()
    scores: dict[tuple[int, int], float] = {}
    for row, claim in enumerate(claims):
        for column in index.candidates(claim):
            worth = score(claim, receipts[column], policy, rates)
            if worth >= ENOUGH:
                scores[row, column] = worth
    pairs = dict(assign(scores))
    sure = leads(scores, pairs, LEAD)
    for row, column in pairs.items():
        worth, lead = scores[row, column], sure[row]
        if lead >= LEAD:
            yield Match(claims[row].reference, receipts[column].document, MatchBy.VALUES, _probability(worth, lead))


def _probability(worth: float, lead: float) -> float:
    """Half at the least lead over a rival, and the surer the better the pair fits."""
    return min(SURE, worth * 0.5 + 0.5 * min(lead / worth, 1.0) + 0.1)
