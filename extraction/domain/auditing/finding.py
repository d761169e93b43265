"""Findings: what a check says about claims, with its evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from extraction.domain.auditing.money import times
from extraction.domain.auditing.values import boxes_from_json, boxes_to_json
from extraction.domain.json_types import JsonObject
from extraction.domain.pages import PageBox

# A value in a finding's sentence: amounts as plain decimals with their currency beside them, days in ISO 8601.
Fact = str | int | None


class Severity(StrEnum):
    """What a finding of a check asks for, by the policy."""

    OFF = "off"  # the check does not run
    INFO = "info"  # to know; nothing is to be done
    REVIEW = "review"  # a person looks at it
    BLOCK = "block"  # nothing is paid before a person decided

    @property
    def rank(self) -> int:
        """From 0 for `OFF`; the higher, the more it asks for."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Places on a document; `role` is what stands there, such as `amount`."""

    document: str
    role: str
    boxes: tuple[PageBox, ...] = ()

    def to_json(self) -> JsonObject:
        return {"document": self.document, "role": self.role, "boxes": boxes_to_json(self.boxes)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["document"], value["role"], boxes_from_json(value["boxes"]))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    `claims` are references, the one that the finding is about first, `document` is the key of its receipt (empty: it
    has none). `variant` tells kinds of a check's findings apart, each with a sentence of its own. `probability` (0–1):
    that it is so. `at_risk` is the amount in the base currency that is lost where it is so (`None`: without a rate of
    exchange it is not known). `doubtful`: too improbable to be held against anybody; somebody should read the receipt
    again first.
    """

    check: str
    version: int
    severity: Severity
    claims: tuple[str, ...]
    document: str
    probability: float
    at_risk: Decimal | None
    currency: str
    variant: str = ""
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    doubtful: bool = False

    @property
    def claim(self) -> str:
        """The reference of the claim that it is about."""
        return self.claims[0]

    @property
    def expected_loss(self) -> Decimal:
        """Probability times amount at risk, 0 where that is not known."""
        return times(self.at_risk or Decimal(0), Decimal(repr(round(self.probability, 6))))

    @property
    def key(self) -> str:
        """What stays the same of a finding in every run, by which its decision is found again."""
        same = [self.check, self.variant, self.claims[0], sorted(self.claims[1:]), self.document]
        return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]

    def to_json(self) -> JsonObject:
        return {
            "check": self.check,
            "version": self.version,
            "severity": self.severity.value,
            "claims": list(self.claims),
            "document": self.document,
            "probability": self.probability,
            "at_risk": None if self.at_risk is None else str(self.at_risk),
            "currency": self.currency,
            "variant": self.variant,
            "evidence": [place.to_json() for place in self.evidence],
            "facts": dict(self.facts),
            "doubtful": self.doubtful,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        at_risk = value["at_risk"]
        return cls(
            **{
                **value,
                "severity": Severity(value["severity"]),
                "claims": tuple(value["claims"]),
                "at_risk": None if at_risk is None else Decimal(at_risk),
                "evidence": tuple(map(Evidence.from_json, value["evidence"])),
            }
        )
