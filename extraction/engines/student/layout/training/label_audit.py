"""Auditor of labels: counts how they were found, collects doubtful ones, and compares them with the trained student."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from extraction.domain.alignment import own_conventions
from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.similarity import nls
from extraction.domain.field_types import Certainty, Conventions, read, same
from extraction.domain.fields import Field, Schema
from extraction.domain.learning.label_audit import (
    ContradictingAnswer,
    ErrorKind,
    IssueReason,
    LabelAudit,
    LabelCounts,
    LabelIssue,
)
from extraction.domain.line_items.rows import rows_of
from extraction.domain.prediction import FieldValue
from extraction.domain.streams import compact
from extraction.engines.student.base import Example
from extraction.engines.student.layout.inference.outputs import chosen, group_outputs, pointed, taught
from extraction.engines.student.layout.training.targets import Targets

LISTED = 50
# Least confidence of a student that contradicts a label, and the similarity below which texts contradict each other: a
# comma more is no contradiction. Of the labels that it contradicts at 0.7 although it was trained on them, one in five
# was wrong (395 real receipts), the others stand on misread words; at 0.9 it contradicts only such.
SURE, UNLIKE = 0.7, 0.8


@dataclass
class _Issue:
    """A doubtful label of the field `name`; `answer` is the student's, where it contradicts."""

    document: str
    name: str
    reasons: set[IssueReason] = field(default_factory=set)
    answer: FieldValue | None = None

    def rank(self) -> tuple[int, int, float, str, str]:
        """Contradictions first, by descending confidence, then by weight and number of reasons."""
        worst = min(list(IssueReason).index(reason) for reason in self.reasons)
        confidence = self.answer.confidence if self.answer else None
        return worst, -len(self.reasons), -(confidence or 0.0), self.document, self.name

    def issue(self, *, is_choice: bool) -> LabelIssue:
        answer = None
        if self.answer is not None:
            answer = ContradictingAnswer(
                confidence=round(self.answer.confidence or 0.0, 4),
                spans=tuple(self.answer.spans),
                empty=self.answer.value is None,
                option=self.answer.value if is_choice else None,
            )
        reasons = tuple(reason for reason in IssueReason if reason in self.reasons)
        return LabelIssue(self.document, self.name, reasons, answer)


