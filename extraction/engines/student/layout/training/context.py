"""Context of a training: how documents become samples and answers, and answers become figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import Evaluation, evaluate
from extraction.domain.field_types import Conventions, agree
from extraction.domain.fields import Schema
from extraction.domain.line_items.rows import flat
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.engines.student.base import Example, Examples
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.calibration import Calibration, fit
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.lexicon import Lexicon
from extraction.engines.student.layout.inference.outputs import tabled
from extraction.engines.student.layout.inference.postprocessing import Answer, Document, answers, values
from extraction.engines.student.layout.inference.table_calibration import TableCalibration, fit_tables
from extraction.engines.student.layout.inference.tables import DecodedTable, tables
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training.augmentation import swap_entities
from extraction.engines.student.layout.training.label_audit import LabelAuditor
from extraction.engines.student.layout.training.samples import (
    SampleStore,
    StoredSample,
    TrainingSample,
    WindowDataset,
    logits,
)
from extraction.engines.student.layout.training.targets import targets
from extraction.engines.student.layout.training.trainer import TrainingPlan

MOST_VARIANTS = 6000  # of all documents together: each takes some 60 kB in a file, and time to be made

# Documents that are measured time and again while a student trains; at the end all are.
MOST_MEASURED = 500

FINDING = gettext_noop("Finding the labels on document {number} of {total}")


@dataclass(frozen=True)
class TrainingContext:
    """Constants of a training."""

    schema: Schema
    config: StudentConfig
    conventions: Conventions
    featurizer: Featurizer
    lexicon: Lexicon

    def document(self, example: Example) -> Document:
        tokens = self.featurizer.tokens(example.pages)
        return Document(example.pages, tokens, self.featurizer.windows(tokens))

    def sample(self, example: Example) -> TrainingSample:
        """The document with its targets."""
        document = self.document(example)
        found = targets(self.schema, example, document.tokens, self.conventions)
        return TrainingSample(document.tokens, document.windows, found)

    def samples(
        self, train: Examples, store: SampleStore, seed: int, auditor: LabelAuditor, progress: Progress
    ) -> list[StoredSample]:
        """A sample with variants for each document, which is added to the audit too. Raises `Cancelled`."""
        copies = min(self.config.mix, MOST_VARIANTS // max(len(train), 1))
        variants = swap_entities(self.schema, train, self.conventions, copies, seed, progress)
        samples = []
        for number, (example, others) in enumerate(zip(train, variants, strict=True), 1):
            check(progress)
            progress.report(0, len(train), FINDING.format(number=number, total=len(train)))
            sample = self.sample(example)
            auditor.add_training(example, sample.targets, words=bool(sample.windows))
            alike = (each for each in map(self.sample, others) if len(each.windows) == len(sample.windows))
            samples.append(store.add(sample, alike))
        return samples

    def plan(self, samples: Sequence[StoredSample], store: SampleStore, validation: Examples) -> TrainingPlan:
        rows = any(sample.has_rows for sample in samples)
        config = self.config.resolved(len(samples), rows=rows)
        evaluator = self.evaluator(validation) if validation else None
        return TrainingPlan(WindowDataset(samples, store, self.featurizer, config), config, evaluator)

    def evaluator(self, examples: Examples) -> Callable[[Student], float]:
        """A function that gives the mean ANLS (0–1) of a student over the first `MOST_MEASURED` examples, of rows where
        a schema has nothing else."""
        measured = [*islice(examples, MOST_MEASURED)]
        documents = [self.document(example) for example in measured]
        alone = not flat(self.schema).fields

        def mean_anls(model: Student) -> float:
            if alone:
                predictions = [self.rows(model, example, TableCalibration()) for example in measured]
            else:
                predictions = [values(self.answers(model, document)) for document in documents]
            schema = self.schema if alone else flat(self.schema)
            return self._evaluate(schema, measured, predictions).mean_anls

        return mean_anls

    def answers(self, model: Student, document: Document) -> dict[str, Answer]:
        """Answers by field, not calibrated."""
        tags, options = logits(model, self.featurizer, document)
        return answers(self.schema, document, tags, options, self.conventions, self.lexicon)

    def tables(self, model: Student, example: Example) -> dict[str, DecodedTable]:
        """The rows of groups, not calibrated."""
        document = self.document(example)
        tags, _ = logits(model, self.featurizer, document)
        return tables(self.schema, document, tags, self.conventions)

    def rows(self, model: Student, example: Example, calibration: TableCalibration | None) -> dict[str, FieldValue]:
        """The answers for groups; none without a calibration."""
        if calibration is None:
            return {}
        tables = self.tables(model, example)
        return {name: calibration.apply(table, self.conventions) for name, table in tables.items()}

    def evaluate(self, examples: Examples, predictions: Sequence[Mapping[str, FieldValue]]) -> Evaluation:
        """Predictions, one mapping an example, against the examples' labels."""
        return self._evaluate(self.schema, examples, predictions)

    def _evaluate(
        self, schema: Schema, examples: Examples, predictions: Sequence[Mapping[str, FieldValue]]
    ) -> Evaluation:
        truths = [{name: [value] for name, value in example.labels.items()} for example in examples]
        return evaluate(schema, list(zip(truths, predictions, strict=True)), conventions=self.conventions)

    def calibration(self, model: Student, examples: Examples) -> Calibration:
        """Fitted on the labelled fields of examples that were not trained on."""
        return fit(
            [
                (name, answer.signals, self._is_right(name, answer, example))
                for example in examples
                for name, answer in self.answers(model, self.document(example)).items()
                if name in example.labels
            ]
        )

    def table_calibration(self, model: Student, examples: Examples) -> TableCalibration | None:
        """As `calibration`, for the rows of groups; `None` for a schema without groups."""
        if not tabled(self.schema):
            return None
        return fit_tables(
            [
                (table, example.labels[name])
                for example in examples
                for name, table in self.tables(model, example).items()
                if name in example.labels
            ],
            self.conventions,
        )

    def _is_right(self, name: str, answer: Answer, example: Example) -> bool:
        return agree(self.schema[name], answer.value.value, example.labels[name], conventions=self.conventions)
