"""The layout student as a kind: a network over tokens with boxes, trained with torch, served with ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extraction.domain.learning.training import EncoderInfo, Settings, TrainingResult
from extraction.engines.student.base import (
    Predictor,
    TrainingConfig,
    TrainingData,
    TrainingObserver,
)
from extraction.engines.student.layout.config import SETTINGS, StudentConfig
from extraction.engines.student.layout.files import DESCRIPTION, GRAPH, TOKENIZER, WEIGHTS
from extraction.engines.student.layout.network import encoders
from extraction.engines.student.settings import Setting


class LayoutStudent:
    """`base.StudentKind`. Torch and ONNX Runtime are imported when they are needed."""

    files: Sequence[str] = (DESCRIPTION, GRAPH, TOKENIZER, WEIGHTS)
    settings: Sequence[Setting] = SETTINGS

    def check(self, settings: Settings) -> None:
        StudentConfig.from_json(settings)

    def encoders(self) -> Sequence[EncoderInfo]:
        return encoders.OFFERED

    def encoder(self, base: str) -> EncoderInfo:
        return encoders.find(base)

    def usual_base(self, languages: Sequence[str]) -> str:
        return encoders.for_languages(languages)

    def lacking(self, languages: Sequence[str]) -> str:
        return encoders.lacking(languages)

    def train(
        self, data: TrainingData, config: TrainingConfig, observer: TrainingObserver, folder: Path
    ) -> TrainingResult:
        from extraction.engines.student.layout.training.training import train

        return train(data, config, observer, folder)

    def less_memory(self, settings: Settings) -> str:
        return StudentConfig.from_json(settings).less_memory()

    def readable(self, folder: Path) -> bool:
        from extraction.engines.student.layout.inference.description import ModelDescription

        try:
            ModelDescription.read(folder)
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return all((folder / name).is_file() for name in (GRAPH, TOKENIZER))

    def load(self, folder: Path, threads: int) -> Predictor:
        from extraction.engines.student.layout.inference.predictor import LayoutPredictor

        return LayoutPredictor(folder, threads)
