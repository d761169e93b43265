"""How much of the way from a teacher's labels to fully reviewed ones people go in a tenth of the time.

Simulated reviewers answer by the oracle, with the seconds of the plan: opening a document 5, checking a field 4,
correcting it 12, a question with yes or no 3, choosing another value by its key 3.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import fmean
from typing import Any

from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.labels import sources
from benchmarks.labels.sources import FAULTY, RECORDED, RULES, SCHEMA, Labels
from extraction.domain.evaluation.similarity import anls
from extraction.domain.label_quality.alternatives import Alternative, alternatives
from extraction.domain.label_quality.estimator import Estimator, Judged
from extraction.domain.label_quality.questions import ROUND, Candidate, at_random, choose, draw
from extraction.domain.label_quality.vendors import Vendors, meaning, vendor_field
from extraction.domain.progress import Progress, check

OPEN, CHECK, CORRECT, QUESTION, CHOICE = 5.0, 4.0, 12.0, 3.0, 3.0
BUDGETS = (0.02, 0.05, 0.1, 0.2, 0.5)

Key = tuple[str, str]  # receipt, field


def inputs(setting: Setting) -> Mapping[str, Any]:
    return sources.inputs()


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    known = sources.labels("train", setting, progress)
    tables = []
    for source, labels in ((RULES, known), (RECORDED, known), (FAULTY, sources.with_errors(known, setting.seed))):
        rows: list[tuple[Cell, ...]] = []
        for name, policy in POLICIES.items():
            check(progress)
            progress.report(len(rows), len(POLICIES), f"{source}: {name}")
            rows.append((name, *policy(_Review(labels, source, setting.seed))))
        start = _Review(labels, source, setting.seed)
        tables.append(
            Table(
                f"Share of the gap from labels of “{source}” to fully reviewed ones that is closed, mean ANLS of"
                f" {len(labels.receipts)} SROIE train receipts",
                ("policy", *(f"{budget:.0%} of the time" for budget in BUDGETS)),
                tuple(rows),
                (
                    f"Labels as they come: mean ANLS {start.anls:.4f}, {start.wrong} of {len(start.values)} wrong;"
                    f" full review takes {start.full / 3600:.1f} hours.",
                ),
            )
        )
    return tables


@dataclass
class _Review:
    """Labels of one source that people review, and the seconds that this has taken."""

    labels: Labels
    source: str
    seed: int
    seconds: float = 0.0
    curve: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.receipts = {receipt.name: receipt for receipt in self.labels.receipts}
        self.values = {
            (receipt.name, name): stated.value
            for receipt in self.labels.receipts
            for name, stated in receipt.labels[self.source].items()
            if name in receipt.right
        }
        self.seen: set[Key] = set()
        # Alone: what other teachers of the benchmark say is not known to this one's owner.
        others = [other for other in self.labels.receipts[0].labels if other != self.source]
        judged = self.labels.judged([self.source], hidden=others)
        self.judged: dict[Key, Judged] = {(receipt.name, label.field): label for receipt, label in judged}
        self.scores = {key: self._anls(key) for key in self.values}
        self.begin = self.anls
        # Fully reviewed: what is right by the oracle stays as it is, also where a letter differs.
        full = {key: score if self.is_right(key) else 1.0 for key, score in self.scores.items()}
        self.end = _mean(full)
        self.full = len(self.receipts) * OPEN + CHECK * len(self.values) + CORRECT * self.wrong

    @property
    def wrong(self) -> int:
        return sum(not self.is_right(key) for key in self.values)

    @property
    def anls(self) -> float:
        """The mean over the fields of their means over the receipts."""
        return _mean(self.scores)

    def _anls(self, key: Key) -> float:
        if self.is_right(key) and SCHEMA[key[1]].kind.typed:
            return 1.0
        return anls(self.receipts[key[0]].right[key[1]] or "", self.values[key] or "")

    def is_right(self, key: Key) -> bool:
        return self.labels.is_right(key[1], self.values[key], self.receipts[key[0]])

    def set(self, key: Key, value: str | None) -> None:
        self.values[key] = value
        self.seen.add(key)
        self.scores[key] = self._anls(key)

    def spend(self, seconds: float) -> None:
        self.seconds += seconds
        self.curve.append((self.seconds, self.anls))

    def closed(self) -> list[float]:
        """The share of the gap that is closed at each of the budgets."""
        return [
            (max((anls for spent, anls in self.curve if spent <= budget * self.full), default=self.begin) - self.begin)
            / (self.end - self.begin)
            for budget in BUDGETS
        ]

    @property
    def over(self) -> bool:
        return self.seconds > BUDGETS[-1] * self.full

    def open_document(self, name: str) -> None:
        """Review all of a document."""
        spent = OPEN
        for key in [key for key in self.values if key[0] == name]:
            spent += CHECK
            if not self.is_right(key):
                spent += CORRECT
                self.set(key, self.receipts[name].right[key[1]])
            self.seen.add(key)
        self.spend(spent)


@lru_cache(maxsize=10_000)
def _meaning(name: str, value: str | None) -> str:
    return meaning(SCHEMA[name], value)


def _mean(scores: Mapping[Key, float]) -> float:
    by_field: dict[str, list[float]] = defaultdict(list)
    for (_, name), score in scores.items():
        by_field[name].append(score)
    return fmean(fmean(some) for some in by_field.values())


@dataclass
class _Questioning:
    """Questions about single labels, in rounds; the estimator is fitted anew after each on what was answered."""

    review: _Review
    # Values of vendors are asked once, and offered as alternatives.
    by_vendor: bool
    # What a question is worth by the probability that its label is wrong.
    worth: Callable[[float], float]

    def run(self) -> list[float]:
        review = self.review
        drawn, answered, asked = random.Random(review.seed), list[Judged](), Counter[str]()
        keys = sorted(review.values)
        number_of = {key: number for number, key in enumerate(keys)}
        documents = {name: number for number, name in enumerate(sorted(review.receipts))}
        for number in range(10_000):
            left = [key for key in keys if key not in review.seen]
            if review.over or not left:
                break
            estimator = Estimator.fit(answered)
            constant = self._constant()
            candidates = [self._candidate(key, number_of, documents, estimator, constant) for key in left]
            count = at_random(ROUND, len(candidates))
            strata: dict[str, list[int]] = defaultdict(list)
            for key in left:
                strata[key[1]].append(number_of[key])
            by_chance = draw(strata, count, f"{review.seed} {number}")
            chosen = choose(candidates, ROUND - count, asked)
            for candidate in chosen:
                asked[candidate.cluster] += 1
            order = [*(candidate.label for candidate in chosen), *by_chance]
            drawn.shuffle(order)
            for label in order:
                if keys[label] not in review.seen:
                    answered += self._answer(keys[label], constant)
        return review.closed()

    def _candidate(
        self,
        key: Key,
        number_of: Mapping[Key, int],
        documents: Mapping[str, int],
        estimator: Estimator,
        constant: frozenset[str],
    ) -> Candidate:
        judged = self.review.judged[key]
        wrong = self.worth(1 - estimator.probability(judged.field, judged.source, judged.signals))
        cluster = self._vendor(key[0])
        once = self._once(key, constant)
        return Candidate(number_of[key], documents[key[0]], wrong, cluster=cluster, once="/".join(once) if once else "")

    def _answer(self, key: Key, constant: frozenset[str]) -> list[Judged]:
        review = self.review
        right, once = review.is_right(key), self._once(key, constant)
        alike = [other for other in review.values if other not in review.seen and self._once(other, constant) == once]
        value, seconds = review.values[key], QUESTION
        if not right:
            offered = [other.value for other in self._alternatives(key)]
            found = next((other for other in offered if self._fits(key, other)), None)
            value = review.receipts[key[0]].right[key[1]] if found is None else found
            seconds += CORRECT if found is None else CHOICE
        review.set(key, value)
        if right and once:
            # A correction holds for its own document: others of the vendor get it as an alternative.
            review.seen.update(alike)
        review.spend(seconds)
        return [review.judged[key]]

    def _fits(self, key: Key, value: str | None) -> bool:
        return self.review.labels.is_right(key[1], value, self.review.receipts[key[0]])

    def _alternatives(self, key: Key) -> list[Alternative]:
        receipt, part = self.review.receipts[key[0]], SCHEMA[key[1]]
        known = []
        if self.by_vendor and (vendor := self._vendor(key[0])):
            usual = Counter(
                value
                for (name, field_), value in self.review.values.items()
                if field_ == key[1] and name != key[0] and self._vendor(name) == vendor and value
            )
            known = [Alternative(value) for value, _ in usual.most_common(2)]
        if self.review.source != RULES and (stated := receipt.labels[RULES].get(key[1])):
            known.append(Alternative(stated.value))
        conventions = self.review.labels.conventions
        return alternatives(part, self.review.values[key], receipt.pages, known, conventions=conventions)

    def _vendor(self, name: str) -> str:
        part = vendor_field(SCHEMA)
        return _meaning(part.name, self.review.values.get((name, part.name))) if part else ""

    def _once(self, key: Key, constant: frozenset[str]) -> tuple[str, ...]:
        """What one answer holds for: the value of a vendor's field, on all its documents with the same value."""
        vendor = self._vendor(key[0])
        if not self.by_vendor or not vendor or key[1] not in constant:
            return ()
        return vendor, key[1], _meaning(key[1], self.review.values[key])

    def _constant(self) -> frozenset[str]:
        if not self.by_vendor:
            return frozenset()
        rows = [
            (self._vendor(name), part, meaning(SCHEMA[part], value))
            for (name, part), value in self.review.values.items()
        ]
        return Vendors.of(rows).constant_fields


