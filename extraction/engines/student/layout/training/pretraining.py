"""Reading before learning: the encoder guesses hidden words of the project's own documents, labelled or not.

It comes to know their vocabulary and what stands where on them, which labels then need not teach. Masked language
modelling as in BERT (arXiv 1810.04805), with the boxes of hidden words left visible as in LayoutLM (arXiv 1912.13318).
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import Dataset
from transformers import PreTrainedModel, PrinterCallback, Trainer

from extraction.domain.pages import Page
from extraction.domain.progress import Progress
from extraction.engines.student.layout.config import Diverged, StudentConfig
from extraction.engines.student.layout.inference.featurizer import PLAIN, Encoder, Tokens
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training.pacing import Clock, Pace, arguments, optimizer
from extraction.engines.student.layout.training.samples import INPUTS, Item, collate, move

# At most this share of a run's time; a run of fewer seconds has none to spare.
SHARE, FEWEST_SECONDS = 0.5, 600
BATCH, LEARNING_RATE = 4, 3e-4
# Of the tokens so many are asked for, and of these so many are hidden; the others are to be confirmed.
ASKED, HIDDEN = 0.18, 0.85
UNASKED = -100
LOOKS = 10


@dataclass(frozen=True, slots=True)
class Pile:
    """The pages of a project's documents, labelled or not, and the folder `kept` for what was learned from them."""

    documents: Iterable[Sequence[Page]]
    kept: Path


def pretrain(
    student: Student,
    encoder: Encoder,
    pile: Pile,
    config: StudentConfig,
    clock: Clock,
    *,
    seed: int,
    progress: Progress,
    on_log: Callable[[str], None],
) -> None:
    """Let the student's encoder read the documents of `pile`, in place, or take what an earlier run kept.

    What was learned by a whole reading is kept, for these documents and settings alone: what others give takes its
    place. Nothing is done where the run is too short or `config.pretrain` is 0. Raises `Cancelled` and `Diverged`.
    """
    if not config.pretrain or clock.limit < FEWEST_SECONDS:
        return
    documents = [encoder.tokens(pages) for pages in pile.documents]
    windows = HiddenWords(documents, encoder, config)
    if not len(windows):
        return
    weights = pile.kept / f"{_key(student.encoder, documents, config, seed)}.safetensors"
    if _taken(student.encoder, weights):
        on_log(f"Starting from what an earlier run had read: the words of {len(documents)} documents.")
        return
    on_log(f"Reading {len(documents)} documents, labelled or not, {config.pretrain} times before learning from labels.")
    started = time.monotonic()
    clock = Clock(SHARE * clock.limit, started=started)
    done, first, last = _read(student, windows, config, clock, pile.kept, seed, progress)
    if not all(bool(weight.isfinite().all()) for weight in student.encoder.state_dict().values()):
        raise Diverged("Reading the documents before learning diverged; start a run with the setting pretrain = 0.")
    spent = time.monotonic() - started
    how = f"Read them in {spent:.0f} seconds" if done == 1 else f"Time ended this after {spent:.0f} seconds, {done:.0%}"
    on_log(f"{how}; the loss on hidden words fell from {first:.2f} to {last:.2f}.")
    # A run with more time would do better than to start from a part.
    if done == 1:
        _keep(student.encoder, weights)


class HiddenWords(Dataset[Item]):
    """The windows of all documents. Each time one is taken its boxes move and other tokens are asked for; `labels` are
    their ids, `UNASKED` elsewhere."""

    def __init__(self, documents: Sequence[Tokens], encoder: Encoder, config: StudentConfig) -> None:
        self.encoder, self.config = encoder, config
        self.places = [(tokens, window) for tokens in documents for window in encoder.windows(tokens)]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> Item:
        tokens, window = self.places[index]
        batch = self.encoder.batch(tokens, [window])
        item: Item = {name: batch[name][0] for name in INPUTS}
        move(item, self.config.jitter)
        chance = torch.rand(2, len(item["input_ids"])).numpy()
        asked = chance[0] < ASKED
        asked[[0, -1]] = False
        item["labels"] = np.where(asked, item["input_ids"], UNASKED)
        item["input_ids"] = np.where(asked & (chance[1] < HIDDEN), self.encoder.mask, item["input_ids"])
        # A role would tell that an amount stands there, and which.
        item["token_type_ids"] = np.where(asked, PLAIN, item["token_type_ids"])
        return item


