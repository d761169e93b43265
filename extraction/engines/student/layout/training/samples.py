"""Training samples: documents with their targets, as windows of tokens for the Trainer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import SCALE, Batch, Featurizer
from extraction.engines.student.layout.inference.postprocessing import Document, Floats
from extraction.engines.student.layout.training.targets import Targets

INPUTS = ("input_ids", "bbox", "attention_mask", "token_type_ids")
TARGETS = ("tags", "token_weight", "starts", "weight", "start_weight", "options", "option_weight")
PER_TOKEN = (*INPUTS, "tags", "token_weight", "starts")

# One window: `INPUTS` of shape `[tokens]` (boxes `[tokens, 4]`, int64) and, of labelled ones, `TARGETS`: tags (int64),
# token_weight (float32) and starts (bool) `[tokens, outputs]`, weight and start_weight `[outputs]`, options and
# option_weight `[choices]`.
Item = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class TrainingSample:
    """A document with its targets, and variants of both that have as many windows."""

    document: Document
    targets: Targets
    variants: Sequence[TrainingSample] = ()


class WindowDataset(Dataset[Item]):
    """The windows of all samples. Each time one is taken it is drawn from the document or a variant, its boxes move and
    some tokens are masked, by torch's generator: a resumed training goes on as it would have."""

    def __init__(self, samples: Sequence[TrainingSample], featurizer: Featurizer, config: StudentConfig) -> None:
        self.featurizer, self.config = featurizer, config
        self.windows = [(sample, number) for sample in samples for number in range(len(sample.document.windows))]

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, index: int) -> Item:
        sample, number = self.windows[index]
        if sample.variants:
            sample = (sample, *sample.variants)[int(torch.randint(1 + len(sample.variants), ()))]
        first, end = sample.document.windows[number]
        batch = self.featurizer.batch(sample.document.tokens, [(first, end)])
        item: Item = {name: batch[name][0] for name in INPUTS}
        jitter_boxes(item, self.config.jitter)
        _mask_tokens(item, self.config.mask, self.featurizer.mask)
        return {**item, **_window_targets(sample.targets, first, end)}


def _window_targets(targets: Targets, first: int, end: int) -> Item:
    """Targets of one window, token axis first, special tokens included; "nowhere" is a start at the first of these."""
    ends = ((1, 1), (0, 0))
    starts = np.pad(targets.starts[:, first:end].T, ends)
    starts[0] = ~starts.any(axis=0)
    return {
        "tags": np.pad(targets.tags[:, first:end].T, ends),
        "token_weight": np.pad(targets.token_weight[:, first:end].T, ends),
        "starts": starts,
        "weight": targets.weight,
        "start_weight": targets.start_weight,
        "options": targets.options,
        "option_weight": targets.option_weight,
    }


def jitter_boxes(item: Item, jitter: float) -> None:
    """Shift and stretch the page by about `jitter` (fraction of the page), and each box by less, in place."""
    if not jitter:
        return
    shift, stretch = (torch.rand(2, 2).numpy() * 2 - 1) * jitter * 2
    boxes = item["bbox"].astype(np.float64)
    boxes = boxes * np.tile(1 + stretch, 2) + np.tile(shift, 2) * SCALE
    boxes += (torch.rand(boxes.shape).numpy() * 2 - 1) * jitter * SCALE * 0.2
    boxes = np.clip(boxes.round(), 0, SCALE).astype(np.int64)
    boxes[:, 2:] = np.maximum(boxes[:, :2], boxes[:, 2:])
    item["bbox"] = boxes


def _mask_tokens(item: Item, fraction: float, mask: int) -> None:
    """Replace that fraction of the tokens by the id `mask`, in place; never a special token."""
    masked = torch.rand(item["input_ids"].shape).numpy() < fraction
    masked[[0, -1]] = False
    item["input_ids"] = np.where(masked, mask, item["input_ids"])


def collate(items: Sequence[Item]) -> dict[str, Tensor]:
    """Windows as one batch, those of `PER_TOKEN` padded with zeros to the longest: shapes of `Item` after `[batch]`."""
    longest = max(len(item["input_ids"]) for item in items)
    batch = {}
    for name in items[0]:
        rows = [item[name] for item in items]
        if name in PER_TOKEN:
            rows = [np.pad(row, [(0, longest - len(row)), *[(0, 0)] * (row.ndim - 1)]) for row in rows]
        batch[name] = torch.from_numpy(np.stack(rows))
    return batch


@torch.no_grad()
def logits(model: torch.nn.Module, featurizer: Featurizer, document: Document) -> tuple[list[Floats], list[Floats]]:
    """The network's logits of each window of a document, as `postprocessing.answers` takes them.

    Leaves the model in evaluation mode.
    """
    model.eval()
    device = next(model.parameters()).device
    tags, options = [], []
    for window in document.windows:
        batch: Batch = featurizer.batch(document.tokens, [window])
        out = model(**{name: torch.from_numpy(batch[name]).to(device) for name in INPUTS})
        tags.append(out[0][0].cpu().numpy())
        options.append(out[1][0].cpu().numpy())
    return tags, options
