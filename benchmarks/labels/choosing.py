"""How many labels of a teacher a student needs where the documents are chosen, and where they come at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from statistics import fmean
from typing import Any

from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.labels import sources
from benchmarks.labels.sources import RECORDED, SCHEMA, Labels
from benchmarks.labels.training import FORMATS, in_formats
from benchmarks.quality import student, training_cache
from benchmarks.quality.student_curve import some
from benchmarks.quality.training_cache import CachedTraining, TrainedStudent
from extraction.domain.field_types import Conventions
from extraction.domain.label_quality.estimator import Estimator
from extraction.domain.label_quality.layouts import Layout
from extraction.domain.label_quality.selection import Candidate, Labelled, choose
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

AT_RANDOM, CHOSEN = "at random", "chosen"
RANDOM_COUNTS, STEP, ROUNDS, SEEDS = (80, 120, 200), 40, 3, 3


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        **sources.inputs(),
        "foundations": training_cache.foundations(setting),
        "settings": [RANDOM_COUNTS, STEP, ROUNDS, SEEDS, FORMATS],
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    dev = student.examples("dev", "truth", setting, progress)
    conventions = Conventions(training_cache.day_order(SCHEMA, dev))
    scores: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for seed in range(setting.seed, setting.seed + SEEDS):
        project = Project(seed, setting, progress)
        at_random = {(AT_RANDOM, count): project.at_random(count) for count in RANDOM_COUNTS}
        for (policy, count), trained in {**at_random, **project.chosen()}.items():
            answers = trained.answers(dev)
            figures = training_cache.score(SCHEMA, dev, answers).mean_anls, in_formats(dev, answers, conventions)
            scores.setdefault((policy, count), []).append(figures)
    rows: list[tuple[Cell, ...]] = []
    for (policy, count), each in sorted(scores.items(), key=lambda item: (item[0][1], item[0][0])):
        printed, formatted = zip(*each, strict=True)
        rows.append((policy, count, *printed, fmean(printed), fmean(formatted)))
    return [
        Table(
            f"Students taught by receipts that were chosen and by random ones, on {len(dev)} SROIE dev receipts",
            ("documents", "labelled", *(f"seed {setting.seed + n}" for n in range(SEEDS)), "mean ANLS", "in formats"),
            tuple(rows),
            (
                f"Chosen in rounds of {STEP}, each by the student of the rounds before; recorded labels.",
                "Against truth. All receipts are read before, without labels. Formats: as in the TAIL paper.",
            ),
        )
    ]


class Project:
    """A project whose teacher labels some of the SROIE train receipts, with one seed."""

    def __init__(self, seed: int, setting: Setting, progress: Progress) -> None:
        self.seed, self.setting, self.progress = seed, setting, progress
        self.known: Callable[[], Labels] = lru_cache(partial(sources.labels, "train", setting, progress))
        self.examples = lru_cache(partial(student.examples, "train", "teacher", setting, progress))

    def drawn(self, count: int) -> Sequence[Example]:
        """Receipts at random, with the teacher's labels."""
        return some(self.examples(), count, self.seed)

    def at_random(self, count: int) -> TrainedStudent:
        """The student of so many labels at random."""
        return self._train(AT_RANDOM, count, partial(self.drawn, count))

    def chosen(self) -> dict[tuple[str, int], TrainedStudent]:
        students, labelled = {}, list[int]()
        trained: TrainedStudent | None = None
        for _ in range(ROUNDS):
            labelled += self._pick(labelled, trained)
            learned = [self.examples()[number] for number in labelled]
            trained = self._train(CHOSEN, len(labelled), lambda learned=learned: learned)  # type: ignore[misc]
            students[CHOSEN, len(labelled)] = trained
        return students

    def _train(self, policy: str, count: int, examples: Callable[[], Sequence[Example]]) -> TrainedStudent:
        about = f"{count} labels {policy}, seed {self.seed}"
        inputs = {**sources.inputs(), "step": STEP}
        training = CachedTraining(about, SCHEMA, examples, self.seed, inputs, corpus=self.examples)
        [trained] = training_cache.trained_students([training], self.setting, self.progress)
        return trained

    def _pick(self, labelled: Sequence[int], trained: TrainedStudent | None) -> list[int]:
        """The next `STEP` receipts, by their numbers."""
        receipts, right = self.known().receipts, self._right()
        layouts = [Layout.of(receipt.pages[0]) for receipt in receipts]
        done = [Labelled(layouts[number].vector, right[receipts[number].name]) for number in labelled]
        candidates = [
            Candidate(number, layouts[number].vector, layouts[number].legibility, self._doubt(number, trained))
            for number in range(len(receipts))
            if number not in labelled
        ]
        return [pick.document for pick in choose(candidates, done, STEP, str(self.seed))]

    def _doubt(self, number: int, trained: TrainedStudent | None) -> float | None:
        if trained is None:
            return None
        answers = trained.predictor.predict(self.known().receipts[number].pages)
        return fmean(1 - (answer.confidence or 0.0) for answer in answers.values())

    def _right(self) -> dict[str, float]:
        """How probably the labels of each receipt are right, before anybody reviewed any."""
        estimator, known = Estimator.prior(), self.known()
        hidden = [other for other in known.receipts[0].labels if other != RECORDED]
        found: dict[str, list[float]] = {}
        for receipt, label in known.judged([RECORDED], hidden=hidden):
            found.setdefault(receipt.name, []).append(estimator.probability(label.field, label.source, label.signals))
        return {name: fmean(each) for name, each in found.items()}


BENCHMARK = Benchmark("labels-chosen", "how many labels to ask a teacher for, chosen or at random", inputs, run)
