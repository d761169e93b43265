"""What a student learns from a teacher's labels alone, on real receipts, against truth."""

import ast
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from importlib import metadata, util
from pathlib import Path
from statistics import fmean
from typing import Any

from extraction.benchmarks import sroie
from extraction.benchmarks.base import Benchmark, Cell, Setting, Table, digest
from extraction.domain.normalize import DayOrder, infer_day_order, same
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress
from extraction.domain.score import Evaluation, evaluate
from extraction.domain.splits import held_out
from extraction.student.config import Example, StudentConfig
from extraction.student.predictor import DESCRIPTION, Predictor

OCR = "rapidocr"
MINUTES = 20.0
UNSURE_WEIGHT = 0.5
CONFIG = StudentConfig()


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        "data": sroie.data_digest(),
        "reader": sroie.reader_digest(OCR),
        "code": code("extraction.student", "extraction.domain"),
        "packages": [metadata.version(package) for package in ("torch", "transformers", "onnxruntime")],
        "config": CONFIG.export(),
        "minutes": MINUTES,
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    dev = examples("dev", "truth", setting, progress)
    learned = examples("train", "teacher", setting, progress)
    where = folder(setting)
    seconds, notes = learn(learned, where, setting, progress)
    predictor = Predictor(where, setting.threads)
    answers = [predictor.predict(example.pages) for example in dev]
    teacher = [_stated(receipt.labels) for receipt in sroie.receipts("dev", "teacher")]
    scores = {"student": _score(dev, answers), "teacher": _score(dev, teacher)}
    learners = sum(not held_out(example.id) for example in learned)
    return [
        Table(
            f"Student taught by {learners} teacher-labelled receipts, on {len(dev)} SROIE dev receipts against truth",
            ("field", "student ANLS", "95 % from", "to", "normalised exact", "teacher ANLS", "normalised exact"),
            tuple(_rows(scores["student"], scores["teacher"])),
            (
                f"Training with calibration and export: {seconds:.0f} s with {setting.threads} threads. {notes}",
                f"Best checkpoint chosen on {len(learned) - learners} held-out teacher-labelled train receipts.",
                f"All fields right: student {scores['student'].all_fields:.2f}, "
                f"teacher {scores['teacher'].all_fields:.2f}.",
            ),
        ),
        Table(
            "How far the student's confidence can be trusted, all fields of the same receipts",
            ("confidence", "answers", "mean confidence", "right (normalised exact)"),
            tuple(_calibration(dev, answers)),
        ),
    ]


def folder(setting: Setting) -> Path:
    """Where the student of these inputs is kept."""
    return setting.folder / "students" / digest({"seed": setting.seed, **inputs(setting)})[:16]


def learn(
    learned: Sequence[Example], where: Path, setting: Setting, progress: Progress, config: StudentConfig = CONFIG
) -> tuple[float, str]:
    """Train as the product does; the seconds it took and why it ended."""
    from extraction.student.training import train

    if (where / DESCRIPTION).is_file():
        shutil.rmtree(where)
    result = train(
        sroie.SCHEMA,
        [example for example in learned if not held_out(example.id)],
        [example for example in learned if held_out(example.id)],
        config,
        where,
        seed=setting.seed,
        minutes=MINUTES,
        threads=setting.threads,
        day_order=_day_order(learned),
        progress=progress,
        on_point=lambda point: None,
        on_log=lambda line: None,
    )
    return result.seconds, result.stopped_because


def examples(part: sroie.Part, source: Any, setting: Setting, progress: Progress) -> list[Example]:
    receipts = sroie.receipts(part, source)
    words = {
        receipt.name: reading.pages
        for receipt, reading in zip(
            sroie.receipts(part), sroie.read(part, OCR, setting.threads, setting.folder, progress), strict=True
        )
    }
    return [
        Example(
            hashlib.sha256(receipt.path.read_bytes()).hexdigest(),
            words[receipt.name],
            receipt.labels,
            field_weights=dict.fromkeys(receipt.unsure, UNSURE_WEIGHT),
        )
        for receipt in receipts
    ]


def _day_order(learned: Sequence[Example]) -> DayOrder:
    return infer_day_order(date for example in learned if (date := example.labels.get("date")))


def _stated(labels: Mapping[str, str | None]) -> dict[str, FieldValue]:
    return {name: FieldValue(value, None) for name, value in labels.items()}


def _score(examples: Sequence[Example], answers: Sequence[Mapping[str, FieldValue]]) -> Evaluation:
    truths = [{name: [value] for name, value in example.labels.items()} for example in examples]
    return evaluate(sroie.SCHEMA, list(zip(truths, answers, strict=True)), day_order=_day_order(examples))


def _rows(student: Evaluation, teacher: Evaluation) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for name, score in student.fields.items():
        other = teacher.fields[name]
        rows.append(
            (name, score.anls, *score.anls_ci95, score.normalized_exact, other.anls, other.normalized_exact),
        )
    exact = [fmean(score.normalized_exact for score in system.fields.values()) for system in (student, teacher)]
    rows.append(("mean", student.mean_anls, *student.mean_anls_ci95, exact[0], teacher.mean_anls, exact[1]))
    return rows


def _calibration(examples: Sequence[Example], answers: Sequence[Mapping[str, FieldValue]]) -> list[tuple[Cell, ...]]:
    order = _day_order(examples)
    held = [
        (answer.confidence or 0.0, same(sroie.SCHEMA[name], answer.value, example.labels[name], day_order=order))
        for example, found in zip(examples, answers, strict=True)
        for name, answer in found.items()
    ]
    rows: list[tuple[Cell, ...]] = []
    for low, high in ((0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        some = [pair for pair in held if low <= pair[0] < high]
        if some:
            mean, right = fmean(pair[0] for pair in some), fmean(float(pair[1]) for pair in some)
            rows.append((f"{low:.0%} to {min(high, 1):.0%}", len(some), mean, right))
    return rows


def code(*packages: str) -> list[str]:
    """The syntax trees of the packages' modules: a comment does not cost twenty minutes of training."""
    roots = [Path(str(spec.origin)).parent for name in packages if (spec := util.find_spec(name))]
    return [digest(ast.dump(ast.parse(path.read_text()))) for root in roots for path in sorted(root.glob("*.py"))]


BENCHMARK = Benchmark("student", "a student taught by a teacher's labels", inputs, run)
