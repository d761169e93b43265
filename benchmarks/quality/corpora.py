"""Rules and student on real documents of several kinds, against the truth and the best that the words read allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from benchmarks import sroie
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.corpora import Corpus
from benchmarks.quality import student, training_cache
from benchmarks.quality.ocr_upper_bound import best_answer
from benchmarks.quality.training_cache import Answers, CachedTraining, TrainedStudent
from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Schema
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example
from extraction.engines.teacher.protocol import Reading
from extraction.engines.teacher.rules.teacher import Rules

# Of fewer, a tenth held out calibrates nothing.
LEAST = 20
COLUMNS = ("best obtainable", "rules", "student")


@dataclass(frozen=True)
class Systems:
    """The evaluations on the dev part by the names of `COLUMNS`; the student's is missing where none was trained."""

    evaluations: Mapping[str, Evaluation]

    def total(self) -> tuple[Cell, ...]:
        return self._cells(lambda score: (score.mean_anls, *score.mean_anls_ci95))

    def of(self, name: str) -> tuple[Cell, ...]:
        return self._cells(lambda score: (score.fields[name].anls, *score.fields[name].anls_ci95))

    def _cells(self, figures: Callable[[Evaluation], tuple[Cell, ...]]) -> tuple[Cell, ...]:
        none = (None, None, None)
        return tuple(
            cell for name in COLUMNS for cell in (figures(self.evaluations[name]) if name in self.evaluations else none)
        )


def benchmark(corpus: Corpus) -> Benchmark:
    about = f"rules and student on {corpus.about}"
    return Benchmark(f"corpora-{corpus.name}", about, partial(inputs, corpus), partial(run, corpus))


def inputs(corpus: Corpus, setting: Setting) -> Mapping[str, Any]:
    return {
        **student.data(corpus),
        "schema": corpus.schema.to_json(),
        "spaced": corpus.spaced,
        "foundations": training_cache.foundations(setting),
        "config": dict(training_cache.config_for(corpus.languages)),
        "rules": training_cache.code("extraction.engines.teacher.rules"),
    }


def run(corpus: Corpus, setting: Setting, progress: Progress) -> Sequence[Table]:
    schema, dev = corpus.schema, student.examples("dev", "truth", setting, progress, corpus)
    reader = ", ".join(sorted({reading.reader for reading in corpus.read("dev", student.OCR, setting, progress)}))
    trained = trained_student(corpus, setting, progress)
    answers = {"best obtainable": best(corpus, dev), "rules": by_rules(schema, dev)}
    if trained:
        answers["student"] = trained.answers(dev)
    systems = Systems({name: score(corpus, dev, some) for name, some in answers.items()})
    learned = len(corpus.documents("train"))
    return [
        Table(
            f"Mean ANLS on {corpus.about}",
            ("corpus", "documents", "trained on", "reader", *columns()),
            ((corpus.name, len(dev), learned if trained else None, reader, *systems.total()),),
            _notes(corpus, trained, setting),
        ),
        Table(
            f"The same documents of {corpus.name} field by field, ANLS",
            ("field", "documents", *columns()),
            tuple((name, field.n, *systems.of(name)) for name, field in systems.evaluations["rules"].fields.items()),
        ),
    ]


def columns() -> tuple[str, ...]:
    return tuple(column for name in COLUMNS for column in (name, "95 % from", "to"))


def _notes(corpus: Corpus, trained: TrainedStudent | None, setting: Setting) -> tuple[str, ...]:
    notes = ["Best obtainable: the answers from the words read that score best. Groups are left out."]
    if not corpus.spaced:
        notes.append("Compared without white space, which this truth does not have.")
    if trained:
        notes.append(f"Training on truth: {trained.seconds:.0f} s with {setting.threads} threads. {trained.stop}")
    return tuple(notes)


def trained_student(corpus: Corpus, setting: Setting, progress: Progress) -> TrainedStudent | None:
    """The student of the truth of the train part; `None` for fewer than `LEAST` documents, or where no minutes are
    given to train."""
    labelled = partial(student.examples, "train", "truth", setting, progress, corpus)
    if not setting.minutes or len(corpus.documents("train")) < LEAST:
        return None
    training = CachedTraining(
        "truth",
        corpus.schema,
        labelled,
        setting.seed,
        student.data(corpus),
        training_cache.config_for(corpus.languages),
    )
    [trained] = training_cache.trained_students([training], setting, progress)
    return trained


def best(corpus: Corpus, examples: Sequence[Example]) -> Answers:
    """Every field answered as well as the words of its document allow."""
    conventions = Conventions(training_cache.day_order(corpus.schema, examples))
    return [
        training_cache.as_answers(
            {
                name: best_answer(corpus.schema[name], value, example.pages, conventions, spaced=corpus.spaced)
                for name, value in example.labels.items()
            }
        )
        for example in examples
    ]


def by_rules(schema: Schema, examples: Sequence[Example]) -> Answers:
    replies = (Rules().label(Reading(tuple(example.pages)), schema).answers for example in examples)
    return [training_cache.as_answers({name: answer.value for name, answer in reply.items()}) for reply in replies]


def score(corpus: Corpus, examples: Sequence[Example], answers: Answers) -> Evaluation:
    """Answers against the labels, both without white space where the truth has none."""
    if not corpus.spaced:
        examples = [replace(example, labels=_closed(example.labels)) for example in examples]
        answers = [
            {name: FieldValue(_without_space(answer.value), answer.normalized) for name, answer in some.items()}
            for some in answers
        ]
    return training_cache.score(corpus.schema, examples, answers)


def _closed(labels: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name: _without_space(value) for name, value in labels.items()}


def _without_space(value: str | None) -> str | None:
    return value and "".join(value.split())


SROIE = benchmark(sroie.CORPUS)
WILDRECEIPT = benchmark(Corpus("wildreceipt", "WildReceipt photographs", spaced=False))
ZUGFERD = benchmark(Corpus("zugferd", "ZUGFeRD and Factur-X invoices", languages=("de", "fr", "en")))
CORD = benchmark(Corpus("cord", "CORD receipts", dev="validation", train=None, languages=("id", "en")))
