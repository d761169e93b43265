"""Contract of a check, and what it finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from extraction.domain.auditing.books import Books
from extraction.domain.auditing.finding import Evidence, Fact, Severity
from extraction.domain.auditing.policy import Tolerance


@dataclass(frozen=True, slots=True)
class Found:
    """A finding before the policy says how sternly it is taken; see `Finding`."""

    claims: tuple[str, ...]
    probability: float
    at_risk: Decimal | None
    document: str = ""
    variant: str = ""
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Check(Protocol):
    """One kind of comparison.

    `name` is what findings and policies know it by; `version` goes up where the same claims lead to other findings.
    `severity` and `tolerances` apply where a policy does not say otherwise. `variants` are the kinds of its findings,
    each with a sentence of its own; `("",)` where it has one kind.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def severity(self) -> Severity: ...

    @property
    def tolerances(self) -> Sequence[Tolerance]: ...

    @property
    def variants(self) -> Sequence[str]: ...

    def find(self, books: Books, tolerances: Mapping[str, Decimal]) -> Iterator[Found]:
        """What it finds among all claims, in time that grows with their number; every tolerance is given."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a check says about itself; checks derive from it and write `find`."""

    name: str
    severity: Severity
    tolerances: tuple[Tolerance, ...] = ()
    variants: tuple[str, ...] = ("",)
    version: int = 1