def _documents(order: Callable[[_Review], Iterator[str]]) -> Callable[[_Review], list[float]]:
    def review_documents(review: _Review) -> list[float]:
        for name in order(review):
            if review.over:
                break
            review.open_document(name)
        return review.closed()

    return review_documents


def _by_chance(review: _Review) -> Iterator[str]:
    names = sorted(review.receipts)
    random.Random(review.seed).shuffle(names)
    yield from names


def _least_sure(review: _Review) -> Iterator[str]:
    """By the least probable label; the estimator learns from the documents that were reviewed."""
    answered: list[Judged] = []
    left = set(review.receipts)
    while left:
        estimator = Estimator.fit(answered)
        least: dict[str, float] = {}
        for (name, _), label in review.judged.items():
            found = estimator.probability(label.field, label.source, label.signals)
            least[name] = min(least.get(name, 1.0), found)
        for name in sorted(left, key=lambda name: (least[name], name))[: ROUND // 4]:
            left.discard(name)
            answered += [label for (receipt, _), label in review.judged.items() if receipt == name]
            yield name


def _asking(by_vendor: bool, worth: Callable[[float], float]) -> Callable[[_Review], list[float]]:
    return lambda review: _Questioning(review, by_vendor, worth).run()


POLICIES: Mapping[str, Callable[[_Review], list[float]]] = {
    "documents at random": _documents(_by_chance),
    "documents, least sure first": _documents(_least_sure),
    "questions at random": _asking(False, lambda wrong: 1.0),
    "questions, nearest to one half": _asking(False, lambda wrong: 0.5 - abs(0.5 - wrong) + 0.1),
    "questions, most probably wrong": _asking(False, lambda wrong: wrong),
    "the same, vendors asked once": _asking(True, lambda wrong: wrong),
}
BENCHMARK = Benchmark("labels-review", "a person's minutes: which labels to ask about", inputs, run)
