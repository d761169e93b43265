"""Whether students learn more where labels weigh by the probability that they are right than where all weigh alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from statistics import fmean
from typing import Any

from benchmarks.base import Benchmark, Cell, Setting, Table, digest
from benchmarks.labels import sources
from benchmarks.labels.sources import FAULTY, RULES, SCHEMA, Labels
from benchmarks.quality import student, training_cache
from benchmarks.quality.student_curve import some
from benchmarks.quality.student_labels import per_document
from benchmarks.quality.training_cache import Answers, CachedTraining
from extraction.domain.evaluation.bootstrap import paired_bootstrap
from extraction.domain.evaluation.similarity import anls
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.label_quality.estimator import Estimator
from extraction.domain.label_quality.weights import training_weight
from extraction.domain.learning.training import Settings
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

TEACHERS = (RULES, FAULTY)
# As in the TAIL paper.
FORMATS = {"date": "yyyymmdd", "total": "plain"}
FORMATTED = {part.name: replace(part, format=FORMATS.get(part.name, part.format)) for part in SCHEMA.fields}
DOCUMENTS, REVIEWED, SEEDS = 200, 50, 3
# Half of what is usual for so many documents, since there are twelve trainings.
CONFIG: Settings = {"epochs": 8}
ALIKE, WEIGHTED = "all alike", "by P(right)"

# A receipt and a field, by their names.
Key = tuple[str, str]


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        **sources.inputs(),
        "foundations": training_cache.foundations(setting),
        "settings": [DOCUMENTS, REVIEWED, SEEDS, dict(CONFIG)],
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    known = lru_cache(partial(labels, setting, progress))
    dev = student.examples("dev", "truth", setting, progress)
    conventions = Conventions(training_cache.day_order(SCHEMA, dev))
    rows: list[tuple[Cell, ...]] = []
    for source in TEACHERS:
        scores, formatted = dict[str, list[list[float]]](), dict[str, float]()
        for way in (ALIKE, WEIGHTED):
            trainings = [
                training(known, source, way, setting.seed + number, setting, progress) for number in range(SEEDS)
            ]
            students = training_cache.trained_students(trainings, setting, progress)
            answers = [trained.answers(dev) for trained in students]
            scores[way] = [per_document(dev, each) for each in answers]
            formatted[way] = fmean(in_formats(dev, each, conventions) for each in answers)
            means = [fmean(score) for score in scores[way]]
            rows.append((source, way, *means, fmean(means), None, None, formatted[way]))
        lead = paired_bootstrap(*(_by_document(scores[way]) for way in (WEIGHTED, ALIKE)), seed=setting.seed)
        rows.append((source, "difference", *[None] * SEEDS, *lead, formatted[WEIGHTED] - formatted[ALIKE]))
    return [
        Table(
            f"Students taught by {DOCUMENTS} receipts with labels of one source, on {len(dev)} SROIE dev receipts"
            " against truth",
            (
                "labels",
                "weights",
                *(f"seed {setting.seed + n}" for n in range(SEEDS)),
                "mean ANLS",
                "95 % from",
                "to",
                "in the paper's formats",
            ),
            tuple(rows),
            (
                f"{CONFIG['epochs']} epochs. Probabilities are fitted on {REVIEWED} others; no label is corrected.",
                "The interval by paired bootstrap over the receipts, of their means over the seeds.",
            ),
        )
    ]


def training(
    known: Callable[[], Labels], source: str, way: str, seed: int, setting: Setting, progress: Progress
) -> CachedTraining:
    """The training on labels of that source; `known` are those of all, asked for only where it is to be done."""
    return CachedTraining(
        f"{DOCUMENTS} labels of {source}, {way}, seed {seed}",
        SCHEMA,
        lambda: examples(known(), source, weighted=way == WEIGHTED),
        seed,
        {**sources.inputs(), "reviewed": REVIEWED},
        CONFIG,
        corpus=lambda: student.examples("train", "teacher", setting, progress),
    )


def _by_document(scores: Sequence[Sequence[float]]) -> list[float]:
    return [fmean(each) for each in zip(*scores, strict=True)]


def examples(known: Labels, source: str, *, weighted: bool) -> list[Example]:
    """`DOCUMENTS` receipts with the labels of that source alone, each with its weight."""
    weights = _weights(known, source) if weighted else {}
    learned = [
        Example(
            digest(receipt.name),
            receipt.pages,
            {name: stated.value for name, stated in receipt.labels[source].items()},
            field_weights={
                name: weight
                for name in receipt.labels[source]
                if (weight := weights.get((receipt.name, name), 1.0)) != 1
            },
        )
        for receipt in known.receipts
    ]
    return some(learned, DOCUMENTS, 0)


def labels(setting: Setting, progress: Progress) -> Labels:
    """The train receipts with the labels of each source, one of which is often wrong."""
    return sources.with_errors(sources.labels("train", setting, progress), setting.seed)


def _weights(known: Labels, source: str) -> dict[Key, float]:
    """As a project gives them that has the labels of this source alone, and people's judgement of `REVIEWED` receipts
    that are not learned from."""
    order = sorted((receipt.name for receipt in known.receipts), key=lambda name: digest([0, digest(name)]))
    reviewed = set(order[DOCUMENTS : DOCUMENTS + REVIEWED])
    hidden = [other for other in known.receipts[0].labels if other != source]
    judged = [(receipt.name, label) for receipt, label in known.judged([source], hidden=hidden)]
    estimator = Estimator.fit([label for name, label in judged if name in reviewed])
    return {
        (name, label.field): training_weight(estimator.probability(label.field, label.source, label.signals))
        for name, label in judged
    }


def in_formats(examples: Sequence[Example], answers: Answers, conventions: Conventions) -> float:
    """Mean ANLS with dates as `yyyymmdd` and plain amounts on both sides; as printed where one cannot be read."""

    def written(name: str, value: str | None) -> str | None:
        return None if value is None else normalize(FORMATTED[name], value, conventions=conventions) or value

    return fmean(
        fmean(anls(written(name, value), written(name, fields[name].value)) for name, value in example.labels.items())
        for example, fields in zip(examples, answers, strict=True)
    )


BENCHMARK = Benchmark("labels-training", "labels that weigh by their probability against all alike", inputs, run)
