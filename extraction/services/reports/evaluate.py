"""Evaluation of a system on a split: quality on all documents, speed on some."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import Evaluation, Sheet
from extraction.domain.progress import Progress, Silent, check
from extraction.domain.results.reports import SystemEvaluation
from extraction.models import Document, Project, Split
from extraction.services import storage
from extraction.services.reports.corpus import Batch, Corpus, select
from extraction.services.reports.systems import System, find_system
from extraction.services.reports.tables import freezing
from extraction.services.serving import field_extraction

# Speed is measured afresh on at most so many documents of the split; quality on all of them.
TIMED = 50


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
    corpus, progress = select(project, split, against), progress or Silent()
    found = find_system(corpus, system)
    rows = (row for batch in freezing.frozen(corpus, [found], progress) for row in batch)
    sheet = Sheet.of(project.schema, (row.row(found.name) for row in rows), corpus.conventions)
    seconds = Stopwatch(corpus, progress).seconds(found) if timed else []
    return evaluation(corpus, corpus.note(), found.name, sheet.evaluation(), seconds)


def evaluation(corpus: Corpus, note: str, system: str, scores: Evaluation, seconds: list[float]) -> SystemEvaluation:
    """`seconds` are those of the documents that were timed."""
    return SystemEvaluation(
        project=corpus.project.slug,
        system=system,
        split=corpus.split,
        against=corpus.against,
        note=note,
        documents_per_second=round(len(seconds) / sum(seconds), 3) if sum(seconds) else None,
        scores=scores,
    )


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Times systems on the first documents of a corpus; the time to read one is measured once for all of them."""

    corpus: Corpus
    progress: Progress
    _reading: dict[int, float] = field(default_factory=dict)

    def seconds(self, system: System) -> list[float]:
        """Of each document from file to fields: decoding, OCR and the system, one document after the other; none for a
        system that cannot be asked."""
        if system.predict is None:
            return []
        taken, total = [], min(TIMED, len(self.corpus.documents))
        for done, (batch, document) in enumerate(islice(self._documents(), TIMED)):
            check(self.progress)
            self.progress.report(done, total, gettext_noop("Timing"))
            try:
                read = self._reading_seconds(document)
            except FileNotFoundError:  # deleted meanwhile
                continue
            pages = batch.pages(document.pk)
            started = time.perf_counter()
            system.predict(pages)
            taken.append(read + time.perf_counter() - started)
        self.progress.report(total, total)
        return taken

    def _documents(self) -> Iterator[tuple[Batch, Document]]:
        return ((batch, document) for batch in self.corpus.batches() for document in batch.documents.values())

    def _reading_seconds(self, document: Document) -> float:
        """Seconds for decoding and OCR."""
        if document.pk not in self._reading:
            started = time.perf_counter()
            for _ in field_extraction.read(self.corpus.project, storage.fetch(document.original)):
                pass
            self._reading[document.pk] = time.perf_counter() - started
        return self._reading[document.pk]
