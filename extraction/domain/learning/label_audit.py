"""Label audit of a training run: how its labels were found on the pages, which are doubtful, and how the student errs.

An audit outlives the documents that it refers to. It therefore quotes no text: documents stand in it by their content
hash, values by their place on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from extraction.domain.json_types import JsonObject
from extraction.domain.pages import Page, Span


class IssueReason(StrEnum):
    """Reason for which a label is doubtful, the weightiest first."""

    CONTRADICTED = "contradicted"
    MALFORMED = "malformed"
    AMBIGUOUS = "ambiguous"
    UNFOUND = "unfound"
    UNSURE = "unsure"


class ErrorKind(StrEnum):
    """Difference of an answer from a label."""

    MISSED = "missed"
    INVENTED = "invented"
    CUT = "cut"
    LONG = "long"
    MISREAD = "misread"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """Labels of one field: found on the pages, not found, and those that say that the field is not on the document."""

    found: int = 0
    unfound: int = 0
    absent: int = 0

    @property
    def stated(self) -> int:
        """Labels that hold a value."""
        return self.found + self.unfound

    def to_json(self) -> dict[str, int]:
        return {"found": self.found, "unfound": self.unfound, "absent": self.absent}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["found"], value["unfound"], value["absent"])


@dataclass(frozen=True, slots=True)
class ContradictingAnswer:
    """Answer of the student that contradicts a label.

    `confidence` is from 0 to 1, `spans` are the words on which the answer stands. `empty`: the student answers that the
    field is not on the document. `option` is the answer to a choice, which may stand nowhere; `None` for other fields.
    """

    confidence: float
    spans: tuple[Span, ...] = ()
    empty: bool = False
    option: str | None = None

    def text(self, pages: Sequence[Page]) -> str | None:
        """The answer in words; `None` where it is empty, or the document was read again and has fewer words."""
        if self.option:
            return self.option
        if any(span.page >= len(pages) or span.last >= len(pages[span.page].words) for span in self.spans):
            return None
        return " ".join(span.text(pages) for span in self.spans) or None

    def to_json(self) -> JsonObject:
        return {
            "confidence": self.confidence,
            "spans": [span.to_json() for span in self.spans],
            "empty": self.empty,
            "option": self.option,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        spans = tuple(Span.from_json(span) for span in value.get("spans", ()))
        return cls(value["confidence"], spans, value.get("empty", False), value.get("option"))


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """Doubtful label of `field` on the document with the content hash `document`.

    `reasons` is not empty and in the order of `IssueReason`; `answer` is there where the student contradicts.
    """

    document: str
    field: str
    reasons: tuple[IssueReason, ...]
    answer: ContradictingAnswer | None = None

    def to_json(self) -> JsonObject:
        return {
            "document": self.document,
            "field": self.field,
            "reasons": [reason.value for reason in self.reasons],
            **(self.answer.to_json() if self.answer else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        answer = ContradictingAnswer.from_json(value) if "confidence" in value else None
        return cls(value["document"], value["field"], tuple(map(IssueReason, value["reasons"])), answer)


@dataclass(frozen=True, slots=True)
class LabelAudit:
    """Label audit of a run.

    `documents` were trained on, `without_words` of them had no words, `checked` labelled documents were compared with
    the trained student. `fields` counts the labels that were trained on, by field. There were `issues` doubtful labels,
    by `reasons`; the foremost of them are `listed`. `errors` counts the student's errors on validation documents by
    field, `sources` the labels of the run by their source.
    """

    documents: int
    without_words: int = 0
    fields: Mapping[str, LabelCounts] = field(default_factory=dict)
    checked: int = 0
    issues: int = 0
    reasons: Mapping[IssueReason, int] = field(default_factory=dict)
    listed: tuple[LabelIssue, ...] = ()
    errors: Mapping[str, Mapping[ErrorKind, int]] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        return {
            "documents": self.documents,
            "without_words": self.without_words,
            "fields": {name: counts.to_json() for name, counts in self.fields.items()},
            "checked": self.checked,
            "issues": self.issues,
            "reasons": {reason.value: count for reason, count in self.reasons.items()},
            "listed": [issue.to_json() for issue in self.listed],
            "errors": {
                name: {kind.value: count for kind, count in kinds.items()} for name, kinds in self.errors.items()
            },
            "sources": dict(self.sources),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Also from what earlier versions stored, which knew less and called issues `doubts` and errors `mistakes`."""
        errors = value.get("errors", value.get("mistakes", {}))
        return cls(
            documents=value["documents"],
            without_words=value.get("without_words", 0),
            fields={name: LabelCounts.from_json(counts) for name, counts in value.get("fields", {}).items()},
            checked=value.get("checked", 0),
            issues=value.get("issues", value.get("doubts", 0)),
            reasons={IssueReason(reason): count for reason, count in value.get("reasons", {}).items()},
            listed=tuple(LabelIssue.from_json(row) for row in value.get("listed", ())),
            errors={name: {ErrorKind(kind): count for kind, count in kinds.items()} for name, kinds in errors.items()},
            sources=dict(value.get("sources", {})),
        )
