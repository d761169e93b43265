"""Training of a layout student: from labelled documents to the files of a model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import set_seed

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Schema
from extraction.domain.learning.training import Epochs, Stop, TrainingResult
from extraction.domain.progress import check
from extraction.engines.student.base import CHECKPOINTS, Examples, TrainingConfig, TrainingData, TrainingObserver
from extraction.engines.student.errors import NothingToLearn
from extraction.engines.student.examples import Without
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.description import ModelDescription
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.lexicon import Lexicon
from extraction.engines.student.layout.inference.outputs import (
    chosen,
    group_outputs,
    number_of_outputs,
    pointed,
    taught,
)
from extraction.engines.student.layout.inference.postprocessing import values
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network import export, quantization
from extraction.engines.student.layout.network.model import Student, build, positions
from extraction.engines.student.layout.training.context import TrainingContext
from extraction.engines.student.layout.training.label_audit import LabelAuditor
from extraction.engines.student.layout.training.pacing import Clock
from extraction.engines.student.layout.training.pretraining import pretrain
from extraction.engines.student.layout.training.processes import group
from extraction.engines.student.layout.training.run_tokenizer import readable_again, tokenizer_of_run
from extraction.engines.student.layout.training.samples import SampleStore, StoredSample
from extraction.engines.student.layout.training.trainer import fit_weights

# With fewer validation documents than this, training documents join them, but at most one in so many.
FEWEST_VALIDATION, BORROWED = 10, 8

# The file of the samples, beside the checkpoints.
SAMPLES = "samples"

# Lines of the log.
UNTAUGHT = gettext_noop("{field}: no label teaches it, so it will be answered as not on the document.")
TAUGHT = gettext_noop("{field}: {known} of {total} documents teach where it stands.")
WRITING = gettext_noop("Writing the model.")
WRITTEN = gettext_noop("The written model differs from the trained one by at most {difference}.")
COMPARING = gettext_noop("Comparing labels with the student, {number} of {total}")


def train(data: TrainingData, config: TrainingConfig, observer: TrainingObserver, folder: Path) -> TrainingResult:
    """Train within the minutes of wall clock, calibration and export included, and write the model into `folder`.

    Continues from checkpoints in `folder / CHECKPOINTS`. Equal data, config and machine give equal weights, bit for
    bit, as long as there is time for all epochs. Raises `Cancelled` at the next step once the observer says so,
    `NothingToLearn` where no label can be trained on, `ConfigError` for bad settings or where the encoder cannot be
    loaded, `Diverged` and `ExportError` where the outcome is of no use.
    """
    return _Training(data, config, observer, folder).run()


@dataclass
class _Training:
    """One attempt of a training."""

    data: TrainingData
    config: TrainingConfig
    observer: TrainingObserver
    folder: Path

    def run(self) -> TrainingResult:
        clock = Clock.resumed(self.folder / CHECKPOINTS, self.config.minutes * 60, self.observer.log)
        torch.set_num_threads(self.config.threads)
        set_seed(self.config.seed)
        train, validation = _with_enough_validation(self.data.train, self.data.validation)
        settings = StudentConfig.from_json(self.config.settings)
        self.data = readable_again(self.data, settings.base)
        tokenizer = tokenizer_of_run(self.data, settings.base, self.folder, resumed=clock.before > 0)
        model = _build(self.data.schema, settings, tokenizer)
        context = _context(self.data, settings, model, tokenizer, train)
        auditor = LabelAuditor(self.data.schema, Conventions(self.data.day_order))
        with closing(SampleStore(self.folder / CHECKPOINTS / SAMPLES)) as store:
            samples = self._samples(context, store, train, validation, auditor)
            self._force_absent(model, auditor.untrained_fields())
            epochs = self._fit(model, context, samples, store, validation, auditor, clock)
        check(self.observer)
        self.observer.log(WRITING)
        return self._finish(model, context, train, validation, auditor, epochs, clock)

    def _samples(
        self,
        context: TrainingContext,
        store: SampleStore,
        train: Examples,
        validation: Examples,
        auditor: LabelAuditor,
    ) -> list[StoredSample]:
        """Samples of the training documents; all labels are audited."""
        samples = context.samples(train, store, self.config.seed, auditor, self.observer)
        for example in validation:
            auditor.add_validation(example, context.sample(example).targets)
        self.observer.label_audit(auditor.audit())
        return samples

    def _force_absent(self, model: Student, fields: Sequence[str]) -> None:
        """Fields without a label to train on are answered as not on the document, rather than guessed."""
        schema = self.data.schema
        for name in fields:
            self.observer.log(filled(UNTAUGHT, field=schema[name].title))
        tables = [row for group in group_outputs(schema) if group.field.name in fields for row in group.all]
        model.force_absent(
            [*(row for row, part in enumerate(pointed(schema)) if part.name in fields), *tables],
            [row for row, part in enumerate(chosen(schema)) if part.name in fields],
        )

    def _fit(
        self,
        model: Student,
        context: TrainingContext,
        samples: Sequence[StoredSample],
        store: SampleStore,
        validation: Examples,
        auditor: LabelAuditor,
        clock: Clock,
    ) -> Epochs:
        """Pre-train, then train on labels. Raises `NothingToLearn`."""
        plan = context.plan(self._trainable(samples, auditor), store, validation)
        if not clock.before:  # the checkpoint of a resumed run includes pre-training
            if self.data.unlabelled:
                corpus, seed = self.data.unlabelled, self.config.seed
                pretrain(model, context.featurizer, corpus, context.config, clock, seed=seed, observer=self.observer)
            clock.begun = clock.seconds
        plan = replace(plan, processes=min(self.config.processes, group.most()))
        folder, seed, threads = self.folder / CHECKPOINTS, self.config.seed, self.config.threads
        return fit_weights(model, plan, clock, folder, seed, self.observer, threads)

    def _trainable(self, samples: Sequence[StoredSample], auditor: LabelAuditor) -> list[StoredSample]:
        """The samples with words and a weight. Raises `NothingToLearn` where there are none."""
        rows = {part.name: row for row, part in enumerate(pointed(self.data.schema))}
        rows |= {group.field.name: group.rows for group in group_outputs(self.data.schema)}
        for part in taught(self.data.schema):
            known = sum(sample.weight[rows[part.name]] > 0 for sample in samples)
            self.observer.log(filled(TAUGHT, field=part.title, known=known, total=len(samples)))
        if reason := auditor.nothing_to_learn():
            raise NothingToLearn(reason)
        trainable = [sample for sample in samples if sample.windows and sample.has_weight]
        if not trainable:
            raise NothingToLearn(
                gettext_noop(
                    "No words were read on the documents whose labels could be learned, "
                    "so there is nothing to learn from."
                )
            )
        return trainable

    def _finish(
        self,
        model: Student,
        context: TrainingContext,
        train: Examples,
        validation: Examples,
        auditor: LabelAuditor,
        epochs: Epochs,
        clock: Clock,
    ) -> TrainingResult:
        """Calibrate, export, quantize, validate, and complete the label audit."""
        calibration = context.calibration(model, validation)
        documents = [context.document(example) for example in islice(chain(validation, train), export.CHECKED)]
        description = ModelDescription(
            schema=context.schema,
            day_order=context.conventions.day_order,
            window=context.featurizer.body + 2,
            config=context.config.to_json(),
            calibration=calibration,
            lexicon=context.lexicon,
            tables=context.table_calibration(model, validation),
        )
        worst = export.write(model, context.featurizer, description, documents, self.folder)
        self.observer.log(filled(WRITTEN, difference=f"{worst:.1g}"))
        threads = self.config.threads
        choice = quantization.choose(self.folder, chain(validation, train), threads, self.observer)
        self.observer.log(choice.summary)
        predictions = [
            values(calibration.apply(context.answers(model, context.document(example))))
            | context.rows(model, example, description.tables)
            for example in validation
        ]
        for example, answers in zip(validation, predictions, strict=True):
            auditor.count_errors(example, answers)
        self._compare_labels(auditor, train, validation, LayoutPredictor(self.folder, threads), clock)
        evaluation = context.evaluate(validation, predictions) if validation else None
        stop = Stop.after(epochs, self.config.minutes)
        return TrainingResult(clock.seconds, stop, evaluation, auditor.audit())

    def _compare_labels(
        self,
        auditor: LabelAuditor,
        train: Examples,
        validation: Examples,
        predictor: LayoutPredictor,
        clock: Clock,
    ) -> None:
        """Compare the labels with the trained student's answers, as far as time is left."""
        total = len(train) + len(validation)
        for number, example in enumerate(chain(train, validation), 1):
            if clock.seconds >= clock.limit:
                return
            check(self.observer)
            self.observer.report(number, total, COMPARING.format(number=number, total=total))
            auditor.compare(example, predictor.predict(example.pages))


def _build(schema: Schema, config: StudentConfig, tokenizer: Tokenizer) -> Student:
    most = max((len(field.options) for field in chosen(schema)), default=0)
    return build(config, tokenizer, number_of_outputs(schema), len(chosen(schema)), most)


def _context(
    data: TrainingData, config: StudentConfig, model: Student, tokenizer: Tokenizer, train: Examples
) -> TrainingContext:
    window = min(config.window, positions(model.encoder))
    featurizer = Featurizer(tokenizer, window, config.stride)
    return TrainingContext(
        data.schema, config, Conventions(data.day_order), featurizer, Lexicon.build(data.schema, train)
    )


def _with_enough_validation(train: Examples, validation: Examples) -> tuple[Examples, Examples]:
    """Training and validation examples; some of the former become validation where that has too few to measure with."""
    missing = min(FEWEST_VALIDATION - len(validation), len(train) // BORROWED)
    if missing <= 0:
        return train, validation
    borrowed = {number * len(train) // missing for number in range(missing)}
    moved = [example for number, example in enumerate(train) if number in borrowed]
    return Without(train, borrowed), [*validation, *moved]
