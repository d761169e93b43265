"""A student learns the rows of a group beside its flat fields."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from extraction.domain.field_types import UNKNOWN, Conventions
from extraction.domain.line_items.decoding import BEGIN, INSIDE, OUTSIDE
from extraction.domain.line_items.matching import match, wrong_cells
from extraction.domain.line_items.rows import Row, rows_of
from extraction.domain.pages import Page
from extraction.engines.student.base import Example
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.outputs import group_outputs, number_of_outputs
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network import pretrained
from extraction.engines.student.layout.training.row_targets import row_targets
from extraction.engines.student.layout.training.targets import targets
from tests.support.page_builders import page
from tests.support.tiny_tables import ITEMS, SCHEMA, bill


@pytest.fixture(scope="module")
def predictor(tabled: Path) -> LayoutPredictor:
    return LayoutPredictor(tabled)


def answered(predictor: LayoutPredictor, example: Example) -> Sequence[Row]:
    return rows_of(ITEMS, predictor.predict(example.pages)["items"].value) or ()


@pytest.mark.slow
def test_a_tiny_student_learns_rows(predictor: LayoutPredictor) -> None:
    right = total = 0
    for seed in range(100, 120):
        truth = rows_of(ITEMS, bill(seed).labels["items"]) or ()
        answer = answered(predictor, bill(seed))
        pairs = match(ITEMS, truth, answer, UNKNOWN)
        right += sum(not wrong_cells(ITEMS, truth[i], answer[j], UNKNOWN) for i, j in pairs)
        total += len(truth)
    assert right >= 0.8 * total


@pytest.mark.slow
def test_rows_have_places_and_confidence(predictor: LayoutPredictor) -> None:
    example = bill(200)
    answer = predictor.predict(example.pages)["items"]
    assert answer.confidence is not None
    assert answer.rows
    for row in answer.rows:
        assert row.confidence is not None
        assert 0 < row.confidence < 1
        for cell in row.cells.values():
            assert " ".join(span.text(example.pages) for span in cell.spans) == cell.value
            assert cell.confidence is not None
            assert 0 < cell.confidence < 1


@pytest.mark.slow
def test_flat_fields_are_learned_beside_them(predictor: LayoutPredictor) -> None:
    examples = [bill(seed) for seed in range(100, 120)]
    right = sum(predictor.predict(example.pages)["total"].value == example.labels["total"] for example in examples)
    assert right >= 16


# --- targets ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def featurizer() -> Featurizer:
    return Featurizer(pretrained.load_tokenizer("tiny"), 96, 24)


def marked(featurizer: Featurizer, pages: Sequence[Page], label: object) -> dict[str, str]:
    """For each output one character a token: the tag, `-` where the token has no weight."""
    [group] = group_outputs(SCHEMA)
    labels = {} if label is ... else {"items": json.dumps(label)}
    tokens = featurizer.tokens(pages)
    rows = row_targets(group, Example("a", pages, labels), tokens, Conventions())
    names = [*(part.name for part in ITEMS.fields), "rows"]
    shown = np.where(rows.token_weight > 0, np.array([".", "B", "I"])[rows.tags], "-")
    assert (OUTSIDE, BEGIN, INSIDE) == (0, 1, 2)
    return {
        "weight": str(round(rows.weight, 2)),
        **{name: "".join(line) for name, line in zip(names, shown, strict=True)},
    }


def test_cells_and_rows_are_tagged(featurizer: Featurizer) -> None:
    there = [page("2 tea 1.50", "3 ham 4.00")]
    label = [{"article": "tea", "quantity": "2", "amount": "1.50"}, {"article": "ham", "quantity": "3", "amount": None}]
    tags = marked(featurizer, there, label)
    assert tags["quantity"].count("B") == 2
    assert tags["amount"].count("B") == 1
    assert tags["rows"].count("B") == 2
    assert "-" not in "".join(tags[name] for name in ("article", "quantity", "amount", "rows"))
    assert float(tags["weight"]) == 1


def test_a_cell_that_is_not_found_teaches_nothing_in_its_row(featurizer: Featurizer) -> None:
    there = [page("2 tea 1.50", "3 ham 4.00")]
    label = [
        {"article": "tea", "quantity": "7", "amount": "1.50"},
        {"article": "ham", "quantity": "3", "amount": "4.00"},
    ]
    tags = marked(featurizer, there, label)
    assert "-" in tags["quantity"]
    assert "B" in tags["quantity"]
    assert "-" not in tags["article"] + tags["amount"] + tags["rows"]


def test_a_cell_of_which_nothing_is_known_teaches_nothing(featurizer: Featurizer) -> None:
    tags = marked(featurizer, [page("2 tea 1.50")], [{"article": "tea", "amount": "1.50"}])
    assert set(tags["quantity"]) == {"-"}


def test_a_row_that_is_not_found_teaches_nothing_between_its_neighbours(featurizer: Featurizer) -> None:
    there = [page("2 tea 1.50", "xxxx yyyy", "3 ham 4.00", "end")]
    label = [{"article": "tea"}, {"article": "Gorgonzola cheese"}, {"article": "ham"}]
    tags = marked(featurizer, there, label)
    assert "-" in tags["article"]
    assert tags["article"].rstrip(".").endswith(("B", "I"))


def test_no_rows_teach_that_there_are_none(featurizer: Featurizer) -> None:
    tags = marked(featurizer, [page("2 tea 1.50")], [])
    assert float(tags["weight"]) > 0
    assert set(tags["rows"]) == {"."}


@pytest.mark.parametrize("label", [..., [{"article": "Gorgonzola"}, {"article": "Camembert"}, {"article": "tea"}]])
def test_unknown_rows_and_rows_hardly_found_teach_nothing(featurizer: Featurizer, label: object) -> None:
    assert float(marked(featurizer, [page("2 tea 1.50")], label)["weight"]) == 0


def test_groups_do_not_choose_a_place(featurizer: Featurizer) -> None:
    example = bill(1)
    tokens = featurizer.tokens(example.pages)
    result = targets(SCHEMA, example, tokens, Conventions("dmy"))
    assert result.tags.shape == (number_of_outputs(SCHEMA), len(tokens)) == (6, len(tokens))
    assert (result.start_weight > 0).tolist() == [True, True, False, False, False, False]
    assert (result.weight > 0).all()
