"""A toy corpus that a tiny student can learn: slips of three fields in varying words."""

import fcntl
import os
import pickle
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from extraction.domain.fields import Schema
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, Settings, SettingValue, TrainingResult
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent
from extraction.engines.student import registry
from extraction.engines.student.base import (
    Example,
    TrainingConfig,
    TrainingData,
    UnlabelledCorpus,
)
from tests.support.page_builders import page

SCHEMA = Schema.from_json(
    {
        "name": "Slips",
        "document": "slip",
        "field": [
            {"name": "company", "type": "text"},
            {"name": "date", "type": "date", "format": "iso"},
            {"name": "total", "type": "money"},
            {"name": "payment", "type": "choice", "options": ["cash", "card"]},
            {"name": "items", "type": "group", "fields": [{"name": "description"}]},
        ],
    }
)
FIRST, SECOND = ("Blue", "Old", "Green", "Royal", "Little"), ("Baker", "Harbour", "Garden", "Lion", "Market")


def slip(seed: int, *, filler: int = 0) -> tuple[Page, dict[str, str | None]]:
    """A page and its labels; `filler` lines of other text stand before what is wanted."""
    draw = random.Random(seed)
    company = f"{draw.choice(FIRST)} {draw.choice(SECOND)} Ltd"
    date = f"{draw.randint(13, 28)}/{draw.randint(1, 12):02}/20{draw.randint(10, 25)}"
    total, tip = f"{draw.randint(30, 99)}.{draw.randint(10, 99)}", f"{draw.randint(1, 9)}.{draw.randint(10, 99)}"
    payment = draw.choice(("cash", "card"))
    lines = [f"Shop {company}", f"Date:{date} 10:33", f"Tip    {tip}", f"Total    {total}", f"Paid by {payment}"]
    padding = [f"word and more words on line {number}" for number in range(filler)]
    return page(*padding, *lines), {"company": company, "date": date, "total": total, "payment": payment}


def example(seed: int) -> Example:
    there, labels = slip(seed)
    return Example(f"slip-{seed}", (there,), labels)


EXAMPLES = [example(seed) for seed in range(48)]
SETTINGS: Settings = {
    "base": "tiny",
    "batch": 4,
    "learning_rate": 4e-3,
    "epochs": 14,
    "window": 96,
    "stride": 24,
}


# The result of a training, the points of its curve and the lines of its log.
Trained: TypeAlias = tuple[TrainingResult, list[CurvePoint], list[str]]


class Recorder:
    """An observer that keeps what it is given; `progress` may cancel."""

    def __init__(self, progress: Progress) -> None:
        self.report, self.cancelled = progress.report, progress.cancelled
        self.points: list[CurvePoint] = []
        self.lines: list[str] = []
        self.audits: list[LabelAudit] = []

    def point(self, point: CurvePoint) -> None:
        self.points.append(point)

    def log(self, line: str) -> None:
        self.lines.append(line)

    def label_audit(self, audit: LabelAudit) -> None:
        self.audits.append(audit)


class Until:
    """A progress that asks to stop once `steps` training steps are done."""

    def __init__(self, steps: int) -> None:
        self.steps, self.seen = steps, 0

    def report(self, done: int, total: int, message: str = "") -> None:
        # Each step reports once; what is done is told in hundredths of what will end the run.
        self.seen += message.startswith("Training")

    def cancelled(self) -> bool:
        return self.seen >= self.steps


def learn(
    folder: Path,
    progress: Progress | None = None,
    *,
    schema: Schema = SCHEMA,
    train: Sequence[Example] = EXAMPLES[:36],
    validation: Sequence[Example] = EXAMPLES[36:],
    seed: int = 3,
    minutes: float = 5,
    unlabelled: UnlabelledCorpus | None = None,
    audits: list[LabelAudit] | None = None,
    processes: int = 1,
    **changed: SettingValue,
) -> Trained:
    """Train a tiny student; the result, the points of the curve and the lines of the log.

    `audits` takes the label audits before training, `changed` are settings.
    """
    recorder = Recorder(progress or Silent())
    data = TrainingData(schema, train, validation, "dmy", unlabelled)
    config = TrainingConfig(seed, minutes, 1, {**SETTINGS, **changed}, processes)
    try:
        result = registry.train("layout", data, config, recorder, folder)
    finally:
        if audits is not None:
            audits += recorder.audits
    return result, recorder.points, recorder.lines


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainingResult, list[CurvePoint], list[str]]:
    """One tiny student for all tests that only read it: its folder, the result, the points of the curve and the log."""
    return shared(tmp_path_factory, "tiny-student", learn)


def shared(
    factory: pytest.TempPathFactory, name: str, train: Callable[[Path], Trained]
) -> tuple[Path, TrainingResult, list[CurvePoint], list[str]]:
    """The folder and the result of a training for all processes of one test run: the first one that asks trains, the
    others wait."""
    place = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder, kept = place / name, place / f"{name}.pickle"
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(train(folder)))
    return folder, *pickle.loads(kept.read_bytes())
