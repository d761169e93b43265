"""A toy corpus that a tiny student can learn: slips of three fields in varying words."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent
from extraction.engines.student.layout.config import Example, StudentConfig
from extraction.engines.student.layout.training.training import TrainingResult, train
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
SETTINGS: Mapping[str, Any] = {
    "base": "tiny",
    "batch": 4,
    "learning_rate": 4e-3,
    "epochs": 14,
    "window": 96,
    "stride": 24,
}


def learn(
    folder: Path, progress: Progress | None = None, **changed: Any
) -> tuple[TrainingResult, list[Any], list[str]]:
    """Train a tiny student; the result, the points of the curve and the lines of the log."""
    points: list[Any] = []
    lines: list[str] = []
    given: dict[str, Any] = {"train": EXAMPLES[:36], "validation": EXAMPLES[36:], "seed": 3, "minutes": 5}
    given |= {name: changed.pop(name) for name in list(changed) if name in (*given, "on_account", "pile")}
    result = train(
        SCHEMA,
        config=StudentConfig.from_dict({**SETTINGS, **changed}),
        folder=folder,
        threads=1,
        day_order="dmy",
        progress=progress or Silent(),
        on_point=points.append,
        on_log=lines.append,
        **given,
    )
    return result, points, lines


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, list[Any], list[str]]:
    """One tiny student for all tests that only read it: its folder, the result, the points of the curve and the log."""
    folder = tmp_path_factory.mktemp("student") / "first"
    return folder, *learn(folder)
