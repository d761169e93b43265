"""Cache of the trainings that benchmarks measure: a stopped benchmark continues with those that it completed."""

from __future__ import annotations

import ast
import datetime
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.base import Setting, digest
from extraction.domain.alignment import printed_day_order
from extraction.domain.evaluation.scoring import Evaluation, evaluate
from extraction.domain.field_types import Conventions, DayOrder
from extraction.domain.field_types.readers.day_orders import infer_day_order
from extraction.domain.fields import Schema
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.splits import held_out
from extraction.domain.learning.training import CurvePoint, Settings
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress
from extraction.engines.student import model_folder, registry
from extraction.engines.student.base import (
    Example,
    Predictor,
    TrainingConfig,
    TrainingData,
    UnlabelledCorpus,
)

CONFIG: Settings = {}  # the defaults
PRETRAINED = "pretrained"

Answers = Sequence[Mapping[str, FieldValue]]


@dataclass(frozen=True)
class CachedTraining:
    """A training whose student is kept: its examples (read only when they are needed), their fields, the seed.

    `about` tells it from the other trainings of its benchmark, in words and in the name of its folder. `inputs` are the
    JSON values that the examples depend on. `corpus` are the documents of its project, labelled or not, where they are
    more than the examples; trainings over the same corpus share the pre-trained encoder, as runs of a project do.
    """

    about: str
    schema: Schema
    examples: Callable[[], Sequence[Example]]
    seed: int
    inputs: Mapping[str, Any]
    config: Settings = field(default_factory=dict)
    corpus: Callable[[], Sequence[Example]] | None = None

    def folder(self, setting: Setting) -> Path:
        """The folder of the student."""
        inputs = [self.about, self.schema.to_json(), self.seed, dict(self.config), setting.threads, self.inputs]
        return setting.folder / "students" / digest([inputs, foundations(setting)])[:16]

    def seconds(self, setting: Setting) -> float | None:
        """The seconds that it took; `None` where it is not complete."""
        result = model_folder.read_result(self.folder(setting))
        return result.seconds if result else None


@dataclass(frozen=True)
class TrainedStudent:
    """A trained student: its predictor, the seconds of its training, and a sentence on why that ended."""

    predictor: Predictor
    seconds: float
    stop: str

    def answers(self, examples: Sequence[Example]) -> Answers:
        return [self.predictor.predict(example.pages) for example in examples]


def foundations(setting: Setting) -> dict[str, Any]:
    """JSON values that every training depends on, beside its data and settings."""
    return {
        "code": code("extraction.engines.student", "extraction.domain"),
        "packages": [metadata.version(package) for package in ("torch", "transformers", "onnxruntime")],
        "minutes": setting.minutes,
    }


def config_for(languages: Sequence[str]) -> Settings:
    """The default settings of a project whose documents are in these languages."""
    return {**CONFIG, "base": registry.find(registry.DEFAULT).usual_base(languages)}


def code(*packages: str) -> list[str]:
    """The syntax trees of all modules below the packages: a comment does not cost twenty minutes of training."""
    roots = [Path(str(spec.origin)).parent for name in packages if (spec := util.find_spec(name))]
    return [digest(ast.dump(ast.parse(path.read_text()))) for root in roots for path in sorted(root.rglob("*.py"))]


def trained_students(trainings: Sequence[CachedTraining], setting: Setting, progress: Progress) -> list[TrainedStudent]:
    """The students of all trainings; those that are kept are not trained again, save where `setting.fresh`."""
    if setting.fresh:
        for training in trainings:
            shutil.rmtree(training.folder(setting), ignore_errors=True)
    progress.report(0, len(trainings), plan(trainings, setting))
    return [_trained_student(training, setting, progress) for training in trainings]


def plan(trainings: Sequence[CachedTraining], setting: Setting) -> str:
    """A sentence that says how many trainings are still to do and how long that takes."""
    spent = [seconds for training in trainings if (seconds := training.seconds(setting)) is not None]
    left = len(trainings) - len(spent)
    if not left:
        return "No training is to do: what is needed is kept from earlier."
    each, about = (fmean(spent) / 60, "about") if spent else (setting.minutes, "at most")
    todo = f"{left} of {len(trainings)} trainings are still to do"
    return f"{todo}, {about} {each:.0f} minutes each and {left * each:.0f} in all."


def _trained_student(training: CachedTraining, setting: Setting, progress: Progress) -> TrainedStudent:
    folder = training.folder(setting)
    if training.seconds(setting) is None:
        examples = training.examples()
        corpus = training.corpus() if training.corpus else examples
        own = folder / PRETRAINED
        pretrained = setting.folder / PRETRAINED if training.corpus else own
        train_student(
            training.schema, examples, folder, training.seed, setting, progress, training.config, corpus, pretrained
        )
        shutil.rmtree(own, ignore_errors=True)
    result = model_folder.read_result(folder)
    if result is None:
        raise FileNotFoundError(folder / model_folder.RESULT)
    return TrainedStudent(registry.load(folder, setting.threads), result.seconds, result.stop.sentence)


def train_student(
    schema: Schema,
    examples: Sequence[Example],
    folder: Path,
    seed: int,
    setting: Setting,
    progress: Progress,
    config: Settings = CONFIG,
    corpus: Sequence[Example] = (),
    pretrained: Path | None = None,
) -> None:
    """Train as the product does where a project has no validation part: a tenth by hash is held out.

    The encoder that is pre-trained on `corpus` is kept in the folder `pretrained`, see `base.UnlabelledCorpus`.
    """
    documents = [example.pages for example in sorted(corpus, key=lambda example: example.id)]
    data = TrainingData(
        schema,
        train=[example for example in examples if not held_out(example.id)],
        validation=[example for example in examples if held_out(example.id)],
        day_order=day_order(schema, examples),
        unlabelled=UnlabelledCorpus(documents, pretrained or folder / PRETRAINED),
    )
    training = TrainingConfig(seed, setting.minutes, setting.threads, config)
    registry.train(registry.DEFAULT, data, training, _Observer(progress), folder)


@dataclass(frozen=True)
class _Observer:
    """Passes on progress alone."""

    progress: Progress

    def report(self, done: int, total: int, message: str = "") -> None:
        self.progress.report(done, total, message)

    def cancelled(self) -> bool:
        return self.progress.cancelled()

    def point(self, point: CurvePoint) -> None:
        pass

    def log(self, line: str) -> None:
        pass

    def label_audit(self, audit: LabelAudit) -> None:
        pass


def day_order(schema: Schema, examples: Sequence[Example]) -> DayOrder:
    """As the documents' own labels show it, or what is printed where these say which day is meant."""
    names = [part.name for part in schema.fields if part.kind.uses_day_order]
    dates = [(date, example.pages) for example in examples for name in names if (date := example.labels.get(name))]
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return infer_day_order(date for date, _ in dates) or printed_day_order(dates, today=today)


def score(schema: Schema, examples: Sequence[Example], answers: Answers) -> Evaluation:
    """`answers` against the labels of `examples`."""
    truths = [{name: [value] for name, value in example.labels.items()} for example in examples]
    return evaluate(
        schema, list(zip(truths, answers, strict=True)), conventions=Conventions(day_order(schema, examples))
    )


def as_answers(labels: Mapping[str, str | None]) -> dict[str, FieldValue]:
    """A teacher's labels as answers."""
    return {name: FieldValue(value, None) for name, value in labels.items()}
