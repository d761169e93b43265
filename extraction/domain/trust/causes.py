"""Causes of misses: what went wrong between the picture and an answer that differs from the label.

The words, the place of the answer and what is known about the label decide, in this order: a label that other sources
contradict; words that do not hold the value; the right words in another format; other words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import UNKNOWN, Conventions, agree
from extraction.domain.fields import Field
from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue
from extraction.domain.streams import compact

# A label that is less probably right, or that so many sources contradict which all say what was answered.
DOUBTFUL, CONTRADICTING = 0.5, 2


class Cause(StrEnum):
    """What went wrong."""

    NOT_READ = "not_read"
    WRONG_SPAN = "wrong_span"
    WRONG_NORMALISER = "wrong_normaliser"
    WRONG_LABEL = "wrong_label"


CAUSES: dict[Cause, str] = {
    Cause.NOT_READ: gettext_noop("Not read by OCR"),
    Cause.WRONG_SPAN: gettext_noop("Wrong place"),
    Cause.WRONG_NORMALISER: gettext_noop("Wrong format"),
    Cause.WRONG_LABEL: gettext_noop("Wrong label"),
}


@dataclass(frozen=True, slots=True)
class LabelEvidence:
    """What is known about the label that an answer is compared with.

    `probability` (0–1): that it is right, of a label that no person gave (`None`: a person's, or not assessed).
    `contradicting`: sources, other than the label's and the answering system's, that say what was answered.
    """

    probability: float | None = None
    contradicting: int = 0

    @property
    def doubtful(self) -> bool:
        unsure = self.probability is not None and self.probability < DOUBTFUL
        return unsure or self.contradicting >= CONTRADICTING


def cause_of(
    field: Field,
    truth: FieldValue,
    answer: FieldValue,
    pages: Sequence[Page],
    evidence: LabelEvidence,
    *,
    conventions: Conventions = UNKNOWN,
) -> Cause:
    """The cause of an `answer` that is not `truth`, the label's value with the words that it stands on."""
    if evidence.doubtful:
        return Cause.WRONG_LABEL
    if truth.value is None:
        return Cause.WRONG_SPAN
    printed = text_at(truth.spans, pages)
    if not printed:
        return _without_place(field, truth.value, answer)
    legible = any(agree(field, text, printed, conventions=conventions) for text in (truth.value, truth.normalized))
    if _points_at(answer, truth.spans, printed):
        return Cause.WRONG_NORMALISER if legible else Cause.NOT_READ
    return Cause.NOT_READ if answer.value is None and not legible else Cause.WRONG_SPAN


def text_at(spans: Sequence[Span], pages: Sequence[Page]) -> str:
    """The words of the spans; empty without any, and where the pages no longer have such words."""
    return " ".join(span.text(pages) for span in spans) if spans and all(_exists(span, pages) for span in spans) else ""


def existing(spans: Sequence[Span], pages: Sequence[Page]) -> tuple[Span, ...]:
    """Those whose words the pages have: a document may have been read again since."""
    return tuple(span for span in spans if _exists(span, pages))


def _without_place(field: Field, truth: str, answer: FieldValue) -> Cause:
    """A choice is not printed as such, so that it has no place; any other value was not found among the words."""
    if answer.value is not None and compact(answer.value) == compact(truth):
        return Cause.WRONG_NORMALISER
    return Cause.NOT_READ if field.kind.alignable else Cause.WRONG_SPAN


def _points_at(answer: FieldValue, spans: Sequence[Span], printed: str) -> bool:
    """Whether the answer stands on these words, or on others of the same text."""
    if answer.value is None:
        return False
    return tuple(answer.spans) == tuple(spans) or compact(answer.value) == compact(printed)


def _exists(span: Span, pages: Sequence[Page]) -> bool:
    return 0 <= span.page < len(pages) and 0 <= span.first <= span.last < len(pages[span.page].words)
