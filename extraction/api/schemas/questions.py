"""Questions about single labels, and answers to them."""

from __future__ import annotations

import datetime
from typing import Literal

from ninja import Field, Schema

from extraction.api.schemas.rows import Box


class QuestionOut(Schema):
    """Whether a label is right."""

    id: int
    document: int
    name: str = Field(description="The file's name as it came.")
    field: str
    value: str | None = Field(description="The printed text; null: not on the document.")
    normalized: str | None
    readings: list[str] = Field(
        description="What the text can mean, in the field's format, where that is several things; else empty."
    )
    probability: float | None = Field(description="That the label is right, as far as it is assessed.")
    vendor: str = Field(description="Whose document it is, as printed; empty where that is not known.")
    holds: bool = Field(description="The answer holds for the vendor's documents with the same value.")
    boxes: list[Box] = Field(description="Where the value stands; empty where it was not found.")
    reasons: list[str] = Field(description="What speaks against the label, in words.")


class KnownOut(Schema):
    """What is known about all labels with one value."""

    labels: int
    unseen: int = Field(description="Labels that nobody has looked at.")
    doubtful: int = Field(description="Those of them that are worth a question.")
    asked: int = Field(description="Questions drawn at random that were answered.")
    wrong: int = Field(description="Those of them whose label was wrong.")
    at_most_wrong: float | None = Field(description="The share of labels that is at most still wrong; null: not known.")
    sure: float = Field(description="How sure that is, from 0 to 1.")
    target: float
    rounds: int = Field(description="Rounds until at most the share `target` is wrong.")
    questions: int = Field(description="Questions until then.")


class QuestionsOut(Schema):
    """Questions, and what is known about all labels."""

    results: list[QuestionOut]
    known: KnownOut


class AnswerIn(Schema):
    """An answer to a question."""

    answer: Literal["yes", "no", "unknown"]
    value: str | None = Field(
        None,
        max_length=10_000,
        description="After a no the right value; null: not on the document; left out: it is not known.",
    )
    reading: str | None = Field(
        None, max_length=10_000, description="Of several things that `value` can mean, the one meant."
    )


class AnsweredOut(Schema):
    """A question after its answer."""

    state: Literal["open", "answered", "stale", "undone"]
    answer: str = Field(description="As it counts: another spelling of the same value is a yes.")
    labels: int = Field(description="Labels that it wrote, also on other documents of the vendor.")


class UndoneOut(Schema):
    """What taking back has changed."""

    taken_back: int
    kept: int = Field(description="Labels that stay because somebody decided on them since.")


class UnseenAcceptanceOut(Schema):
    """A decision to accept documents without a look at them."""

    id: int
    user: str | None = Field(description="Whose it was; null: whose account is gone.")
    accepted: datetime.datetime
    documents: int
    wrong: float = Field(description="The share of their labels that was expected to be wrong.")
    undone: datetime.datetime | None


class AcceptableOut(Schema):
    """What could be accepted without a look at it, and the newest decisions about such documents."""

    documents: int = Field(description="Waiting documents of which each label is surely right.")
    wrong: float = Field(description="The share of their labels that is probably wrong.")
    results: list[UnseenAcceptanceOut] = Field(description="The newest decisions.")
