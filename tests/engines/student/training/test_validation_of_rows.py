"""What a training says of the rows that its student reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction.domain.fields import Schema
from extraction.engines.student.base import Example
from tests.support.page_builders import page
from tests.support.tiny_student import SCHEMA, learn, slip

GROUP_ALONE = Schema("Slips", "slip", (SCHEMA["items"],))


def example(seed: int, schema: Schema) -> Example:
    """A slip with two rows."""
    _, labels = slip(seed)
    there = page(f"Shop {labels['company']}", "coffee 3.50", "tea 4.50", f"Total {labels['total']}")
    rows = json.dumps([{"description": "coffee"}, {"description": "tea"}])
    known = {name: value for name, value in {**labels, "items": rows}.items() if name in schema}
    return Example(f"slip-{seed}", (there,), known)


@pytest.mark.parametrize("schema", [GROUP_ALONE, pytest.param(SCHEMA, marks=pytest.mark.slow)], ids=["alone", "beside"])
def test_rows_are_validated(tmp_path: Path, schema: Schema) -> None:
    examples = [example(seed, schema) for seed in range(16)]
    result, points, _ = learn(tmp_path, schema=schema, train=examples[:12], validation=examples[12:], epochs=2)
    assert result.validation is not None
    items = result.validation.groups["items"]
    assert items.n == result.validation.documents >= 4
    assert items.cell_f1.value > 0.5
    assert "items" not in result.validation.fields
    assert points[-1].anls is not None
    # The curve is of what can be measured: of rows where there is nothing else.
    assert (points[-1].anls > 0.5) is (schema is GROUP_ALONE or result.validation.mean_anls > 0.5)
