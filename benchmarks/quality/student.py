"""Quality of students that are trained on a teacher's labels alone, on real receipts, against truth; three seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import corpora, sroie
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.corpora import Corpus
from benchmarks.quality import confidence, training_cache
from benchmarks.quality.training_cache import Answers, CachedTraining, TrainedStudent
from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress, Silent
from extraction.engines.student.base import Example

OCR = "rapidocr"
SEEDS = 3
UNSURE_WEIGHT = 0.5


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        **data(),
        "foundations": training_cache.foundations(setting),
        "config": dict(training_cache.CONFIG),
        "seeds": SEEDS,
    }


def data(corpus: Corpus = sroie.CORPUS) -> JsonObject:
    """JSON values that the examples depend on."""
    return {"data": corpus.digest(), "reader": corpora.reader_digest(OCR)}


def training(setting: Setting, progress: Progress, number: int = 0) -> CachedTraining:
    """The training on all teacher labels, by the seed of that number."""
    seed = setting.seed + number
    labelled = partial(examples, "train", "teacher", setting, progress)
    return CachedTraining(f"teacher labels, seed {seed}", sroie.SCHEMA, labelled, seed, data())


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    dev = examples("dev", "truth", setting, progress)
    students = training_cache.trained_students(
        [training(setting, progress, number) for number in range(SEEDS)], setting, progress
    )
    answers = [student.answers(dev) for student in students]
    by_teacher = examples("dev", "teacher", setting, progress)
    teacher = [training_cache.as_answers(receipt.labels) for receipt in by_teacher]
    new = unseen(dev)
    systems = {f"student, seed {setting.seed + number}": some for number, some in enumerate(answers)}
    rows = [
        _system(name, dev, new, some, student.seconds)
        for (name, some), student in zip(systems.items(), students, strict=True)
    ]
    return [
        Table(
            f"Student taught by teacher labels alone, on {len(dev)} SROIE dev receipts against truth",
            ("system", "mean ANLS", "95 % from", "to", "all fields right", "ANLS, new companies", "training, s"),
            (*rows, _mean(rows), _system("teacher", dev, new, teacher, None)),
            (
                f"New companies: {len(new)} receipts whose company is on no train receipt.",
                f"Trainings with calibration and export, {setting.threads} threads. {students[0].stop}",
            ),
        ),
        _fields(
            training_cache.score(sroie.SCHEMA, dev, answers[0]),
            training_cache.score(sroie.SCHEMA, dev, teacher),
            setting,
        ),
        confidence.tells_apart(sroie.SCHEMA, dev, answers),
        # What no label showed, such as which receipts' truth adds the branch to the address, no confidence can tell.
        confidence.tells_apart(sroie.SCHEMA, by_teacher, answers, "the teacher's labels"),
        confidence.comes_true(sroie.SCHEMA, dev, answers),
    ]


def folder(setting: Setting) -> Path:
    """The folder of the first student."""
    return training(setting, Silent()).folder(setting)


def first(setting: Setting, progress: Progress) -> TrainedStudent:
    """The first student, for benchmarks that compare with it: never trained afresh, even where `setting.fresh`."""
    [student] = training_cache.trained_students([training(setting, progress)], replace(setting, fresh=False), progress)
    return student


def examples(
    part: corpora.Part, source: str, setting: Setting, progress: Progress, corpus: Corpus = sroie.CORPUS
) -> list[Example]:
    words = {
        document.path: reading.pages
        for document, reading in zip(corpus.documents(part), corpus.read(part, OCR, setting, progress), strict=True)
    }
    return [
        Example(document.content, words[document.path], document.labels, field_weights=unsure(document.unsure))
        for document in corpus.documents(part, source)
    ]


def unsure(names: Iterable[str]) -> dict[str, float]:
    """The weights of labels that their teacher was not sure of."""
    return dict.fromkeys(names, UNSURE_WEIGHT)


def unseen(dev: Sequence[Example]) -> list[int]:
    """Numbers of the receipts of a company that is on no train receipt."""
    known = {letters(receipt.labels.get("company") or "") for receipt in sroie.CORPUS.documents("train")}
    return [number for number, example in enumerate(dev) if letters(example.labels.get("company") or "") not in known]


def _system(
    name: str, dev: Sequence[Example], new: Sequence[int], answers: Answers, seconds: float | None
) -> tuple[Cell, ...]:
    all_, some = (
        training_cache.score(sroie.SCHEMA, [dev[number] for number in of], [answers[number] for number in of])
        for of in (range(len(dev)), new)
    )
    return name, all_.mean_anls, *all_.mean_anls_ci95, all_.all_fields, some.mean_anls, seconds


def _mean(rows: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """Of every figure but the interval, which is that of one student."""
    means = [fmean(float(str(cell)) for cell in column) for column in list(zip(*rows, strict=True))[1:]]
    return "student, mean", means[0], None, None, *means[3:]


def _fields(student: Evaluation, teacher: Evaluation, setting: Setting) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, score in student.fields.items():
        other = teacher.fields[name]
        rows.append(
            (name, score.anls, *score.anls_ci95, score.normalized_exact, other.anls, other.normalized_exact),
        )
    exact = [fmean(score.normalized_exact for score in system.fields.values()) for system in (student, teacher)]
    rows.append(("mean", student.mean_anls, *student.mean_anls_ci95, exact[0], teacher.mean_anls, exact[1]))
    return Table(
        f"The same receipts field by field, the student of seed {setting.seed}",
        ("field", "student ANLS", "95 % from", "to", "normalised exact", "teacher ANLS", "normalised exact"),
        tuple(rows),
    )


BENCHMARK = Benchmark("student", "a student taught by a teacher's labels", inputs, run)
