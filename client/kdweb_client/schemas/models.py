# Made by client/generate.py from the OpenAPI document.
"""Versions of the student, and which one serves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kdweb_client.schemas.shared import GuaranteeState, Scores, Use

ConcernCode = Literal[
    "not_validated", "worse_than_serving", "rows_worse_than_serving", "worse_than_teacher", "few_documents"
]
"""A reason to think twice."""


Doubt = Literal["few_documents", "mean", "fields", "failures"]
"""Why it is open, or why a candidate that is not worse waits for a person."""


Stage = Literal["candidate", "production", "archived"]


Verdict = Literal["open", "not_worse", "worse"]
"""What may be said of the candidate."""


@dataclass(frozen=True, slots=True)
class CanaryField:
    """A field over the documents in which the two answer it differently."""

    differing: int
    """How many these are."""
    checked: int
    """How many of them people checked."""
    candidate: float | None
    """Mean ANLS (0–1) of the candidate on the checked ones."""
    serving: float | None
    """The same of the serving version."""
    candidate_confidence: float | None
    """Its mean confidence where they differ."""
    serving_confidence: float | None


@dataclass(frozen=True, slots=True)
class CanaryFigures:
    """Both versions on the same documents."""

    documents: int
    """Answered by both."""
    differing: int
    """In which the answers differ."""
    checked: int
    """Of those that differ, checked in all that differs."""
    lead: float | None
    """Of the candidate in mean ANLS, estimated from the checked documents."""
    ci95: tuple[float, float]
    """Its interval, which holds at every look at once."""
    expected: float
    """What the confidences of both let expect of the lead; no measurement."""
    candidate_ms: float | None
    """Mean milliseconds that an answer takes."""
    serving_ms: float | None
    fields: dict[str, CanaryField]


@dataclass(frozen=True, slots=True)
class Canary:
    """One canary."""

    id: int
    candidate: str
    serving: str
    """The version that served when it was started."""
    share: int
    margin: float
    documents: int
    promotes: bool
    state: Literal["running", "promoted", "rolled_back", "stopped"]
    ending: Literal["not_worse", "worse", "failures", "person", "overtaken", "gone"] | None
    """Why it ended."""
    failures: int
    """Documents on which the candidate failed; the serving version answered them."""
    started: datetime
    started_by: str | None
    """Null: a command, or the project by itself."""
    ended: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class CanaryState:
    """The running canary, else the last one."""

    canary: Canary | None
    verdict: Verdict
    doubts: list[Doubt]
    """What speaks against a promotion by itself."""
    worse_fields: list[str]
    figures: CanaryFigures
    to_check: list[ToCheck]
    """In which the two differ, in the order they came; at most 50."""
    unchecked: int
    """How many these are in all."""
    reversible: bool
    """The last one was promoted and can be rolled back."""


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
    """Documents expected in 30 days at the current rate."""
    unsure: int
    """How many of these extractions a person should look at."""


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
    kept_waiting: int
    """Files kept for review that wait for it; 1,000 at most."""
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
    keep_unsure: bool | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """State of a project."""

    project: str
    when: Literal["at_once", "nightly", "by_hand"]
    versions: Literal["all", "serving"]
    deleted: int
    """Documents that were deleted so far."""
    unsettled: int
    """Of these, whose traces are not erased yet."""
    entries: list[Forgetting]
    """The newest first, at most 50."""


@dataclass(frozen=True, slots=True)
class FieldGuarantee:
    """The share of wrong answers that a field may have, and what follows from it."""

    target: float | None
    """Null: no answer of the field is accepted unseen."""
    guarantee: Guarantee | None
    """Null without a target, and before the model was checked."""
    agreement: Guarantee | None
    """The same of the answers with which the teacher agrees: an escalated answer may be accepted below the
    threshold of `guarantee`."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What a model owes, or the evidence that it forgot."""

    id: int
    state: Literal["owed", "running", "decision", "done", "not_needed"]
    model: str
    documents: list[Learned]
    due: datetime | None
    """When it begins; null: by hand, or it has begun."""
    snapshot: Snapshot | None
    """What the model learned from."""
    successor: Successor | None
    problem: str | None
    """Why it did not go on."""
    failures: int
    """How often it did not go on; each time twice as many nights pass."""
    reasons: list[str]
    """Why an owner is to decide."""
    files_deleted: datetime | None
    """When the files of the model were gone."""
    created: datetime


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
    teacher: str | None
    """Whose agreement counts."""
    measured: datetime | None
    """When the model was checked."""
    documents: int
    """It was checked on so many."""
    checking: bool
    """Whether a check waits or goes on."""
    fields: dict[str, FieldGuarantee]


@dataclass(frozen=True, slots=True)
class Learned:
    """A document, and what a training did with it."""

    sha256: str
    uses: list[Use]


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
    forgotten: datetime | None
    """When its files went for what it had learned from deleted documents."""
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
    forgotten: datetime | None
    """When its files went for what it had learned from deleted documents."""
    created: datetime
    warnings: list[Concern]
    """What spoke against it; it was promoted all the same."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Frozen labels."""

    sha256: str
    documents: int


@dataclass(frozen=True, slots=True)
class Successor:
    """The training without the documents, by the same settings and seed."""

    name: str
    snapshot: Snapshot | None
    seed: int
    minutes: float
    config: dict[str, str | int | float]
    trained: bool
    """It made a model."""
    promoted: bool
    """That model took the place of the old one."""


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A document for people to check."""

    document: int
    fields: list[str]
    """In which the two differ and that nobody has checked."""
