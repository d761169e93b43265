"""Which receipts to label next: how many others have a company or a layout that is then among the labelled ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

import numpy as np

from benchmarks import sroie
from benchmarks.base import Benchmark, Setting, Table
from benchmarks.quality import student, training_cache
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.label_quality.layouts import ALIKE, Layout, Matrix, matrix
from extraction.domain.label_quality.selection import Candidate, choose
from extraction.domain.progress import Progress

COUNTS = (25, 50, 100, 200)
DRAWS = 10

# Numbers of so many receipts to label.
Order = Callable[[int], Sequence[int]]


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {**student.data(), "selection": training_cache.code("extraction.domain.label_quality")}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    """Train and dev together, dealt anew for each draw: which of them are to label, and which are the others."""
    companies, layouts = [], list[Layout]()
    for part in ("train", "dev"):
        for document, reading in zip(
            sroie.CORPUS.documents(part), sroie.CORPUS.read(part, student.OCR, setting, progress), strict=True
        ):
            companies.append(letters(document.labels.get("company") or ""))
            layouts.append(Layout.of(reading.pages[0]))
    share = len(sroie.CORPUS.documents("train"))
    found = [_draw(companies, layouts, share, f"{setting.seed} {number}") for number in range(DRAWS)]
    rows = [(name, *np.mean([each[name] for each in found], axis=0).tolist()) for name in found[0]]
    return [
        Table(
            f"Share of {len(companies) - share} SROIE receipts with a company, or a layout, of the labelled ones",
            ("chosen", *(f"company, {count}" for count in COUNTS), *(f"layout, {count}" for count in COUNTS)),
            tuple(rows),
            (
                f"Means of {DRAWS} draws. Nothing is labelled before and no student there: only words and places tell.",
                "Unlike: always the receipt that is least like those taken before.",
            ),
        )
    ]


def _draw(companies: Sequence[str], layouts: Sequence[Layout], share: int, seed: str) -> Mapping[str, list[float]]:
    """By policy what share of the other receipts is covered."""
    dealt = random.Random(seed).sample(range(len(companies)), len(companies))
    offered, others = dealt[:share], dealt[share:]
    vectors = matrix(layouts[number].vector for number in dealt)
    candidates = [
        Candidate(at, layouts[number].vector, layouts[number].legibility) for at, number in enumerate(offered)
    ]
    orders: Mapping[str, Order] = {
        "at random": range,
        "unlike": lambda count: _unlike(vectors[:share], count),
        "those that teach most": lambda count: [pick.document for pick in choose(candidates, [], count, seed)],
    }
    found = {}
    for name, order in orders.items():
        taken = [list(order(count)) for count in COUNTS]
        names = [
            _of_company({companies[offered[at]] for at in each}, [companies[at] for at in others]) for each in taken
        ]
        found[name] = [*names, *(_of_layout(vectors[each], vectors[share:]) for each in taken)]
    return found


def _of_company(known: Set[str], others: Sequence[str]) -> float:
    return sum(company in known for company in others) / len(others)


def _of_layout(labelled: Matrix, others: Matrix) -> float:
    return float((np.max(others @ labelled.T, axis=1) >= ALIKE).mean())


def _unlike(vectors: Matrix, count: int) -> list[int]:
    """Farthest first (k-center greedy), from the first on."""
    taken, closest = [0], vectors @ vectors[0]
    while len(taken) < count:
        taken.append(int(np.argmin(closest)))
        closest = np.maximum(closest, vectors @ vectors[taken[-1]])
    return taken


BENCHMARK = Benchmark("labels-next", "which receipts to label next", inputs, run)
