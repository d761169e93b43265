"""A student learns, says how sure it is, and tells what it does."""

import json
import random
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.learning.label_audit import LabelCounts
from extraction.domain.learning.training import CurvePoint, Epochs, StopReason, TrainingResult
from extraction.engines.student.base import Example
from extraction.engines.student.errors import NothingToLearn
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training import augmentation, context, training
from extraction.engines.student.layout.training.trainer import TrainingPlan, fit_weights
from tests.support.page_builders import page
from tests.support.tiny_student import EXAMPLES, SCHEMA, learn, slip

Trained = tuple[Path, TrainingResult, list[CurvePoint], list[str]]


def test_a_tiny_student_learns_a_toy_corpus(trained: Trained) -> None:
    predictor = LayoutPredictor(trained[0])
    right = dict.fromkeys(("company", "date", "total", "payment"), 0)
    for seed in range(100, 120):
        there, labels = slip(seed)
        answers = predictor.predict([there])
        for name in right:
            right[name] += answers[name].value == labels[name]
    assert min(right.values()) >= 15, right


def test_answers_are_verbatim_and_in_the_format_with_place_and_confidence(trained: Trained) -> None:
    there, labels = slip(36)
    answer = LayoutPredictor(trained[0]).predict([there])["date"]
    day, month, year = str(labels["date"]).split("/")
    assert answer.value == labels["date"]
    assert answer.normalized == f"{year}-{month}-{day}"
    assert answer.confidence is not None
    assert 0 < answer.confidence < 1
    assert " ".join(span.text([there]) for span in answer.spans) == answer.value


def test_a_group_without_labels_is_answered_as_not_on_the_document(trained: Trained) -> None:
    answer = LayoutPredictor(trained[0]).predict([slip(1)[0]])["items"]
    assert answer.value is None
    assert answer.rows == ()


def test_a_page_without_words_has_nothing(trained: Trained) -> None:
    for pages in ([], [page()]):
        answers = LayoutPredictor(trained[0]).predict(pages)
        assert all(answer.value is None and answer.spans == () for answer in answers.values())
        assert set(answers) == set(SCHEMA.names)


def bare(seed: int) -> Example:
    """A slip without a date and without a total, though not without an amount."""
    draw = random.Random(seed)
    there = page("Shop Royal Lion Ltd", f"Tip    {draw.randint(1, 9)}.{draw.randint(10, 99)}", f"Thank you {seed}")
    return Example(f"bare-{seed}", (there,), {"date": None, "total": None})


@pytest.mark.slow
def test_what_is_not_on_the_document_is_said_not_to_be_there(tmp_path: Path) -> None:
    train = [*EXAMPLES[:30], *map(bare, range(20))]
    result, _, _ = learn(tmp_path, train=train, validation=[*EXAMPLES[36:], *map(bare, range(20, 26))], epochs=12)
    predictor = LayoutPredictor(tmp_path)
    said = [predictor.predict(bare(seed).pages) for seed in range(30, 40)]
    assert sum(answers["total"].value is None for answers in said) >= 8
    assert sum(answers["date"].value is None for answers in said) >= 8
    assert all(answers["total"].confidence is not None for answers in said)
    assert sum(predictor.predict([slip(seed)[0]])["total"].value is not None for seed in range(100, 110)) >= 8
    # To say so is scored, like any other answer.
    assert result.validation is not None
    assert result.validation.fields["total"].n == 18
    assert result.validation.fields["total"].anls > 0.7
    assert result.label_audit.fields["total"] == LabelCounts(found=30, unfound=0, absent=20)


def test_the_result_says_how_good_and_why_it_stopped(trained: Trained) -> None:
    _, result, points, lines = trained
    assert result.seconds > 0
    assert result.stop.reason is StopReason.COMPLETED
    assert result.stop.sentence == "It had gone through the documents 14 times, as planned."
    assert result.validation is not None
    assert set(result.validation.fields) == {"company", "date", "total", "payment"}
    assert result.validation.mean_anls > 0.7
    assert points[0].loss is not None
    assert points[-1].loss is not None
    assert points[0].loss > points[-1].loss
    assert max(point.anls or 0 for point in points) > 0.7
    assert any("differs from the trained one" in line for line in lines)


