"""Pre-training on the unlabelled corpus: masked language modelling on the project's own documents, labelled or not.

It adapts the encoder to their vocabulary and layout, which labels then need not teach. As in BERT (arXiv 1810.04805),
with the boxes of masked words left visible as in LayoutLM (arXiv 1912.13318).
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import Dataset
from transformers import PreTrainedModel, PrinterCallback, Trainer

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.progress import Progress
from extraction.engines.atomic import atomic_write
from extraction.engines.student.base import TrainingObserver, UnlabelledCorpus
from extraction.engines.student.errors import Diverged
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import PLAIN, Featurizer, Tokens
from extraction.engines.student.layout.network.embeddings import embeddings
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training.pacing import Clock, PacingCallback, arguments, optimizer
from extraction.engines.student.layout.training.samples import INPUTS, Item, collate, jitter_boxes

# At most this fraction of a run's time; runs of fewer seconds do without.
FRACTION, FEWEST_SECONDS = 0.5, 600
BATCH, LEARNING_RATE = 4, 3e-4
# Fraction of the tokens that are to be predicted, and of these the fraction that is masked; the others stay visible.
PREDICTED, MASKED = 0.18, 0.85
IGNORED = -100  # label of a token that is not to be predicted
LOSSES = 10  # means of the loss over the course of pre-training

# Lines of the log.
KEPT = gettext_noop("Starting from what an earlier run had read: the words of {number} documents.")
READING = gettext_noop("Reading {number} documents, labelled or not, {times} times before learning from labels.")
READ = gettext_noop("Read them in {seconds} seconds; the loss on hidden words fell from {first} to {last}.")
STOPPED = gettext_noop(
    "Time ended this after {seconds} seconds, {done}; the loss on hidden words fell from {first} to {last}."
)


def pretrain(
    student: Student,
    featurizer: Featurizer,
    corpus: UnlabelledCorpus,
    config: StudentConfig,
    clock: Clock,
    *,
    seed: int,
    observer: TrainingObserver,
) -> None:
    """Pre-train the student's encoder on the corpus, in place, or take the weights that an earlier run kept.

    Weights of a complete pre-training are kept in the corpus's cache, for equal documents, settings and seed, in the
    place of those kept before. Does nothing where the run is too short or `config.pretrain` is 0. Raises `Cancelled`
    and `Diverged`.
    """
    if not config.pretrain or clock.limit < FEWEST_SECONDS:
        return
    documents = [featurizer.tokens(pages) for pages in corpus.documents]
    config = replace(config, pretrain=config.pretraining_epochs(len(documents)))
    windows = MaskedWindows(documents, featurizer, config)
    if not len(windows):
        return
    weights = corpus.cache / f"{_key(student.encoder, documents, config, seed)}.safetensors"
    if _load(student.encoder, weights):
        observer.log(filled(KEPT, number=len(documents)))
        return
    observer.log(filled(READING, number=len(documents), times=config.pretrain))
    started = time.monotonic()
    clock = Clock(FRACTION * clock.limit, started=started)
    outcome = _fit(student, windows, config, clock, corpus.cache, seed, observer)
    if not all(bool(weight.isfinite().all()) for weight in student.encoder.state_dict().values()):
        raise Diverged(
            gettext_noop("Reading the documents before learning diverged; start a run with the setting pretrain = 0.")
        )
    observer.log(outcome.summary(time.monotonic() - started))
    # An incomplete one is not kept: a run with more time would do better than to start from it.
    if outcome.complete:
        _save(student.encoder, weights)


class MaskedWindows(Dataset[Item]):
    """The windows of all documents. Each time one is taken its boxes move and other tokens are to be predicted;
    `labels` `[tokens]` are their ids, `IGNORED` elsewhere."""

    def __init__(self, documents: Sequence[Tokens], featurizer: Featurizer, config: StudentConfig) -> None:
        self.featurizer, self.config = featurizer, config
        self.windows = [(tokens, window) for tokens in documents for window in featurizer.windows(tokens)]

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, index: int) -> Item:
        tokens, window = self.windows[index]
        batch = self.featurizer.batch(tokens, [window])
        item: Item = {name: batch[name][0] for name in INPUTS}
        jitter_boxes(item, self.config.jitter)
        chance = torch.rand(2, len(item["input_ids"])).numpy()
        predicted = chance[0] < PREDICTED
        predicted[[0, -1]] = False
        item["labels"] = np.where(predicted, item["input_ids"], IGNORED)
        item["input_ids"] = np.where(predicted & (chance[1] < MASKED), self.featurizer.mask, item["input_ids"])
        # A role would reveal that an amount stands there, and which.
        item["token_type_ids"] = np.where(predicted, PLAIN, item["token_type_ids"])
        return item


class _MaskedLanguageModel(nn.Module):
    """The student's encoder with a head that predicts tokens; `forward` returns the loss, as a Trainer takes it."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student
        width = student.encoder.config.hidden_size
        self.head = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(len(self.embeddings)))

    @property
    def embeddings(self) -> Tensor:
        """Embeddings of all tokens, `[vocabulary, width]`, shared by the encoder's input and the head's output."""
        return embeddings(self.student.encoder)

    def forward(
        self, labels: Tensor, input_ids: Tensor, bbox: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> dict[str, Tensor]:
        """Mean cross-entropy in nats; all int64 of shape `[batch, tokens]`, `bbox` `[batch, tokens, 4]`."""
        predicted = labels != IGNORED
        states = self.head(self.student.hidden(input_ids, bbox, attention_mask, token_type_ids)[predicted])
        logits = functional.linear(states, self.embeddings, self.bias)
        losses = functional.cross_entropy(logits.float(), labels[predicted], reduction="sum")
        return {"loss": losses / predicted.sum().clamp(min=1)}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """`done` is the fraction of the steps (0–1); `first` and `last` are mean losses, in nats a predicted token, over
    the first and the last of the `LOSSES` parts."""

    done: float
    first: float
    last: float

    @property
    def complete(self) -> bool:
        return self.done == 1

    def summary(self, seconds: float) -> str:
        """One line for people."""
        losses = {"seconds": f"{seconds:.0f}", "first": f"{self.first:.2f}", "last": f"{self.last:.2f}"}
        return filled(READ, **losses) if self.complete else filled(STOPPED, **losses, done=f"{self.done:.0%}")


def _fit(
    student: Student,
    windows: MaskedWindows,
    config: StudentConfig,
    clock: Clock,
    folder: Path,
    seed: int,
    progress: Progress,
) -> _Outcome:
    model = _MaskedLanguageModel(student)
    steps = math.ceil(len(windows) / BATCH) * config.pretrain
    logging = {"logging_steps": max(1, steps // LOSSES), "save_strategy": "no"}
    trainer = Trainer(
        model=model,
        args=arguments(folder, seed, batch=BATCH, epochs=config.pretrain, **logging),
        train_dataset=windows,
        data_collator=_collate,
        optimizers=optimizer(model, config, LEARNING_RATE, steps, clock),
        callbacks=[PacingCallback(gettext_noop("Reading the documents"), steps, clock, progress)],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    # Without the autocast that was put around `forward`.
    trainer.accelerator.unwrap_model(trainer.model_wrapped, keep_fp32_wrapper=False)
    history = trainer.state.log_history
    # A pre-training that the clock ended within its first part has logged its mean alone.
    losses = [part["loss"] for part in history if "loss" in part] or [history[-1]["train_loss"]]
    return _Outcome(trainer.state.global_step / steps, losses[0], losses[-1])


def _collate(items: Sequence[Item]) -> dict[str, Tensor]:
    batch = collate([{name: item[name] for name in INPUTS} for item in items])
    longest = batch["input_ids"].shape[1]
    rows = [np.pad(item["labels"], (0, longest - len(item["labels"])), constant_values=IGNORED) for item in items]
    return {**batch, "labels": torch.from_numpy(np.stack(rows))}


def _key(network: PreTrainedModel, documents: Sequence[Tokens], config: StudentConfig, seed: int) -> str:
    """Hash of all that the weights depend on but the clock: the fresh encoder, the documents, the settings."""
    windowing = [config.pretrain, config.window, config.stride, config.jitter]
    optimization = [config.dropout, config.warmup, config.weight_decay, seed]
    digest = hashlib.sha256(json.dumps([windowing, optimization]).encode())
    for weight in network.state_dict().values():
        digest.update(weight.reshape(-1).view(torch.uint8).numpy())  # numpy has no bfloat16
    for tokens in documents:
        digest.update(tokens.ids.tobytes())
        digest.update(tokens.boxes.tobytes())
    return digest.hexdigest()[:16]


def _load(network: PreTrainedModel, weights: Path) -> bool:
    """Whether there were such weights to load."""
    try:
        network.load_state_dict(load_file(weights))
    except (OSError, SafetensorError):
        return False
    return True


def _save(network: PreTrainedModel, path: Path) -> None:
    weights = {name: weight.contiguous() for name, weight in network.state_dict().items()}
    for other in path.parent.glob("*.safetensors"):
        other.unlink(missing_ok=True)
    with atomic_write(path) as draft:
        save_file(weights, draft)
