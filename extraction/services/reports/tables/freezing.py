"""Rows of a report: documents with their truths and the answers of all systems, a batch in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.tables.rows import FrozenRow, Truth
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.models import ModelVersion
from extraction.services.reports.corpus import Batch, Corpus
from extraction.services.reports.systems import Answers, System
from extraction.services.reports.tables.facts import KnownVendors

# Takes the answers of a system for a batch while they are in memory.
Keep = Callable[[Batch, System, Answers], None]


def frozen(
    corpus: Corpus, systems: Sequence[System], progress: Progress, keep: Keep | None = None
) -> Iterator[list[FrozenRow]]:
    """The rows of one batch after the other, in the order of the corpus. Raises `Cancelled`."""
    names = [system.name for system in systems]
    students = ModelVersion.objects.filter(project=corpus.project, name__in=names).select_related("run__snapshot")
    vendors, done = KnownVendors.of(corpus, list(students)), 0
    for batch in corpus.batches():
        check(progress)
        progress.report(done, len(corpus.documents), gettext_noop("Collecting answers"))
        answers = {system.name: system.answers(batch, progress) for system in systems}
        if keep is not None:
            for system in systems:
                keep(batch, system, answers[system.name])
        yield list(_rows(batch, answers, vendors))
        done += len(batch.documents)
    progress.report(len(corpus.documents), len(corpus.documents))


def _rows(batch: Batch, answers: Mapping[str, Answers], vendors: KnownVendors) -> Iterator[FrozenRow]:
    for pk, truths in batch.truths.items():
        document = batch.documents[pk]
        yield FrozenRow(
            pk,
            document.name,
            {name: Truth(label.value, label.normalized) for name, label in truths.items()},
            {
                name: {field: _plain(answer) for field, answer in given[pk].items()}
                for name, given in answers.items()
                if pk in given
            },
            vendors.facts(document, truths.get(vendors.field.name) if vendors.field else None),
        )


def _plain(answer: FieldValue) -> FieldValue:
    """Without its places."""
    return FieldValue(answer.value, answer.normalized, answer.confidence)