def test_the_folder_is_whole(trained: Trained) -> None:
    folder = trained[0]
    files = {"model.onnx", "model.safetensors", "student.json", "tokenizer.json"}
    assert {path.name for path in folder.iterdir()} == {*files, "manifest.json", "training.json"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "layout"
    assert set(manifest["files"]) == files
    assert json.loads((folder / "student.json").read_text("utf-8"))["schema"] == SCHEMA.to_json()


def test_nothing_to_learn_is_said_in_a_sentence(tmp_path: Path) -> None:
    lost = [Example("a", (page("something else"),), {"company": "Nowhere At All Inc"})]
    with pytest.raises(NothingToLearn, match=r"None of the labels was found .*\."):
        learn(tmp_path, train=lost, validation=[])


@pytest.mark.slow
def test_eight_documents_are_enough_to_begin(tmp_path: Path) -> None:
    result, _, _ = learn(tmp_path, train=EXAMPLES[:8], validation=[], epochs=2)
    assert result.validation is not None
    assert result.validation.documents == 1
    assert LayoutPredictor(tmp_path).predict([slip(2)[0]])["company"].confidence is not None


@pytest.mark.slow
def test_few_validation_documents_are_joined_by_training_documents(tmp_path: Path) -> None:
    result, _, _ = learn(tmp_path, train=EXAMPLES[:24], validation=EXAMPLES[24:25], epochs=1)
    assert result.validation is not None
    assert result.validation.documents == 4


def test_a_complete_run_only_tells_its_result(trained: Trained) -> None:
    folder, result, _, _ = trained
    again, points, _ = learn(folder)
    assert again == result
    assert points == []


def evaluations(points: list[CurvePoint]) -> list[float]:
    """The mean ANLS of each evaluation on the validation documents."""
    return [point.anls for point in points if point.anls is not None]


@pytest.mark.slow
def test_the_model_is_what_the_run_ends_with(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same run, told that it gets worse from look to look, writes the same weights."""
    number = count(1)

    def worse_and_worse(model: Student, plan: TrainingPlan, *others: Any) -> Epochs:
        return fit_weights(model, replace(plan, evaluate=lambda student: 1 / next(number)), *others)

    monkeypatch.setattr(training, "fit_weights", worse_and_worse)
    _, points, _ = learn(tmp_path)
    assert evaluations(points) == [1, 1 / 2, 1 / 3]
    assert (tmp_path / "model.safetensors").read_bytes() == (trained[0] / "model.safetensors").read_bytes()


def test_every_held_out_document_judges_the_model_and_calibrates_it(trained: Trained) -> None:
    folder, result, points, _ = trained
    assert result.validation is not None
    assert result.validation.mean_anls == pytest.approx(evaluations(points)[-1])
    # Twelve documents of four fields each.
    assert json.loads((folder / "student.json").read_text("utf-8"))["calibration"]["answers"] == 48


@pytest.mark.slow
def test_variants_are_learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies in the place of variants take the same random draws: only what is printed on them can change the loss."""
    few: dict[str, Any] = {"train": EXAMPLES[:12], "epochs": 2, "mix": 3}
    variants = learn(tmp_path / "variants", **few)[1]
    monkeypatch.setattr(augmentation, "_swapped", lambda example, *_: example)
    copies = learn(tmp_path / "copies", **few)[1]
    assert [point.loss for point in variants] != [point.loss for point in copies]


@pytest.mark.slow
@pytest.mark.parametrize(("most", "left"), [(35, 2), (11, 0)])
def test_many_documents_have_fewer_variants_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, left: int
) -> None:
    """Twelve documents that together may have `most` variants learn as with `left` each."""
    few: dict[str, Any] = {"train": EXAMPLES[:12], "epochs": 2}
    wanted = learn(tmp_path / "wanted", mix=left, **few)[1]
    monkeypatch.setattr(context, "MOST_VARIANTS", most)
    limited = learn(tmp_path / "limited", mix=3, **few)[1]
    assert [point.loss for point in limited] == [point.loss for point in wanted]


@pytest.mark.slow
def test_the_clock_stops_training(tmp_path: Path) -> None:
    result, _, _ = learn(tmp_path, epochs=1000, minutes=0.1)
    assert result.stop.reason is StopReason.TIME_UP
    assert "0.1 minutes were used up" in result.stop.sentence
    assert result.stop.epochs is not None
    assert result.stop.epochs.done < result.stop.epochs.planned == 1000
    assert (tmp_path / "student.json").is_file()


@pytest.mark.slow
def test_the_clock_stops_training_where_nothing_is_evaluated(tmp_path: Path) -> None:
    """Without validation documents, as in all but the first of several processes."""
    result, _, _ = learn(tmp_path, train=EXAMPLES[:6], validation=[], epochs=1000, minutes=0.1)
    assert result.stop.reason is StopReason.TIME_UP
    assert result.validation is None
