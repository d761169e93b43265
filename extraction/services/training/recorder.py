"""Recorder of a training: an observer that writes into the row of the run."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, EncoderInfo, Stop, TrainingResult
from extraction.domain.pages import Page
from extraction.domain.progress import Progress
from extraction.models import TrainingRun
from extraction.services.training import snapshots


class RunRecorder:
    """`base.TrainingObserver` for a run; `progress` follows its job and may cancel it."""

    def __init__(self, row: TrainingRun, progress: Progress, encoder: EncoderInfo | None) -> None:
        self.row, self.progress = row, progress
        self.sources = snapshots.sources(row.snapshot) if row.snapshot else {}
        self.before = row.seconds or 0.0
        self.started = time.monotonic()
        row.encoder = encoder.to_json() if encoder else None
        self._record_stop(None)
        self._save("encoder")
        if encoder and encoder.note and not row.log:
            self.log(encoder.note)

    def report(self, done: int, total: int, message: str = "") -> None:
        self.progress.report(done, total, message)

    def cancelled(self) -> bool:
        return self.progress.cancelled()

    def point(self, point: CurvePoint) -> None:
        # A resumed training repeats its last points.
        earlier = [row for row in self.row.curve if row["step"] < point.step]
        self.row.curve = [*earlier, point.to_json()]
        self._save("curve")

    def log(self, line: str) -> None:
        self.row.log += line.rstrip() + "\n"
        self._save("log")

    def label_audit(self, audit: LabelAudit) -> None:
        self.row.label_audit = replace(audit, sources=self.sources).to_json()
        self._save("label_audit")

    def read(self, corpus: Iterable[tuple[int, Sequence[Page]]]) -> Iterator[Sequence[Page]]:
        """The pages of these documents; which they were is recorded once all are taken, which not every training
        does."""
        keys = []
        for key, pages in corpus:
            keys.append(key)
            yield pages
        # An earlier attempt may have read, and kept the words of, what is gone by now.
        self.row.pretraining = sorted({*keys, *(self.row.pretraining or ())})
        self.row.pretraining_documents = len(keys)
        self._save("pretraining", "pretraining_documents")

    def result(self, result: TrainingResult) -> None:
        """Record the outcome of a complete training."""
        self.label_audit(result.label_audit)
        self.row.validation = result.validation.to_json() if result.validation else {}
        self._save("validation")
        self._record_stop(result.stop)

    def _record_stop(self, stop: Stop | None) -> None:
        self.row.stop_reason = stop.reason.value if stop else ""
        self.row.stop_detail = stop.detail[:500] if stop else ""
        self.row.epochs_planned = stop.epochs.planned if stop and stop.epochs else None
        self.row.epochs_done = stop.epochs.done if stop and stop.epochs else None
        self._save("stop_reason", "stop_detail", "epochs_planned", "epochs_done")

    def _save(self, *fields: str) -> None:
        self.row.seconds = self.before + time.monotonic() - self.started
        self.row.save(update_fields=[*fields, "seconds"])
