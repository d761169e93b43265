"""Training a student: from labelled documents to a folder that serves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from transformers import set_seed

from extraction.domain.field_types import DayOrder, agree
from extraction.domain.fields import Schema
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.domain.scoring import evaluate
from extraction.engines.student.layout.config import Example, NothingToLearn, StudentConfig
from extraction.engines.student.layout.inference.calibration import Calibration, fit
from extraction.engines.student.layout.inference.featurizer import Encoder
from extraction.engines.student.layout.inference.lexicon import Spellings
from extraction.engines.student.layout.inference.postprocessing import (
    Answer,
    Document,
    answers,
    chosen,
    pointed,
    values,
)
from extraction.engines.student.layout.inference.predictor import Predictor
from extraction.engines.student.layout.network import export, quantization
from extraction.engines.student.layout.network.model import Student, build, load_tokenizer, positions
from extraction.engines.student.layout.training.augmentation import mixed
from extraction.engines.student.layout.training.faults import CHECKPOINTS
from extraction.engines.student.layout.training.label_audit import Ledger
from extraction.engines.student.layout.training.pacing import Clock
from extraction.engines.student.layout.training.pretraining import Pile, pretrain
from extraction.engines.student.layout.training.samples import Lesson, Windows, scores
from extraction.engines.student.layout.training.targets import targets
from extraction.engines.student.layout.training.trainer import Rounds, fit_weights

RESULT = "training.json"  # written last: a folder that has it is complete
# With fewer validation documents than this, training documents become some, but at most one in so many.
FEWEST_TO_JUDGE, BORROWED = 10, 8
MOST_VARIANTS = 6000  # of all documents together: each takes some 60 kB of memory


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """`validation` is `Evaluation.to_json()` over the validation documents, empty where there are none; `account`
    is `distrust.Ledger.export()` with `epochs`, as `rounds.Epochs` has them."""

    seconds: float
    stopped_because: str
    validation: dict[str, Any]
    account: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Course:
    """What stays the same throughout a run."""

    schema: Schema
    config: StudentConfig
    day_order: DayOrder
    encoder: Encoder
    spellings: Spellings

    def document(self, example: Example) -> Document:
        tokens = self.encoder.tokens(example.pages)
        return Document(example.pages, tokens, self.encoder.windows(tokens))

    def answers(self, model: Student, document: Document) -> dict[str, Answer]:
        tags, options = scores(model, self.encoder, document)
        return answers(self.schema, document, tags, options, self.day_order, self.spellings)

    def score(self, examples: Sequence[Example], found: Sequence[Mapping[str, FieldValue]]) -> dict[str, Any]:
        """`scoring.Evaluation.to_json()` of answers against the examples' labels."""
        truths = [{name: [value] for name, value in example.labels.items()} for example in examples]
        return evaluate(self.schema, list(zip(truths, found, strict=True)), day_order=self.day_order).to_json()

    def lessons(self, train: Sequence[Example], seed: int, ledger: Ledger, progress: Progress) -> list[Lesson]:
        """What each document teaches, entered into the ledger too, and variants of it."""
        copies = min(self.config.mix, MOST_VARIANTS // max(len(train), 1))
        variants = mixed(self.schema, train, self.day_order, copies, seed, progress)
        lessons = []
        for number, (example, others) in enumerate(zip(train, variants, strict=True), 1):
            check(progress)
            progress.report(0, len(train), f"Finding the labels on document {number} of {len(train)}")
            lesson = self.lesson(example)
            ledger.learn(example, lesson.targets, words=bool(lesson.document.windows))
            windows = len(lesson.document.windows)
            alike = [made for made in map(self.lesson, others) if len(made.document.windows) == windows]
            lessons.append(replace(lesson, variants=alike))
        return lessons

    def lesson(self, example: Example) -> Lesson:
        document = self.document(example)
        return Lesson(document, targets(self.schema, example, document.tokens, self.day_order))

    def rounds(self, lessons: Sequence[Lesson], validation: Sequence[Example]) -> Rounds:
        config = self.config.settled(len(lessons))
        judge = self.judge(validation) if validation else None
        return Rounds(Windows(lessons, self.encoder, config, augment=True), config, judge)

    def judge(self, examples: Sequence[Example]) -> Callable[[Student], float]:
        """Mean ANLS of a student over `examples`."""
        documents = [self.document(example) for example in examples]

        def mean_anls(model: Student) -> float:
            found = [values(self.answers(model, document)) for document in documents]
            return float(self.score(examples, found)["mean_anls"])

        return mean_anls

    def calibration(self, model: Student, examples: Sequence[Example]) -> Calibration:
        return fit(
            [
                (name, answer.signals, self._right(name, answer, example))
                for example in examples
                for name, answer in self.answers(model, self.document(example)).items()
                if name in example.labels
            ]
        )

    def _right(self, name: str, answer: Answer, example: Example) -> bool:
        return agree(self.schema[name], answer.value.value, example.labels[name], day_order=self.day_order)


def train(
    schema: Schema,
    train: Sequence[Example],
    validation: Sequence[Example],
    config: StudentConfig,
    folder: Path,
    *,
    seed: int,
    minutes: float,
    threads: int,
    day_order: DayOrder,
    progress: Progress,
    on_point: Callable[[dict[str, Any]], None],
    on_log: Callable[[str], None],
    on_account: Callable[[dict[str, Any]], None] = lambda account: None,
    pile: Pile | None = None,
) -> TrainingResult:
    """Train within `minutes` of wall clock (calibration and export included) and write a model folder.

    Goes on from `folder/checkpoint` where a run was interrupted, and only tells its result where it was complete.
    `on_point` is given `{"step", "seconds", "loss", "anls"}` (the last two `None` where not measured at that step),
    `on_log` lines for people, `on_account` what was found of the labels before anything is learned. The documents of
    `pile` are read first, see `pretraining`. Raises `Cancelled` at the next step once `progress` says so,
    `NothingToLearn` where no label can be learned from, `ConfigError` where the encoder cannot be had, `Diverged` and
    `ExportError` where what was learned is of no use.
    """
    if (folder / RESULT).is_file():
        return TrainingResult(**json.loads((folder / RESULT).read_text("utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock.resumed(folder / CHECKPOINTS, minutes * 60, on_log)
    torch.set_num_threads(threads)
    set_seed(seed)
    train, validation = _shared_out(train, validation)
    model = _build(schema, config)
    encoder = Encoder(load_tokenizer(config.base), min(config.window, positions(model.encoder)), config.stride)
    course = _Course(schema, config, day_order, encoder, Spellings.learn(schema, train))
    ledger = Ledger(schema, day_order)
    lessons = course.lessons(train, seed, ledger, progress)
    for example in validation:
        ledger.hold(example, course.lesson(example).targets)
    on_account(ledger.export())
    _silence(model, schema, ledger.untaught(), on_log)
    rounds = course.rounds(_worth_learning(schema, lessons, ledger, on_log), validation)
    if not clock.before:  # a run that goes on has all it learned in its checkpoint
        if pile:
            pretrain(model, encoder, pile, config, clock, seed=seed, progress=progress, on_log=on_log)
        clock.begun = clock.seconds
    epochs = fit_weights(model, rounds, clock, folder / CHECKPOINTS, seed, progress, on_point, on_log)
    check(progress)
    on_log("Writing the model.")
    calibration = course.calibration(model, validation)
    documents = [course.document(example) for example in (*validation, *train)[: export.CHECKED]]
    worst = export.write(model, encoder, schema, config, calibration, course.spellings, day_order, documents, folder)
    on_log(f"The written model differs from the trained one by at most {worst:.1g}.")
    on_log(quantization.choose(folder, [*validation, *train], threads, progress).told())
    found = [values(calibration.apply(course.answers(model, course.document(example)))) for example in validation]
    for example, said in zip(validation, found, strict=True):
        ledger.judge(example, said)
    _hear_again(ledger, [*train, *validation], Predictor(folder, threads), clock, progress)
    scored = course.score(validation, found) if validation else {}
    account = {**ledger.export(), "epochs": asdict(epochs)}
    result = TrainingResult(clock.seconds, epochs.told(minutes), scored, account)
    draft = folder / f"{RESULT}.draft"
    draft.write_text(json.dumps(asdict(result)), "utf-8")
    draft.replace(folder / RESULT)
    # Half a gigabyte of optimizer state that nothing needs any more.
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    return result


def _build(schema: Schema, config: StudentConfig) -> Student:
    most = max((len(field.options) for field in chosen(schema)), default=0)
    return build(config, len(pointed(schema)), len(chosen(schema)), most)


def _silence(model: Student, schema: Schema, untaught: Sequence[str], on_log: Callable[[str], None]) -> None:
    """A field that no label teaches is answered as not on the document, rather than guessed."""
    for name in untaught:
        on_log(f"{schema[name].title}: no label teaches it, so it will be answered as not on the document.")
    model.silence(
        [row for row, part in enumerate(pointed(schema)) if part.name in untaught],
        [row for row, part in enumerate(chosen(schema)) if part.name in untaught],
    )


def _hear_again(
    ledger: Ledger, examples: Sequence[Example], predictor: Predictor, clock: Clock, progress: Progress
) -> None:
    """Ask the trained student about the labelled documents once more, as far as time is left."""
    for number, example in enumerate(examples, 1):
        if clock.seconds >= clock.limit:
            return
        check(progress)
        progress.report(number, len(examples), f"Comparing labels with the student, {number} of {len(examples)}")
        ledger.hear(example, predictor.predict(example.pages))


def _shared_out(train: Sequence[Example], validation: Sequence[Example]) -> tuple[Sequence[Example], Sequence[Example]]:
    """Some training documents for validation, where there are too few for it: two documents judge badly."""
    missing = min(FEWEST_TO_JUDGE - len(validation), len(train) // BORROWED)
    if missing <= 0:
        return train, validation
    borrowed = {number * len(train) // missing for number in range(missing)}
    kept = [example for number, example in enumerate(train) if number not in borrowed]
    return kept, [*validation, *(train[number] for number in sorted(borrowed))]


def _worth_learning(
    schema: Schema, lessons: Sequence[Lesson], ledger: Ledger, on_log: Callable[[str], None]
) -> list[Lesson]:
    """The lessons that teach something. Raises `NothingToLearn` where none does."""
    for row, part in enumerate(pointed(schema)):
        known = sum(lesson.targets.weight[row] > 0 for lesson in lessons)
        on_log(f"{part.title}: {known} of {len(lessons)} documents teach where it stands.")
    if because := ledger.nothing():
        raise NothingToLearn(because)
    kept = [lesson for lesson in lessons if lesson.document.windows and lesson.targets.teaches]
    if not kept:
        raise NothingToLearn(
            "No words were read on the documents whose labels could be learned, so there is nothing to learn from."
        )
    return kept
