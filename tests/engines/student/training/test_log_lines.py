"""The lines of a training's log can be told in the reader's language: each is a sentence of the catalogue."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from django.utils.translation import override

from extraction.domain.errors import filled
from extraction.domain.learning.training import CurvePoint, TrainingResult
from extraction.engines.student import checkpoints
from extraction.engines.student.layout.inference import description
from extraction.engines.student.layout.training import pretraining, trainer, training
from extraction.services.sentences import translated

MODULES = (checkpoints, description, pretraining, trainer, training)
PLACE = re.compile(r"\{(\w+)\}")


def sentences() -> list[str]:
    """The marked sentences of the modules that write lines."""
    return [
        text
        for module in MODULES
        for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str) and f"{name} = gettext_noop(" in inspect.getsource(module)
    ]


@pytest.mark.parametrize("sentence", sentences())
def test_a_line_is_told_in_german_with_its_figures(sentence: str) -> None:
    values = {name: f"{7 + at}.25" for at, name in enumerate(PLACE.findall(sentence))}
    with override("de"):
        told = translated(filled(sentence, **values))
    assert told != filled(sentence, **values)
    assert all(value in told or value.replace(".", ",") in told for value in values.values())
    assert not PLACE.search(told)


@pytest.mark.slow
def test_every_line_of_a_training_is_one_of_them(
    trained: tuple[Path, TrainingResult, list[CurvePoint], list[str]],
) -> None:
    with override("de"):
        assert [line for line in trained[3] if translated(line) == line] == []
