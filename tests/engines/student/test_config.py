"""Settings of a training run are read loudly."""

import re
from pathlib import Path
from typing import Any

import pytest

from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.config import SETTINGS, StudentConfig

DOCUMENT = Path(__file__).parents[3] / "docs" / "student.md"


def test_what_is_left_out_keeps_its_default() -> None:
    config = StudentConfig.from_json({"epochs": 3, "learning_rate": 1e-4})
    assert (config.epochs, config.learning_rate, config.batch) == (3, 1e-4, StudentConfig().batch)
    assert StudentConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    "given",
    [{"epoch": 3}, {"epochs": "3"}, {"epochs": True}, {"epochs": 2.5}, {"batch": -1}, {"mask": 2}, {"base": 7}],
)
def test_a_wrong_setting_is_one_sentence(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as refusal:
        StudentConfig.from_json(given)
    assert str(refusal.value).endswith(".")
    assert next(iter(given)) in str(refusal.value)


def test_fewer_documents_get_more_rounds() -> None:
    few, some, many, masses = (StudentConfig().resolved(documents) for documents in (8, 40, 360, 5000))
    assert few.epochs > some.epochs > many.epochs >= masses.epochs > 0
    assert 0 < few.batch == some.batch < many.batch == masses.batch
    given = StudentConfig(epochs=2, batch=3)
    assert given.resolved(8) == given.resolved(5000) == given


def test_rows_of_groups_get_more_rounds() -> None:
    flat, rows = (StudentConfig().resolved(360, rows=rows) for rows in (False, True))
    assert rows.epochs > flat.epochs
    assert rows.batch == flat.batch
    assert StudentConfig(epochs=2).resolved(360, rows=True).epochs == 2


def test_few_documents_are_read_more_often_before_labels() -> None:
    assert [StudentConfig().pretraining_epochs(documents) for documents in (8, 299, 300, 5000)] == [24, 24, 6, 6]
    assert [StudentConfig(pretrain=given).pretraining_epochs(8) for given in (0, 3)] == [0, 3]


def test_nothing_to_learn_from_can_be_resolved_too() -> None:
    assert StudentConfig().resolved(0) == StudentConfig().resolved(1)


def test_the_documented_settings_are_those_of_the_code() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| `?([^|`]*)`? \| ([^|]*) \| ([^|]*) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    assert [row[0] for row in rows] == [setting.name for setting in SETTINGS]
    for (name, default, limits, meaning), setting in zip(rows, SETTINGS, strict=True):
        if isinstance(setting.default, str):
            assert (default, limits) == ('""', "text")
            continue
        assert float(default) == setting.default, name
        assert meaning == setting.meaning
        low, high = limits.split("–")
        assert float(low) == setting.low
        assert high == "`window` / 2" if name == "stride" else float(high) == setting.high
