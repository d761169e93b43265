"""Training samples: documents with their targets, as windows of tokens for the Trainer."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import SCALE, Batch, Featurizer, Tokens
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
    """A document as it is trained on; `windows` are (first, end) indices into its tokens."""

    tokens: Tokens
    windows: Sequence[tuple[int, int]]
    targets: Targets


@dataclass(frozen=True)
class StoredSample:
    """A sample and its variants, which have as many windows, in a `SampleStore`: where each begins, the document itself
    first, and what is known of it without reading."""

    places: Sequence[int]
    windows: int
    weight: Floats
    has_weight: bool
    has_rows: bool


class SampleStore:
    """Samples in a file, so that memory does not grow with the documents. `close` deletes it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")

    def add(self, sample: TrainingSample, variants: Iterable[TrainingSample] = ()) -> StoredSample:
        with self._file.open("ab") as file:
            places = []
            for each in (sample, *variants):
                places.append(file.tell())
                pickle.dump(each, file, pickle.HIGHEST_PROTOCOL)
        targets = sample.targets
        return StoredSample(places, len(sample.windows), targets.weight, targets.has_weight, targets.has_rows)

    def read(self, place: int) -> TrainingSample:
        self._reader.seek(place)
        sample: TrainingSample = pickle.load(self._reader)  # noqa: S301 – what `add` wrote a moment ago
        return sample

    @cached_property
    def _reader(self) -> BinaryIO:
        return self._file.open("rb")

    def __getstate__(self) -> dict[str, Any]:
        """Each process reads by a file handle of its own."""
        return {"_file": self._file}

    def close(self) -> None:
        if "_reader" in self.__dict__:
            self._reader.close()
        self._file.unlink(missing_ok=True)


class WindowDataset(Dataset[Item]):
    """The windows of all samples. Each time one is taken it is drawn from the document or a variant, its boxes move and
    some tokens are masked, by torch's generator: a resumed training goes on as it would have."""

    def __init__(
        self, samples: Sequence[StoredSample], store: SampleStore, featurizer: Featurizer, config: StudentConfig
    ) -> None:
        self.store, self.featurizer, self.config = store, featurizer, config
        self.windows = [(sample.places, number) for sample in samples for number in range(sample.windows)]

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, index: int) -> Item:
        places, number = self.windows[index]
        sample = self.store.read(places[int(torch.randint(len(places), ())) if len(places) > 1 else 0])
        first, end = sample.windows[number]
        batch = self.featurizer.batch(sample.tokens, [(first, end)])
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
