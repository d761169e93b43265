"""A toy corpus with rows, and a tiny student that learned them beside flat fields."""

import json
import random
from pathlib import Path

import pytest

from extraction.domain.fields import Schema
from extraction.domain.line_items.rows import Row
from extraction.engines.student.base import Example
from tests.support.page_builders import page
from tests.support.tiny_student import Trained, learn, shared

SCHEMA = Schema.from_json(
    {
        "name": "Bills",
        "document": "bill",
        "field": [
            {"name": "date", "type": "date"},
            {"name": "total", "type": "money"},
            {
                "name": "items",
                "type": "group",
                "fields": [
                    {"name": "article"},
                    {"name": "quantity", "type": "number"},
                    {"name": "amount", "type": "money"},
                ],
            },
        ],
    }
)
ITEMS = SCHEMA["items"]
ARTICLES = ("Tea", "Green Tea", "Milk", "Brown Bread", "Ham", "Soap", "Blue Pen", "Paper")


def printed(seed: int) -> tuple[list[str], dict[str, str | None]]:
    """The lines of a bill and its labels."""
    draw = random.Random(seed)
    rows: list[Row] = []
    lines: list[str] = []
    for _ in range(draw.randint(1, 4)):
        article, quantity = draw.choice(ARTICLES), draw.randint(1, 9)
        amount = f"{draw.randint(1, 9)}.{draw.randint(10, 99)}"
        rows.append({"article": article, "quantity": str(quantity), "amount": amount})
        lines.append(f"{quantity} {article}    {amount}")
    total = f"{draw.randint(30, 99)}.{draw.randint(10, 99)}"
    date = f"{draw.randint(13, 28)}/{draw.randint(1, 12):02}/2024"
    whole = ["Shop", f"Date {date}", *lines, f"Total    {total}", "Thank you"]
    return whole, {"date": date, "total": total, "items": json.dumps(rows)}


def bill(seed: int) -> Example:
    lines, labels = printed(seed)
    return Example(f"bill-{seed}", (page(*lines),), labels)


def learn_rows(folder: Path) -> Trained:
    examples = [bill(seed) for seed in range(60)]
    return learn(folder, train=examples[:48], validation=examples[48:], schema=SCHEMA, epochs=24)


@pytest.fixture(scope="session")
def tabled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny student that learned rows, for all tests that only read it."""
    return shared(tmp_path_factory, "tiny-tables", learn_rows)[0]
