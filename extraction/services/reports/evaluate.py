"""Evaluation of a system on a split: quality on all documents, speed on some."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import PairedDifference, Row, difference, evaluate
from extraction.domain.progress import Progress, Silent, check
from extraction.domain.results.reports import ReportedSystem, SystemEvaluation
from extraction.models import Document, Project, Split
from extraction.services import storage
from extraction.services.reports.corpus import Corpus, select
from extraction.services.reports.gallery import worst_answers, worst_tables
from extraction.services.reports.systems import Answers, System, find_system
from extraction.services.serving import field_extraction

# Speed is measured afresh on at most so many documents of the split; quality on all of them.
TIMED = 50

# Takes the answers of a system while they are in memory.
Keep = Callable[[Corpus, System, Answers], None]


def evaluate_system(
    project: Project,
    system: str,
    *,
    split: str = Split.TEST,
    against: str = "truth",
    timed: bool = True,
    progress: Progress | None = None,
) -> SystemEvaluation:
    """Score one system; raises `NotFound` for an unknown system and `Invalid` where nothing can be compared."""
    corpus = select(project, split, against)
    evaluator = Evaluator(corpus, progress or Silent())
    return evaluator.evaluate(find_system(corpus, system), timed=timed)


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates systems on one corpus; the time to read a document is measured once for all of them."""

    corpus: Corpus
    progress: Progress
    _reading_seconds: dict[int, float] = field(default_factory=dict)

    def evaluate(self, system: System, *, timed: bool = True) -> SystemEvaluation:
        return self._evaluation(system, self._answers(system), timed)

    def report(
        self, systems: Sequence[System], keep: Keep | None = None
    ) -> tuple[list[ReportedSystem], list[PairedDifference]]:
        """The evaluations with the systems' worst answers, and the difference of each pair; `keep` gets all answers."""
        reported, rows = [], []
        for system in systems:
            answers = self._answers(system)
            if keep is not None:
                keep(self.corpus, system, answers)
            evaluation = self._evaluation(system, answers, timed=True)
            errors, tables = worst_answers(self.corpus, answers), worst_tables(self.corpus, answers)
            reported.append(ReportedSystem(system.kind, evaluation, tuple(errors), tuple(tables)))
            rows.append((system.name, self._rows(answers)))
        schema, conventions = self.corpus.project.schema, self.corpus.conventions
        pairs = (difference(schema, left, right, conventions=conventions) for left, right in combinations(rows, 2))
        return reported, [pair for pair in pairs if pair]

    def _rows(self, answers: Answers) -> list[Row]:
        schema = self.corpus.project.schema
        return [
            ({name: [label.value] for name, label in truth.items() if name in schema}, answers.get(pk, {}))
            for pk, truth in self.corpus.truths.items()
        ]

    def _evaluation(self, system: System, answers: Answers, timed: bool) -> SystemEvaluation:
        corpus = self.corpus
        scores = evaluate(corpus.project.schema, self._rows(answers), conventions=corpus.conventions)
        return SystemEvaluation(
            project=corpus.project.slug,
            system=system.name,
            split=corpus.split,
            against=corpus.against,
            note=corpus.note,
            documents_per_second=self._speed(system) if timed else None,
            scores=scores,
        )

    def _answers(self, system: System) -> Answers:
        if system.recorded is not None:
            return system.recorded
        answers: Answers = {}
        if system.predict is None:
            return answers
        total = len(self.corpus.documents)
        for done, pk in enumerate(self.corpus.documents):
            check(self.progress)
            self.progress.report(done, total, gettext_noop("Asking {system}").format(system=system.name))
            answers[pk] = system.predict(self.corpus.pages(pk))
        self.progress.report(total, total)
        return answers

    def _speed(self, system: System) -> float | None:
        """Documents a second from file to fields: decoding, OCR and the system, one document after the other."""
        if system.predict is None:
            return None
        sample = list(self.corpus.documents.items())[:TIMED]
        seconds = 0.0
        for done, (pk, document) in enumerate(sample):
            check(self.progress)
            self.progress.report(done, len(sample), gettext_noop("Timing"))
            seconds += self._reading(document)
            started = time.perf_counter()
            system.predict(self.corpus.pages(pk))
            seconds += time.perf_counter() - started
        self.progress.report(len(sample), len(sample))
        return round(len(sample) / seconds, 3)

    def _reading(self, document: Document) -> float:
        """Seconds for decoding and OCR."""
        if document.pk not in self._reading_seconds:
            started = time.perf_counter()
            for _ in field_extraction.read(self.corpus.project, storage.fetch(document.original)):
                pass
            self._reading_seconds[document.pk] = time.perf_counter() - started
        return self._reading_seconds[document.pk]
