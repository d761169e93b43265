"""Values that describe a label run: the estimate before it and the summary after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Self

from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.selection import PickReason, counts
from extraction.engines.teacher.protocol import Usage
from extraction.models import LabelRun
from extraction.services.teaching import messages, missing


@dataclass(frozen=True, slots=True)
class Tokens:
    input: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.input + other.input, self.output + other.output)


@dataclass(frozen=True, slots=True)
class Consent:
    """An agreement that is needed: `provider` identifies who gets the pictures, `sentence` says so to people."""

    provider: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run brought, or would bring: documents labelled, and documents without labels by reason.

    Of `awaited` documents the answers are still to come. `reasons` counts the documents that were picked to teach most.
    """

    teacher: str
    documents: int
    tokens: Tokens
    usd: float
    labels: int = 0
    refusals: int = 0
    malformed: int = 0
    failures: int = 0
    stopped_because: str = ""
    awaited: int = 0
    reasons: Mapping[PickReason, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: LabelRun) -> Self:
        return cls(
            run.teacher,
            run.documents,
            Tokens(run.input_tokens, run.output_tokens),
            float(run.usd),
            labels=run.labels,
            refusals=run.refusals,
            malformed=run.malformed,
            failures=run.failures,
            stopped_because=messages.stopped(run),
            awaited=missing.awaited(run),
            reasons=counts(run.picked),
        )

    def to_json(self) -> JsonObject:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take. `priced` is false where the price is unknown; `consent` is `None` where pictures stay
    on this machine. `unanswerable` holds the titles of fields that the teacher never answers, `reasons` counts the
    documents that would be picked to teach most."""

    teacher: str
    documents: int
    tokens: Tokens
    usd: float
    priced: bool
    consent: Consent | None
    unanswerable: tuple[str, ...] = ()
    reasons: Mapping[PickReason, int] = field(default_factory=dict)

    @classmethod
    def of(cls, teacher: str, documents: int, usage: Usage, consent: Consent | None) -> Self:
        tokens = Tokens(usage.input_tokens, usage.output_tokens)
        return cls(teacher, documents, tokens, float(usage.usd), usage.priced, consent)

    def beside(self, other: Estimate) -> Estimate:
        """Both together, on the same documents."""
        return replace(
            self,
            tokens=self.tokens + other.tokens,
            usd=self.usd + other.usd,
            priced=self.priced and other.priced,
        )

    @property
    def summary(self) -> Summary:
        """The summary that such a run would have."""
        return Summary(self.teacher, self.documents, self.tokens, self.usd, reasons=self.reasons)

    def to_json(self) -> JsonObject:
        """The summary, and whether its dollars are known."""
        return {**self.summary.to_json(), "priced": self.priced}