class _Guesser(nn.Module):
    """The student's encoder and a head that guesses tokens; `forward` returns the loss, as a Trainer takes it."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student
        width = student.encoder.config.hidden_size
        self.head = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(len(self.words)))

    @property
    def words(self) -> Tensor:
        """An embedding for each token, `[tokens, width]`, which guesses share with the encoder's input."""
        return cast("Tensor", self.student.encoder.get_input_embeddings().weight)

    def forward(
        self, labels: Tensor, input_ids: Tensor, bbox: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> dict[str, Tensor]:
        asked = labels != UNASKED
        guesses = self.head(self.student.hidden(input_ids, bbox, attention_mask, token_type_ids)[asked])
        scores = functional.linear(guesses, self.words, self.bias)
        wrong = functional.cross_entropy(scores.float(), labels[asked], reduction="sum")
        return {"loss": wrong / asked.sum().clamp(min=1)}


def _read(
    student: Student,
    windows: HiddenWords,
    config: StudentConfig,
    clock: Clock,
    kept: Path,
    seed: int,
    progress: Progress,
) -> tuple[float, float, float]:
    """How much of the reading was done (0–1), and the mean loss (nats a hidden word) over the first and the last of its
    `LOOKS` parts."""
    guesser = _Guesser(student)
    steps = math.ceil(len(windows) / BATCH) * config.pretrain
    looks = {"logging_steps": max(1, steps // LOOKS), "save_strategy": "no"}
    trainer = Trainer(
        model=guesser,
        args=arguments(kept, seed, batch=BATCH, epochs=config.pretrain, **looks),
        train_dataset=windows,
        data_collator=_collate,
        optimizers=optimizer(guesser, config, LEARNING_RATE, steps, clock),
        callbacks=[Pace("Reading the documents", steps, clock, progress)],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    # Off with the autocast that was put around `forward`.
    trainer.accelerator.unwrap_model(trainer.model_wrapped, keep_fp32_wrapper=False)
    told = trainer.state.log_history
    # A reading that the clock ended within its first part has told of its mean alone.
    losses = [part["loss"] for part in told if "loss" in part] or [told[-1]["train_loss"]]
    return trainer.state.global_step / steps, losses[0], losses[-1]


def _collate(items: Sequence[Mapping[str, Any]]) -> dict[str, Tensor]:
    batch = collate([{name: item[name] for name in INPUTS} for item in items])
    longest = batch["input_ids"].shape[1]
    rows = [np.pad(item["labels"], (0, longest - len(item["labels"])), constant_values=UNASKED) for item in items]
    return {**batch, "labels": torch.from_numpy(np.stack(rows))}


def _key(network: PreTrainedModel, documents: Sequence[Tokens], config: StudentConfig, seed: int) -> str:
    """Names all that the outcome depends on but the clock: the fresh encoder, the documents, the settings."""
    shape = [config.pretrain, config.window, config.stride, config.jitter]
    course = [config.dropout, config.warmup, config.weight_decay, seed]
    digest = hashlib.sha256(json.dumps([shape, course]).encode())
    for weight in network.state_dict().values():
        digest.update(weight.reshape(-1).view(torch.uint8).numpy())  # numpy knows no bfloat16
    for tokens in documents:
        digest.update(tokens.ids.tobytes())
        digest.update(tokens.boxes.tobytes())
    return digest.hexdigest()[:16]


def _taken(network: PreTrainedModel, weights: Path) -> bool:
    try:
        network.load_state_dict(load_file(weights))
    except (OSError, SafetensorError):
        return False
    return True


def _keep(network: PreTrainedModel, weights: Path) -> None:
    learned = {name: weight.contiguous() for name, weight in network.state_dict().items()}
    for other in weights.parent.glob("*.safetensors"):
        other.unlink(missing_ok=True)
    draft = weights.with_suffix(".draft")
    try:
        # Renamed, so that it is there as a whole or not at all.
        save_file(learned, draft)
        draft.replace(weights)
    finally:
        draft.unlink(missing_ok=True)
