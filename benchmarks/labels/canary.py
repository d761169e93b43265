"""How many documents a canary compares until it ends, and how often it ends wrongly: simulated canaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.base import Benchmark, Cell, Setting, Table
from extraction.domain.evaluation.bootstrap import Floats
from extraction.domain.evaluation.sequences import RISK, STAKES, refuted_after
from extraction.domain.progress import Progress

CANARIES, DOCUMENTS = 300, 20_000
# In documents that differ one field of four does.
STEP = 0.25
SHARES = (0.05, 0.1, 0.2)
# The lead of the candidate, and the margin; without one what is waited for is that it is worse.
CASES = ((0.0, 0.01), (0.0, 0.02), (0.01, 0.01), (-0.01, None))


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {"settings": [CANARIES, DOCUMENTS, STEP, SHARES, CASES], "stakes": STAKES.tolist(), "risk": RISK}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    agreed = np.zeros(DOCUMENTS)
    rows: list[tuple[Cell, ...]] = [
        (0.0, 0.0, margin, after, after, None) for margin in (0.01, 0.02) if (after := refuted_after(agreed, -margin))
    ]
    total = len(SHARES) * len(CASES)
    for done, (share, (lead, margin)) in enumerate((share, case) for share in SHARES for case in CASES):
        progress.report(done, total)
        rows.append((share, lead, margin, *_figures(share, lead, margin, np.random.default_rng(setting.seed))))
    progress.report(total, total)
    return [
        Table(
            f"Documents until a canary ends, of {CANARIES} simulated ones",
            ("differs", "lead", "margin", "half after", "nine of ten after", "wrong"),
            tuple(rows),
            (
                f"In documents that differ, one field of four does, to either side; {DOCUMENTS} documents at most.",
                "Without a margin: until the candidate is surely worse, else until it is surely not worse by it.",
                "Wrong: this share of equal candidates was at any time called surely worse.",
            ),
        )
    ]


def _figures(share: float, lead: float, margin: float | None, draw: np.random.Generator) -> tuple[Cell, ...]:
    """The numbers of documents, and the share of wrong ends."""
    ends, wrong = [], 0
    for _ in range(CANARIES):
        leads = _leads(share, lead, draw)
        after = refuted_after(-leads, 0.0) if margin is None else refuted_after(leads, -margin)
        ends.append(DOCUMENTS if after is None else after)
        wrong += lead == 0 and refuted_after(-leads, 0.0) is not None
    half, most = np.percentile(ends, [50, 90])
    return int(half), int(most), wrong / CANARIES if lead == 0 else None


def _leads(share: float, lead: float, draw: np.random.Generator) -> Floats:
    """Of the candidate, a document each."""
    differs, better = draw.random(DOCUMENTS) < share, draw.random(DOCUMENTS) < 0.5 + lead / (2 * share * STEP)
    return np.where(differs, np.where(better, STEP, -STEP), 0.0)


BENCHMARK = Benchmark("canary", "how many documents a canary compares, and how often it ends wrongly", inputs, run)