class LabelAuditor:
    """Collects the label audit of a training over its course."""

    def __init__(self, schema: Schema, conventions: Conventions) -> None:
        self.schema, self.conventions = schema, conventions
        self.documents = self.without_words = self.checked = 0
        self.labels: dict[str, Counter[str]] = {part.name: Counter() for part in taught(schema)}
        self.issues: dict[tuple[str, str], _Issue] = {}
        self.errors: dict[str, Counter[ErrorKind]] = defaultdict(Counter)

    def add_training(self, example: Example, targets: Targets, *, words: bool) -> None:
        """Count the labels of a document that is trained on; `words`: whether it has any."""
        self.documents += 1
        self.without_words += not words
        for part, value, is_found in self._labelled(example, targets):
            self.labels[part.name]["absent" if value is None else "found" if is_found else "unfound"] += 1
            self._inspect(example, part, value, is_found)

    def add_validation(self, example: Example, targets: Targets) -> None:
        """Inspect the labels of a validation document, which are not counted."""
        for part, value, is_found in self._labelled(example, targets):
            self._inspect(example, part, value, is_found)

    def _labelled(self, example: Example, targets: Targets) -> Iterator[tuple[Field, str | None, bool]]:
        """Each labelled field with its label and whether that was found on the pages (or among the options)."""
        rows = {part.name: row for row, part in enumerate(chosen(self.schema))}
        for row, part in enumerate(pointed(self.schema)):
            if part.name in example.labels:
                by_options = part.name in rows and targets.option_weight[rows[part.name]] > 0
                yield part, example.labels[part.name], bool(targets.starts[row].any()) or by_options
        for group in group_outputs(self.schema):
            label = example.labels.get(group.field.name, "")
            if rows_of(group.field, label) == ():
                yield group.field, None, False
            elif label:
                yield group.field, label, bool(targets.weight[group.rows] > 0)

    def compare(self, example: Example, answers: Mapping[str, FieldValue]) -> None:
        """Note which labels of a document the trained student contradicts."""
        self.checked += 1
        for part in pointed(self.schema):
            answer = answers.get(part.name)
            if part.name not in example.labels or answer is None or (answer.confidence or 0.0) < SURE:
                continue
            if self._contradicts(part, example.labels[part.name], answer.value):
                self._add_issue(example, part, IssueReason.CONTRADICTED).answer = answer

    def count_errors(self, example: Example, answers: Mapping[str, FieldValue]) -> None:
        """Count the errors in the student's answers to a validation document."""
        for part in pointed(self.schema):
            if part.name in example.labels and part.name in answers:
                kind = error_kind(part, example.labels[part.name], answers[part.name].value, self.conventions)
                if kind is not None:
                    self.errors[part.name][kind] += 1

    def untrained_fields(self) -> list[str]:
        """Fields without any label that can be trained on."""
        return [name for name, count in self.labels.items() if not count["found"] and not count["absent"]]

    def nothing_to_learn(self) -> str | None:
        """The reason, as a sentence, where no label was found on any document."""
        total = Counter[str]()
        for count in self.labels.values():
            total.update(count)
        if total["found"]:
            return None
        if self.documents and self.without_words == self.documents:
            return gettext_noop("No words were read on any of the documents, so there is nothing to learn from.")
        if total["unfound"]:
            return gettext_noop("None of the labels was found on the pages, so there is nothing to learn from.")
        return gettext_noop(
            "Every label says that its field is not on the document, so there is nothing to learn from."
        )

    def audit(self) -> LabelAudit:
        """The audit so far, with the foremost `LISTED` issues."""
        choices = {part.name for part in chosen(self.schema)}
        issues = sorted(self.issues.values(), key=_Issue.rank)
        reasons = Counter(reason for issue in issues for reason in issue.reasons)
        return LabelAudit(
            documents=self.documents,
            without_words=self.without_words,
            fields={
                name: LabelCounts(count["found"], count["unfound"], count["absent"])
                for name, count in self.labels.items()
            },
            checked=self.checked,
            issues=len(issues),
            reasons={reason: reasons[reason] for reason in IssueReason if reasons[reason]},
            listed=tuple(issue.issue(is_choice=issue.name in choices) for issue in issues[:LISTED]),
            errors={name: dict(count.most_common()) for name, count in self.errors.items()},
        )

    def _inspect(self, example: Example, part: Field, value: str | None, is_found: bool) -> None:
        if value is not None and not is_found:
            self._add_issue(example, part, IssueReason.UNFOUND)
        certainty = Certainty.READ if value is None else self._certainty(example, part, value)
        if certainty is Certainty.INVALID:
            self._add_issue(example, part, IssueReason.MALFORMED)
        if certainty is Certainty.AMBIGUOUS:
            self._add_issue(example, part, IssueReason.AMBIGUOUS)
        if example.field_weights.get(part.name, 1.0) < 1:
            self._add_issue(example, part, IssueReason.UNSURE)

    def _certainty(self, example: Example, part: Field, value: str) -> Certainty:
        """What is known about a label's meaning, what its document tells included."""
        certainty = read(part, value, conventions=self.conventions).certainty
        if certainty is not Certainty.AMBIGUOUS:
            return certainty
        own = own_conventions(example.pages, (part,), self.conventions)
        return read(part, value, conventions=own).certainty

    def _add_issue(self, example: Example, part: Field, reason: IssueReason) -> _Issue:
        issue = self.issues.setdefault((example.id, part.name), _Issue(example.id, part.name))
        issue.reasons.add(reason)
        return issue

    def _contradicts(self, part: Field, label: str | None, answer: str | None) -> bool:
        if same(part, label, answer, conventions=self.conventions):
            return False
        # An answer that is no value of the field's type (`20/03/201`) was misread by the OCR, not by whoever labelled.
        if answer is not None and read(part, answer, conventions=self.conventions).certainty is not Certainty.READ:
            return False
        return not part.kind.free_text or nls(label, answer) < UNLIKE


def error_kind(part: Field, label: str | None, answer: str | None, conventions: Conventions) -> ErrorKind | None:
    """How `answer` differs from `label`; `None` where they mean the same."""
    if same(part, label, answer, conventions=conventions):
        return None
    if not label or not answer:
        return ErrorKind.MISSED if label else ErrorKind.INVENTED
    expected, actual = compact(label), compact(answer)
    if actual in expected:
        return ErrorKind.CUT
    if expected in actual:
        return ErrorKind.LONG
    return ErrorKind.MISREAD if nls(label, answer) >= UNLIKE else ErrorKind.OTHER
