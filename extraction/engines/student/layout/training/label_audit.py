"""What a run learned from, which of its labels it would not trust, and how the student errs.

Everything is counted and pointed at, nothing is quoted: an account outlives the documents that it speaks of, so it
names them by their keys and says where a value stands, never what it reads.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from extraction.domain.field_types import DayOrder, is_invalid, same
from extraction.domain.fields import Field, Schema
from extraction.domain.prediction import FieldValue
from extraction.domain.scoring import nls
from extraction.domain.streams import compact
from extraction.engines.student.layout.config import Example
from extraction.engines.student.layout.inference.postprocessing import chosen, pointed
from extraction.engines.student.layout.training.targets import Targets

LISTED = 50
# How sure a student must be before it counts as contradicting a label, and how unlike the two must be where they are
# texts: a comma more is no contradiction. Of what it contradicts at 0.7 although it learned from it, one in five labels
# was wrong (395 real receipts), the others stand on misread words; at 0.9 it contradicts nothing but such.
SURE, UNLIKE = 0.7, 0.8


class Reason(StrEnum):
    """Why a label is distrusted, the weightiest first."""

    CONTRADICTED = "contradicted"
    MALFORMED = "malformed"
    UNFOUND = "unfound"
    UNSURE = "unsure"


class Mistake(StrEnum):
    """How an answer differs from a label."""

    MISSED = "missed"
    INVENTED = "invented"
    CUT = "cut"
    LONG = "long"
    MISREAD = "misread"
    OTHER = "other"


@dataclass
class Doubt:
    """A distrusted label of the field `name`; `answer` is what the student says instead, where it contradicts."""

    document: str
    name: str
    reasons: set[Reason] = field(default_factory=set)
    answer: FieldValue | None = None

    def rank(self) -> tuple[int, int, float]:
        """Contradictions first, the surest of them foremost, then what has most against it."""
        worst = min(list(Reason).index(reason) for reason in self.reasons)
        confidence = self.answer.confidence if self.answer else None
        return worst, -len(self.reasons), -(confidence or 0.0)

    def export(self, choices: Sequence[str]) -> dict[str, Any]:
        row: dict[str, Any] = {
            "document": self.document,
            "field": self.name,
            "reasons": [reason.value for reason in Reason if reason in self.reasons],
        }
        if self.answer is not None:
            row["confidence"] = round(self.answer.confidence or 0.0, 4)
            row["spans"] = [span.to_json() for span in self.answer.spans]
            row["empty"] = self.answer.value is None
            row["option"] = self.answer.value if self.name in choices else None
        return row


class Ledger:
    """Kept while a student is trained; `export` gives what is known so far."""

    def __init__(self, schema: Schema, day_order: DayOrder) -> None:
        self.schema, self.day_order = schema, day_order
        self.documents = self.without_words = self.checked = 0
        self.labels: dict[str, Counter[str]] = {part.name: Counter() for part in pointed(schema)}
        self.doubts: dict[tuple[str, str], Doubt] = {}
        self.mistakes: dict[str, Counter[str]] = defaultdict(Counter)

    def learn(self, example: Example, made: Targets, *, words: bool) -> None:
        """A document that is learned from, with what was made of its labels."""
        self.documents += 1
        self.without_words += not words
        for part, value, found in self._labelled(example, made):
            self.labels[part.name]["absent" if value is None else "found" if found else "unfound"] += 1
            self._look_at(example, part, value, found)

    def hold(self, example: Example, made: Targets) -> None:
        """A document that is not learned from but whose labels judge and calibrate."""
        for part, value, found in self._labelled(example, made):
            self._look_at(example, part, value, found)

    def _labelled(self, example: Example, made: Targets) -> Iterator[tuple[Field, str | None, bool]]:
        """Each labelled field with its label and whether that was found on the pages (or among the options)."""
        rows = {part.name: row for row, part in enumerate(chosen(self.schema))}
        for row, part in enumerate(pointed(self.schema)):
            if part.name in example.labels:
                by_options = part.name in rows and made.option_weight[rows[part.name]] > 0
                yield part, example.labels[part.name], bool(made.begins[row].any()) or by_options

    def hear(self, example: Example, answers: Mapping[str, FieldValue]) -> None:
        """What the trained student says of a labelled document."""
        self.checked += 1
        for part in pointed(self.schema):
            answer = answers.get(part.name)
            if part.name not in example.labels or answer is None or (answer.confidence or 0.0) < SURE:
                continue
            if self._contradicts(part, example.labels[part.name], answer.value):
                self._doubt(example, part, Reason.CONTRADICTED).answer = answer

    def judge(self, example: Example, answers: Mapping[str, FieldValue]) -> None:
        """The student's answers to a document that it did not learn from."""
        for part in pointed(self.schema):
            if part.name in example.labels and part.name in answers:
                kind = mistake(part, example.labels[part.name], answers[part.name].value, self.day_order)
                if kind is not None:
                    self.mistakes[part.name][kind.value] += 1

    def untaught(self) -> list[str]:
        """Fields of which no document says anything that can be learned."""
        return [name for name, count in self.labels.items() if not count["found"] and not count["absent"]]

    def nothing(self) -> str | None:
        """A sentence, where no document teaches where anything stands or what it is."""
        total = Counter[str]()
        for count in self.labels.values():
            total.update(count)
        if total["found"]:
            return None
        if self.documents and self.without_words == self.documents:
            return "No words were read on any of the documents, so there is nothing to learn from."
        if total["unfound"]:
            return "None of the labels was found on the pages, so there is nothing to learn from."
        return "Every label says that its field is not on the document, so there is nothing to learn from."

    def export(self) -> dict[str, Any]:
        choices = [part.name for part in chosen(self.schema)]
        held = sorted(self.doubts.values(), key=lambda doubt: (*doubt.rank(), doubt.document, doubt.name))
        reasons = Counter(reason.value for doubt in held for reason in doubt.reasons)
        return {
            "documents": self.documents,
            "without_words": self.without_words,
            "fields": {
                name: {key: count[key] for key in ("found", "unfound", "absent")} for name, count in self.labels.items()
            },
            "checked": self.checked,
            "doubts": len(held),
            "reasons": {reason.value: reasons[reason.value] for reason in Reason if reasons[reason.value]},
            "listed": [doubt.export(choices) for doubt in held[:LISTED]],
            "mistakes": {name: dict(count.most_common()) for name, count in self.mistakes.items()},
        }

    def _look_at(self, example: Example, part: Field, value: str | None, found: bool) -> None:
        if value is not None and not found:
            self._doubt(example, part, Reason.UNFOUND)
        if value is not None and is_invalid(part, value, day_order=self.day_order):
            self._doubt(example, part, Reason.MALFORMED)
        if example.field_weights.get(part.name, 1.0) < 1:
            self._doubt(example, part, Reason.UNSURE)

    def _doubt(self, example: Example, part: Field, reason: Reason) -> Doubt:
        doubt = self.doubts.setdefault((example.id, part.name), Doubt(example.id, part.name))
        doubt.reasons.add(reason)
        return doubt

    def _contradicts(self, part: Field, label: str | None, answer: str | None) -> bool:
        if same(part, label, answer, day_order=self.day_order):
            return False
        # What is no value of the field's type (`20/03/201`) was misread by the OCR, not by whoever labelled.
        if answer is not None and is_invalid(part, answer, day_order=self.day_order):
            return False
        return not part.kind.free_text or nls(label, answer) < UNLIKE


def mistake(part: Field, label: str | None, answer: str | None, day_order: DayOrder) -> Mistake | None:
    """How `answer` differs from `label`; `None` where they mean the same."""
    if same(part, label, answer, day_order=day_order):
        return None
    if not label or not answer:
        return Mistake.MISSED if label else Mistake.INVENTED
    wanted, said = compact(label), compact(answer)
    if said in wanted:
        return Mistake.CUT
    if wanted in said:
        return Mistake.LONG
    return Mistake.MISREAD if nls(label, answer) >= UNLIKE else Mistake.OTHER
