# Made by client/generate.py from the OpenAPI document.
"""Versions of the student, and which one serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import Scores

ConcernCode = Literal[
    "not_validated", "worse_than_serving", "rows_worse_than_serving", "worse_than_teacher", "few_documents"
]
"""A reason to think twice."""


GuaranteeState = Literal["held", "too_few", "too_many_wrong"]
"""Whether answers of a field may be accepted unseen."""


Stage = Literal["candidate", "production", "archived"]


@dataclass(frozen=True, slots=True)
class Concern:
    """What spoke against promoting the model."""

    code: ConcernCode
    sentence: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Cost and quality, measured on validation documents whose values people gave."""

    model: str
    teacher: str
    documents: int
    teacher_accuracy: float
    price: float | None
    """Dollars a document."""
    points: list[CurvePoint]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """At a share of documents escalated."""

    share: float
    accuracy: float
    """Mean share of fields right, where the documents with the largest gains go."""
    random: float
    """The same where as many go at random."""
    usd_per_1000: float | None


@dataclass(frozen=True, slots=True)
class EscalationChange:
    """Settings as somebody set them."""

    settings: EscalationSettings
    sentence: str
    by: str | None
    """Null: a command."""
    created: datetime


@dataclass(frozen=True, slots=True)
class EscalationConsent:
    """What somebody has to agree to."""

    provider: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EscalationMonth:
    """The present calendar month (UTC)."""

    usd: float
    """Dollars, with what is reserved for questions that have no answer yet."""
    outcomes: dict[str, int]
    """How many extractions, of the newest 10,000."""
    documents_expected: float
    """Documents in 30 days at the traffic of late."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Settings, what they lead to now, and what was measured."""

    settings: EscalationSettings
    teacher: str
    problem: str | None
    """Why the teacher cannot be asked here."""
    consent: EscalationConsent | None
    """Needed before it is switched on; null: none is."""
    agreed: bool
    """It is on, and somebody agreed to what is needed now."""
    price_usd: float | None
    """Dollars a document, as paid lately, else estimated."""
    accuracy: dict[str, float]
    """Probability that the teacher is right, by field."""
    month: EscalationMonth
    share: float | None
    """Share of documents that the money left pays for; null: off."""
    threshold: float | None
    """Gain from which documents are among them."""
    curve: Curve | None
    measuring: bool
    """The curve is being measured."""
    curve_problem: str | None
    """Why it could not be measured."""
    changes: list[EscalationChange]
    """The newest first, at most 20."""


@dataclass(frozen=True, slots=True)
class EscalationSettings:
    """As owners chose them."""

    active: bool
    monthly_usd: float
    timeout_seconds: int
    weights: dict[str, float]


@dataclass(frozen=True, slots=True)
class FieldGuarantee:
    """The share of wrong answers that a field may have, and what follows from it."""

    target: float | None
    """Null: no answer of the field is accepted unseen."""
    guarantee: Guarantee | None
    """Null without a target, and before the model was checked."""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Which answers of a field may be accepted unseen, 90 % sure, for documents like those that people checked."""

    target: float
    """The share of wrong answers that is not to be exceeded."""
    state: GuaranteeState
    checked: int
    """Answers that people checked and the model's training did not use."""
    needed: int
    """The fewest checked answers that allow the target, were all right."""
    threshold: float | None
    """Answers with this confidence or more may be accepted."""
    accepted: int
    """Of the checked answers."""
    wrong: int
    """Of the accepted ones."""
    bound: float | None
    """The share of wrong ones that is not exceeded."""


@dataclass(frozen=True, slots=True)
class Guarantees:
    """The guarantees of the serving model by field."""

    model: str | None
    measured: datetime | None
    """When the model was checked."""
    documents: int
    """It was checked on so many."""
    checking: bool
    """Whether a check waits or goes on."""
    fields: dict[str, FieldGuarantee]


@dataclass(frozen=True, slots=True)
class Model:
    """A model version."""

    name: str
    stage: Stage
    """`production` is the one that serves."""
    sha256: str
    """Of the manifest of its files; of models of earlier versions of the ONNX graph."""
    bytes: int
    training_run: int
    validation: Scores | None
    """Measured while it was trained."""
    promoted: datetime | None
    """When it last became the serving one."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Promoted:
    """The model that serves now."""

    name: str
    stage: Stage
    """`production` is the one that serves."""
    sha256: str
    """Of the manifest of its files; of models of earlier versions of the ONNX graph."""
    bytes: int
    training_run: int
    validation: Scores | None
    """Measured while it was trained."""
    promoted: datetime | None
    """When it last became the serving one."""
    created: datetime
    warnings: list[Concern]
    """What spoke against it; it was promoted all the same."""
