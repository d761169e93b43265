"""Trainings that benchmarks measure. Each is kept, so that a stopped benchmark goes on where it was."""

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
from extraction.domain.field_types import DayOrder
from extraction.domain.field_types.readers.dates import infer_day_order
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

MINUTES = 20.0
CONFIG: Settings = {}  # the defaults
PRETRAINED = "pretrained"

Answers = Sequence[Mapping[str, FieldValue]]


@dataclass(frozen=True)
class Course:
    """A training: what it learns from (`examples`, read only when they are needed), as which fields, by which seed.

    `about` tells it from the other courses of its benchmark, in words and in the name of its folder. `pile` are the
    documents of its project, labelled or not, where they are more than the examples; courses over the same pile share
    what was read, as runs of a project do.
    """

    about: str
    schema: Schema
    examples: Callable[[], Sequence[Example]]
    seed: int
    inputs: Mapping[str, Any]
    config: Settings = field(default_factory=dict)
    pile: Callable[[], Sequence[Example]] | None = None

    def folder(self, setting: Setting) -> Path:
        """Where the student of this course is kept."""
        course = [self.about, self.schema.to_json(), self.seed, dict(self.config), setting.threads, self.inputs]
        return setting.folder / "students" / digest([course, foundations()])[:16]

    def done(self, setting: Setting) -> float | None:
        """The seconds it took, where it is complete."""
        result = model_folder.read_result(self.folder(setting))
        return result.seconds if result else None


@dataclass(frozen=True)
class Taught:
    """A trained student: its predictor, how long its training took, and why that ended."""

    predictor: Predictor
    seconds: float
    because: str

    def answers(self, examples: Sequence[Example]) -> Answers:
        return [self.predictor.predict(example.pages) for example in examples]


def foundations() -> dict[str, Any]:
    """What every training depends on, beside its data and settings."""
    return {
        "code": code("extraction.engines.student", "extraction.domain"),
        "packages": [metadata.version(package) for package in ("torch", "transformers", "onnxruntime")],
        "minutes": MINUTES,
    }


def code(*packages: str) -> list[str]:
    """The syntax trees of all modules below the packages: a comment does not cost twenty minutes of training."""
    roots = [Path(str(spec.origin)).parent for name in packages if (spec := util.find_spec(name))]
    return [digest(ast.dump(ast.parse(path.read_text()))) for root in roots for path in sorted(root.rglob("*.py"))]


def taught(courses: Sequence[Course], setting: Setting, progress: Progress) -> list[Taught]:
    """The students of all courses; those that are kept are not trained again, save where `setting.fresh`."""
    if setting.fresh:
        for course in courses:
            shutil.rmtree(course.folder(setting), ignore_errors=True)
    progress.report(0, len(courses), plan(courses, setting))
    return [_taught(course, setting, progress) for course in courses]


def plan(courses: Sequence[Course], setting: Setting) -> str:
    """A sentence that says how many trainings are still to do and how long that takes."""
    seconds = [course.done(setting) for course in courses]
    spent = [second for second in seconds if second is not None]
    left = len(courses) - len(spent)
    if not left:
        return "No training is to do: what is needed is kept from earlier."
    each, about = (fmean(spent) / 60, "about") if spent else (MINUTES, "at most")
    todo = f"{left} of {len(courses)} trainings are still to do"
    return f"{todo}, {about} {each:.0f} minutes each and {left * each:.0f} in all."


def _taught(course: Course, setting: Setting, progress: Progress) -> Taught:
    where = course.folder(setting)
    if course.done(setting) is None:
        examples = course.examples()
        documents = course.pile() if course.pile else examples
        own = where / PRETRAINED
        kept = setting.folder / PRETRAINED if course.pile else own
        learn(course.schema, examples, where, course.seed, setting, progress, course.config, documents, kept)
        shutil.rmtree(own, ignore_errors=True)
    result = model_folder.read_result(where)
    if result is None:
        raise FileNotFoundError(where / model_folder.RESULT)
    return Taught(registry.load(where, setting.threads), result.seconds, result.stop.sentence)


def learn(
    schema: Schema,
    examples: Sequence[Example],
    where: Path,
    seed: int,
    setting: Setting,
    progress: Progress,
    config: Settings = CONFIG,
    pile: Sequence[Example] = (),
    pretrained: Path | None = None,
) -> None:
    """Train as the product does where a project has no validation part: a tenth by hash is held out.

    What is read of the `pile` before is kept in the folder `pretrained`, see `base.UnlabelledCorpus`.
    """
    documents = [example.pages for example in sorted(pile, key=lambda example: example.id)]
    data = TrainingData(
        schema,
        train=[example for example in examples if not held_out(example.id)],
        validation=[example for example in examples if held_out(example.id)],
        day_order=day_order(schema, examples),
        unlabelled=UnlabelledCorpus(documents, pretrained or where / PRETRAINED),
    )
    training = TrainingConfig(seed, MINUTES, setting.threads, config)
    registry.train(registry.DEFAULT, data, training, _Observer(progress), where)


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
    return evaluate(schema, list(zip(truths, answers, strict=True)), day_order=day_order(schema, examples))


def stated(labels: Mapping[str, str | None]) -> dict[str, FieldValue]:
    """A teacher's labels as answers."""
    return {name: FieldValue(value, None) for name, value in labels.items()}
