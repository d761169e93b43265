"""Whether guarantees hold: checked answers are drawn from those of a student, the errors counted among all of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.labels import choosing, sources
from benchmarks.labels.sources import SCHEMA
from benchmarks.quality import student, training_cache
from benchmarks.quality.confidence import judged
from extraction.domain.evaluation.guarantees import CheckedAnswer, guarantee
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example

# Labels that the student learned from; receipts whose answers are checked in a draw, and draws.
LABELS, CHECKED, DRAWS = 80, 200, 200
TARGETS = (0.02, 0.05, 0.1)


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        **sources.inputs(),
        "foundations": training_cache.foundations(setting),
        "settings": [LABELS, CHECKED, DRAWS, TARGETS],
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    project = choosing.Project(setting.seed, setting, progress)
    trained = project.at_random(LABELS)
    learned = {example.id for example in project.drawn(LABELS)}
    receipts = [
        example
        for part in ("train", "dev")
        for example in student.examples(part, "truth", setting, progress)
        if example.id not in learned
    ]
    answers = trained.answers(receipts)
    truths = judged(SCHEMA, receipts, [answers])
    others = judged(SCHEMA, _by_teacher(receipts, setting, progress), [answers])
    rows: list[tuple[Cell, ...]] = []
    for name in SCHEMA.names:
        everything = [
            CheckedAnswer(truth.confidence, truth.agrees, other.same)
            for truth, other in zip(truths, others, strict=True)
            if truth.name == name
        ]
        for target in TARGETS:
            rows.append((name, target, "the student", *_figures(everything, target, setting.seed)))
            rows.append((name, target, "both", *_figures(everything, target, setting.seed, agreed=True)))
    return [
        Table(
            f"Guarantees by {CHECKED} checked receipts, {DRAWS} draws of {len(receipts)} that the student did not see",
            ("field", "allowed", "who says so", "held", "accepted unseen", "wrong of these", "allowed exceeded"),
            tuple(rows),
            (
                "Held: in this share of the draws there is a threshold. Accepted and wrong: of all receipts, means.",
                "Exceeded: in this share of all draws more than allowed is wrong; a tenth is promised.",
                "Both: among the answers with which the recorded teacher agrees, as if it had read all receipts.",
            ),
        )
    ]


def _by_teacher(receipts: Sequence[Example], setting: Setting, progress: Progress) -> list[Example]:
    """The receipts with the recorded teacher's labels for the fields of the truth; `None` where it gave none."""
    given = {
        example.id: example.labels
        for part in ("train", "dev")
        for example in student.examples(part, "teacher", setting, progress)
    }
    return [
        replace(receipt, labels={name: given.get(receipt.id, {}).get(name) for name in receipt.labels})
        for receipt in receipts
    ]


def _figures(
    everything: Sequence[CheckedAnswer], target: float, seed: int, *, agreed: bool = False
) -> tuple[Cell, ...]:
    """Share of draws with a threshold, share accepted and share of these wrong, share of draws over the target.

    `agreed`: only the answers count with which the teacher agrees.
    """
    draw, accepted, wrong = random.Random(seed), [], []
    for _ in range(DRAWS):
        checked = draw.choices(everything, k=CHECKED)
        found = guarantee([answer for answer in checked if answer.agreed or not agreed], target)
        passed = [answer for answer in everything if found.accepts(answer.confidence) and (answer.agreed or not agreed)]
        if passed:
            accepted.append(len(passed) / len(everything))
            wrong.append(fmean(not answer.right for answer in passed))
    exceeded = sum(share > target for share in wrong)
    means = (fmean(accepted), fmean(wrong)) if accepted else (None, None)
    return len(accepted) / DRAWS, *means, exceeded / DRAWS


BENCHMARK = Benchmark("guarantees", "whether answers that are accepted unseen are as right as promised", inputs, run)
