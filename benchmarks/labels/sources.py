"""Labels of the SROIE receipts by several sources, with an oracle that says which of them are right.

The oracle is the truth of the challenge, except where two independent labellings of a large model agree against it:
then it is wrong itself, which happens in one of a hundred totals. Texts with nine of ten letters count as right.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks import corpora, sroie
from benchmarks.base import Setting, digest, write_json
from benchmarks.quality import student, training_cache
from extraction.domain.field_types import Conventions, agree
from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.estimator import Judged
from extraction.domain.label_quality.evidence import Stated, evidence, is_right
from extraction.domain.label_quality.signals import measures
from extraction.domain.label_quality.vendors import Vendors, meaning, vendor_field
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, check
from extraction.engines.student.base import Example
from extraction.engines.teacher import registry
from extraction.engines.teacher.protocol import Reading

SCHEMA = sroie.SCHEMA
RULES, RECORDED, SECOND, FAULTY = "rules", "recorded", "second labelling", "recorded, one of ten wrong"
# Of the second labelling, what the fields are called there. Its merchant's names are shorter ones by instruction, so
# that they say nothing about companies.
SECOND_FIELDS = {"date": "transaction_date", "total": "total_amount"}
ERRORS = 0.1

Answers = Mapping[str, Stated]


@dataclass(frozen=True)
class Receipt:
    """A receipt with the labels of each source by field, and what is right by the oracle."""

    name: str
    pages: tuple[Page, ...]
    labels: Mapping[str, Answers]
    right: Mapping[str, str | None]


@dataclass(frozen=True)
class Labels:
    """The receipts of a part, with the conventions by which they print values."""

    receipts: Sequence[Receipt]
    conventions: Conventions

    def is_right(self, name: str, value: str | None, receipt: Receipt) -> bool:
        return is_right(SCHEMA[name], value, receipt.right[name], self.conventions)

    def judged(self, sources: Sequence[str], hidden: Sequence[str] = ()) -> Iterator[tuple[Receipt, Judged]]:
        """Every label of `sources` with its signals, as the product collects them; `hidden` sources say nothing about
        others."""
        for source in sources:
            vendors, own = self._vendors(source)
            for receipt in self.receipts:
                for name, stated in receipt.labels[source].items():
                    if name in receipt.right:
                        others = [
                            answers[name].value
                            for other, answers in receipt.labels.items()
                            if name in answers and other not in (source, RULES, *hidden)
                        ]
                        rules = receipt.labels[RULES].get(name) if source != RULES else None
                        known = evidence(
                            SCHEMA[name],
                            stated,
                            receipt.pages,
                            others=others,
                            rules=rules.value if rules else None,
                            vendor=self._compare(vendors, own, receipt, name, stated),
                            conventions=self.conventions,
                        )
                        right = self.is_right(name, stated.value, receipt)
                        yield receipt, Judged(name, source, measures(known), right)

    def _vendors(self, source: str) -> tuple[Vendors, Mapping[tuple[str, str], str]]:
        own = {
            (receipt.name, name): meaning(SCHEMA[name], stated.value, self.conventions)
            for receipt in self.receipts
            for name, stated in receipt.labels[source].items()
        }
        vendor = vendor_field(SCHEMA)
        name_of = vendor.name if vendor else ""
        return Vendors.of((own.get((receipt, name_of), ""), name, value) for (receipt, name), value in own.items()), own

    def _compare(
        self, vendors: Vendors, own: Mapping[tuple[str, str], str], receipt: Receipt, name: str, stated: Stated
    ) -> tuple[int, int]:
        vendor = vendor_field(SCHEMA)
        if vendor is None or name == vendor.name or name not in vendors.constant_fields:
            return 0, 0
        value = meaning(SCHEMA[name], stated.value, self.conventions)
        return vendors.compare(own.get((receipt.name, vendor.name), ""), name, value, own.get((receipt.name, name)))


def inputs() -> JsonObject:
    """JSON values that the labels depend on."""
    return {**student.data(), "rules": training_cache.code("extraction.engines.teacher.rules", "extraction.domain")}


def labels(part: corpora.Part, setting: Setting, progress: Progress) -> Labels:
    """The receipts of a part with the labels of all sources."""
    truth = sroie.CORPUS.documents(part)
    recorded = {document.name: document for document in sroie.CORPUS.documents(part, "teacher")}
    pages = [reading.pages for reading in sroie.CORPUS.read(part, student.OCR, setting, progress)]
    second, by_rules = _second(part), _by_rules(part, truth, pages, setting, progress)
    examples = [
        Example(document.name, some, recorded[document.name].labels)
        for document, some in zip(truth, pages, strict=True)
    ]
    conventions = Conventions(training_cache.day_order(SCHEMA, examples))
    receipts = []
    for document, some in zip(truth, pages, strict=True):
        first = recorded[document.name]
        stated = {name: Stated(value, name in first.unsure) for name, value in first.labels.items()}
        sources = {RECORDED: stated, SECOND: second[document.name], RULES: by_rules[document.name]}
        right = {
            name: _oracle(name, value, stated.get(name), second[document.name].get(name), conventions)
            for name, value in document.labels.items()
        }
        receipts.append(Receipt(document.name, some, sources, right))
    return Labels(receipts, conventions)


def with_errors(known: Labels, seed: int) -> Labels:
    """The recorded labels with realistic errors in one of ten, as another source: an amount or date of the same receipt
    in place of the right one, day and month exchanged, a name or address cut short, one of another receipt."""
    drawn = random.Random(seed)
    receipts = []
    for receipt in known.receipts:
        answers = {
            name: Stated(_wrong(name, stated.value, receipt, known, drawn) if drawn.random() < ERRORS else stated.value)
            if drawn.random() < ERRORS
            else Stated(stated.value)
            for name, stated in receipt.labels[RECORDED].items()
        }
        receipts.append(replace(receipt, labels={**receipt.labels, FAULTY: answers}))
    return Labels(receipts, known.conventions)


def _wrong(name: str, value: str | None, receipt: Receipt, known: Labels, drawn: random.Random) -> str | None:
    part = SCHEMA[name]
    if part.kind.typed:
        printed = [
            line[start:end]
            for page in receipt.pages
            for line in page.text.splitlines()
            for start, end in part.kind.find(line)
        ]
        others = sorted({text for text in printed if not agree(part, text, value, conventions=known.conventions)})
        return drawn.choice(others) if others else None
    words = (value or "").split()
    if len(words) > 2 and drawn.random() < 0.7:
        return " ".join(words[: len(words) // 2] if drawn.random() < 0.5 else words[len(words) // 2 :])
    return drawn.choice(known.receipts).labels[RECORDED][name].value


def _oracle(
    name: str, truth: str | None, first: Stated | None, second: Stated | None, conventions: Conventions
) -> str | None:
    if first and second and first.value and second.value:
        both = agree(SCHEMA[name], first.value, second.value, conventions=conventions)
        if both and not agree(SCHEMA[name], first.value, truth, conventions=conventions):
            return first.value
    return truth


def _second(part: corpora.Part) -> dict[str, dict[str, Stated]]:
    """Dates and totals of the second labelling, by receipt."""
    stem = sroie.CORPUS.dev if part == "dev" else sroie.CORPUS.train
    result = {}
    with (sroie.CORPUS.folder / f"{stem}.teacher-formats.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            values = {name: row[key] for name, key in SECOND_FIELDS.items() if key in row}
            if date := values.get("date"):
                values["date"] = f"{date[:4]}-{date[4:6]}-{date[6:]}"
            result[row["file"].rpartition("/")[2].partition(".")[0]] = {
                name: Stated(value) for name, value in values.items()
            }
    return result


def _by_rules(
    part: corpora.Part,
    documents: Sequence[corpora.Document],
    pages: Sequence[tuple[Page, ...]],
    setting: Setting,
    progress: Progress,
) -> dict[str, dict[str, Stated]]:
    """The labels of the rules by receipt; kept, since they take a minute."""
    path = setting.folder / "rules" / f"{digest([inputs(), part])[:16]}.json"
    if setting.fresh or not path.exists():
        teacher, found = registry.teacher(RULES), dict[str, Any]()
        for number, (document, some) in enumerate(zip(documents, pages, strict=True)):
            check(progress)
            progress.report(number, len(documents), f"rules, {part}")
            answers = teacher.label(Reading(some), SCHEMA).answers
            found[document.name] = {
                name: [answer.value, answer.unsure, answer.confidence] for name, answer in answers.items()
            }
        write_json(path, found)
    kept = json.loads(path.read_text("utf-8"))
    return {name: {field: Stated(*row) for field, row in answers.items()} for name, answers in kept.items()}
