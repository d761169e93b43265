"""What the Trainer is fed and what it minimises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.utils.data import Dataset

from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import SCALE, Batch, Encoder
from extraction.engines.student.layout.inference.postprocessing import Document
from extraction.engines.student.layout.training.targets import OUTSIDE, Targets

INPUTS = ("input_ids", "bbox", "attention_mask", "token_type_ids")
TARGETS = ("tags", "force", "begins", "weight", "options", "option_weight")
Item = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Lesson:
    """A document with what a student should say of it, and variants of both that have as many windows."""

    document: Document
    targets: Targets
    variants: Sequence[Lesson] = ()


class Windows(Dataset[Item]):
    """The windows of all lessons. With `augment`, each time one is taken it is drawn from the document or a variant,
    boxes move and tokens are hidden (by torch's generator, so that a resumed run goes on as it would have)."""

    def __init__(self, lessons: Sequence[Lesson], encoder: Encoder, config: StudentConfig, *, augment: bool) -> None:
        self.encoder, self.config, self.augment = encoder, config, augment
        self.places = [(lesson, number) for lesson in lessons for number in range(len(lesson.document.windows))]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> Item:
        lesson, number = self.places[index]
        if self.augment and lesson.variants:
            lesson = (lesson, *lesson.variants)[int(torch.randint(1 + len(lesson.variants), ()))]
        first, end = lesson.document.windows[number]
        batch = self.encoder.batch(lesson.document.tokens, [(first, end)])
        item: Item = {name: batch[name][0] for name in INPUTS}
        if self.augment:
            move(item, self.config.jitter)
            _hide(item, self.config.mask, self.encoder.mask)
        return {**item, **_window(lesson.targets, first, end)}


def _window(targets: Targets, first: int, end: int) -> Item:
    """Targets of one window, token first, with the marks of beginning and end; "nowhere" is the mark of beginning."""
    ends = ((1, 1), (0, 0))
    begins = np.pad(targets.begins[:, first:end].T, ends)
    begins[0] = ~begins.any(axis=0)
    return {
        "tags": np.pad(targets.tags[:, first:end].T, ends),
        "force": np.pad(targets.force[:, first:end].T, ends),
        "begins": begins,
        "weight": targets.weight,
        "options": targets.options,
        "option_weight": targets.option_weight,
    }


def move(item: Item, jitter: float) -> None:
    """Shift and stretch the page a little, and each box by a hair, by at most `jitter` (share of the page)."""
    if not jitter:
        return
    shift, stretch = (torch.rand(2, 2).numpy() * 2 - 1) * jitter * 2
    boxes = item["bbox"].astype(np.float64)
    boxes = boxes * np.tile(1 + stretch, 2) + np.tile(shift, 2) * SCALE
    boxes += (torch.rand(boxes.shape).numpy() * 2 - 1) * jitter * SCALE * 0.2
    boxes = np.clip(boxes.round(), 0, SCALE).astype(np.int64)
    boxes[:, 2:] = np.maximum(boxes[:, :2], boxes[:, 2:])
    item["bbox"] = boxes


def _hide(item: Item, share: float, mask: int) -> None:
    hidden = torch.rand(item["input_ids"].shape).numpy() < share
    hidden[[0, -1]] = False
    item["input_ids"] = np.where(hidden, mask, item["input_ids"])


def collate(items: Sequence[Item]) -> dict[str, Tensor]:
    """Windows to one batch, padded to the longest."""
    longest = max(len(item["input_ids"]) for item in items)
    batch = {}
    for name in items[0]:
        rows = [item[name] for item in items]
        if name in INPUTS or name in ("tags", "force", "begins"):
            rows = [np.pad(row, [(0, longest - len(row)), *[(0, 0)] * (row.ndim - 1)]) for row in rows]
        batch[name] = torch.from_numpy(np.stack(rows))
    return batch


def loss(tags: Tensor, options: Tensor, batch: Mapping[str, Tensor], config: StudentConfig) -> Tensor:
    """Tag every token, choose every value's beginning, choose every option. Shapes as `Student.forward` returns."""
    return _tagging(tags, batch, config.outside) + config.pick * _picking(tags, batch) + _choosing(options, batch)


def _tagging(tags: Tensor, batch: Mapping[str, Tensor], outside: float) -> Tensor:
    """Weighted cross-entropy of the tags, for each field on its own: two fields may stand on the same words."""
    scores = torch.cat([torch.zeros_like(tags[..., :1]), tags], dim=-1)
    wrong = functional.cross_entropy(scores.flatten(0, 2), batch["tags"].flatten(), reduction="none")
    weight = batch["force"] * batch["weight"].unsqueeze(1)
    weight = torch.where(batch["tags"] == OUTSIDE, weight * outside, weight)
    return (wrong * weight.flatten()).sum() / batch["attention_mask"].sum()


def _picking(tags: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    """Minus the log-probability that a value begins at one of its correct places; which of them is left open."""
    odds = tags[..., 0] - functional.softplus(tags[..., 1])
    possible = batch["force"] > 0
    possible[:, 0] = True
    odds = odds.masked_fill(~possible, -1e4)
    right = odds.masked_fill(~(batch["begins"] & possible), -1e4)
    wrong = odds.logsumexp(dim=1) - right.logsumexp(dim=1)
    return (wrong * batch["weight"]).sum() / batch["weight"].sum().clamp(min=1e-6)


def _choosing(options: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    if not batch["options"].shape[1]:
        return options.sum() * 0
    wrong = functional.cross_entropy(options.flatten(0, 1), batch["options"].flatten(), reduction="none")
    weight = batch["option_weight"].flatten()
    return (wrong * weight).sum() / weight.sum().clamp(min=1e-6)


@torch.no_grad()
def scores(model: torch.nn.Module, encoder: Encoder, document: Document) -> tuple[list[Any], list[Any]]:
    """The network's scores of each window of a document: tags and options, as `answering.answers` takes them."""
    model.eval()
    device = next(model.parameters()).device
    tags, options = [], []
    for window in document.windows:
        batch: Batch = encoder.batch(document.tokens, [window])
        out = model(**{name: torch.from_numpy(batch[name]).to(device) for name in INPUTS})
        tags.append(out[0][0].cpu().numpy())
        options.append(out[1][0].cpu().numpy())
    return tags, options
