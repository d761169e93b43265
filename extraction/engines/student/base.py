"""Contract of a student kind: the data and settings it is trained with, its observer, and the model it leaves behind.

A kind knows neither Django nor the other kinds. docs/recipes/student-kind.md shows how to add one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from extraction.domain.field_types import DayOrder
from extraction.domain.fields import Schema
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, EncoderInfo, Settings, TrainingResult
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress
from extraction.engines.student.settings import Setting

CHECKPOINTS = "checkpoint"  # folder of checkpoints within a model folder; removed once the training is complete


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled document: its content hash, its pages and its labels by field (`None`: not on the document).

    A field that is absent from `labels` is unknown and trains nothing. `weight` is the document's weight in the loss,
    `field_weights` are factors for single labels (below 1 for an unsure one); both are 0 or more.
    """

    id: str
    pages: Sequence[Page]
    labels: Mapping[str, str | None]
    weight: float = 1.0
    field_weights: Mapping[str, float] = field(default_factory=dict)

    def weight_of(self, name: str) -> float:
        """Weight of the label of that field."""
        return self.weight * self.field_weights.get(name, 1.0)


class Examples(Protocol):
    """Labelled documents that are gone through one after the other, in the same order each time. Who holds one after
    the next is read makes memory grow with the documents."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Example]: ...


@dataclass(frozen=True, slots=True)
class UnlabelledCorpus:
    """Pages of a project's documents, labelled or not, to pre-train on and to cut a vocabulary by; they are read at
    most once.

    `cache` is a folder for pre-trained weights, shared by the runs of a project. It need not exist.
    """

    documents: Iterable[Sequence[Page]]
    cache: Path


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Input of a training. `validation` examples are not trained on: they measure and calibrate.

    `day_order` says how ambiguous dates are printed (`None`: not known).
    """

    schema: Schema
    train: Examples
    validation: Examples
    day_order: DayOrder = None
    unlabelled: UnlabelledCorpus | None = None


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How to train: the `seed` of all random draws, the `minutes` of wall clock that the training may take as a whole,
    the number of processor `threads`, those settings of the kind that differ from their defaults, and the number of
    `processes` that train together and share the threads, where a kind can do that."""

    seed: int
    minutes: float
    threads: int
    settings: Settings = field(default_factory=dict)
    processes: int = 1


class TrainingObserver(Progress, Protocol):
    """Follower of a training; it may also cancel it, see `Progress`."""

    def point(self, point: CurvePoint) -> None:
        """A measurement. A resumed training may repeat the last ones before it was interrupted."""

    def log(self, line: str) -> None:
        """A line for people, without its line break."""

    def label_audit(self, audit: LabelAudit) -> None:
        """State of the audit before anything is trained; the final one is part of the result."""


class Predictor(Protocol):
    """A model that is ready to answer. Safe for use by several threads at once."""

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        """An answer for each field that the kind supports, with confidence (0–1) and place."""


class StudentKind(Protocol):
    """One way to train and serve a student."""

    @property
    def files(self) -> Sequence[str]:
        """Names of the files that make up a model, within its folder."""

    @property
    def settings(self) -> Sequence[Setting]:
        """Declarations of all settings."""

    def check(self, settings: Settings) -> None:
        """Raises `ConfigError` for settings that are unknown or out of their range."""

    def encoders(self) -> Sequence[EncoderInfo]:
        """Pre-trained encoders to offer for the setting `base`; empty where the kind has no such setting."""

    def encoder(self, base: str) -> EncoderInfo:
        """The encoder that the setting `base` names; not called for a kind without encoders. Loads nothing."""

    def usual_base(self, languages: Sequence[str]) -> str:
        """The setting `base` for documents in these languages (ISO 639-1, none where they are not known); not called
        for a kind without encoders."""

    def lacking(self, languages: Sequence[str]) -> str:
        """A sentence on what would be the usual encoder for these languages but is not installed here, with the command
        that installs it; empty where nothing is lacking. Not called for a kind without encoders."""

    def train(
        self, data: TrainingData, config: TrainingConfig, observer: TrainingObserver, folder: Path
    ) -> TrainingResult:
        """Write the model's `files` into `folder`, which exists.

        Continues from checkpoints in `folder / CHECKPOINTS`, if any. Raises `Cancelled` at the next safe point once the
        observer says so, and the errors of `errors`.
        """

    def less_memory(self, settings: Settings) -> str:
        """The setting that would make a training with these settings take less memory, as `name = value`."""

    def readable(self, folder: Path) -> bool:
        """Whether `load` takes the model in `folder`: it is complete and of a known format. Loads nothing."""

    def load(self, folder: Path, threads: int) -> Predictor:
        """The model in `folder`, without torch. Raises where files are missing, damaged or of another version."""
