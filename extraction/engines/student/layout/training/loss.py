"""Loss of the layout student: tags of tokens, start positions of values, options of choices."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.training.targets import OUTSIDE


def loss(tags: Tensor, options: Tensor, batch: Mapping[str, Tensor], config: StudentConfig) -> Tensor:
    """Sum of the three losses, a scalar in nats. Logits as from `Student.forward`, `batch` as from `collate`."""
    tagging, start = _tagging_loss(tags, batch, config.outside), _start_loss(tags, batch)
    return tagging + config.pick * start + _option_loss(options, batch)


def _tagging_loss(tags: Tensor, batch: Mapping[str, Tensor], outside: float) -> Tensor:
    """Weighted cross-entropy of the tags, for each field on its own: two fields may stand on the same words."""
    logits = torch.cat([torch.zeros_like(tags[..., :1]), tags], dim=-1)
    losses = functional.cross_entropy(logits.flatten(0, 2), batch["tags"].flatten(), reduction="none")
    weight = batch["token_weight"] * batch["weight"].unsqueeze(1)
    weight = torch.where(batch["tags"] == OUTSIDE, weight * outside, weight)
    return (losses * weight.flatten()).sum() / batch["attention_mask"].sum()


def _start_loss(tags: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    """Minus the log-probability that a value starts at one of its correct positions, which of them is left open."""
    odds = tags[..., 0] - functional.softplus(tags[..., 1])
    possible = batch["token_weight"] > 0
    possible[:, 0] = True
    odds = odds.masked_fill(~possible, -1e4)
    right = odds.masked_fill(~(batch["starts"] & possible), -1e4)
    losses = odds.logsumexp(dim=1) - right.logsumexp(dim=1)
    return (losses * batch["start_weight"]).sum() / batch["start_weight"].sum().clamp(min=1e-6)


def _option_loss(options: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    """Weighted cross-entropy of the options; 0 without choices."""
    if not batch["options"].shape[1]:
        return options.sum() * 0
    losses = functional.cross_entropy(options.flatten(0, 1), batch["options"].flatten(), reduction="none")
    weight = batch["option_weight"].flatten()
    return (losses * weight).sum() / weight.sum().clamp(min=1e-6)
