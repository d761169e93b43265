"""Protocol of teachers, with the values that go in and come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from extraction.domain.errors import UserError
from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.engines.teacher.prompting.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as a teacher gets it: pages with their words, and the pictures of the same pages."""

    pages: tuple[Page, ...]
    images: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` as printed, `None` for "not on the document"; `evidence` is the printed text that it was read from.

    A group's `value` is JSON: a list of rows, each an object of its parts.
    """

    value: str | None
    evidence: str | None = None
    unsure: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and dollars of answers. `priced` is false where a model's price is unknown; `usd` then lacks it.

    `lost_usd`: dollars at most of requests that may have been charged although no answer came, or none that says what
    it cost; known only where what a request may cost is limited.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal = Decimal(0)
    priced: bool = True
    lost_usd: Decimal = Decimal(0)

    @property
    def most_usd(self) -> Decimal:
        """All dollars that may have been charged."""
        return self.usd + self.lost_usd

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.usd + other.usd,
            self.priced and other.priced,
            self.lost_usd + other.lost_usd,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers for one document. A field that the teacher does not answer is left out.

    `refusal` is the reason of a refusal; `malformed` is true where no answer could be parsed; either way there are no
    answers. `cut`: it is malformed because the last answer reached the most tokens that it may have. `raw` is the last
    answer as it came, `attempts` the number of answers that were paid for and `usage` what all of them cost.
    """

    answers: Mapping[str, Answer]
    usage: Usage = field(default_factory=Usage)
    refusal: str | None = None
    malformed: bool = False
    raw: str = ""
    attempts: int = 1
    cut: bool = False


class TeacherError(UserError):
    """The message is one sentence for people; `usage` was paid before the failure."""

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage or Usage()


class Unreachable(TeacherError):
    """No answer for this document, after all retries; other documents may succeed."""


class Rejected(TeacherError):
    """The provider rejects every request of this teacher (key, model, credit)."""


class Teacher(Protocol):
    """Safe to use from several threads.

    `outside`: whether the pictures leave this machine. `provider`: who gets them then, in words for a sentence that
    asks for consent; `provider_id`: the identifier to which consent is given, which does not change with the words.
    `concurrency`: how many documents may be requested at once.
    """

    name: str
    outside: bool
    provider: str
    provider_id: str
    concurrency: int

    def label(self, reading: Reading, schema: Schema, limit: Decimal | None = None) -> Reply:
        """Answer for the fields of `schema`, all or some of a project's. Raises `Unreachable` and `Rejected`.

        `limit`: dollars that all requests together may cost. No request is sent that could pass it, and answers are
        limited in length; what was lost on the way counts.
        """

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        """Approximate costs of so many documents, with so many pages in all (one each by default)."""

    def most(self, schema: Schema, pages: int) -> Usage:
        """What asking about one document of so many pages costs at most: a limit with which no honest answer is cut,
        and a lost or malformed one can be asked for again."""

    def prompt(self, schema: Schema) -> Prompt | None:
        """The prompt, which is sent with the pictures; `None` for a teacher without one."""
