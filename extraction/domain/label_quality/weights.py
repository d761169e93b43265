"""Weights of labels in training: how much a label teaches, by how probably it is right."""

from __future__ import annotations

# A label that is less probably right teaches nothing.
FORGOTTEN = 0.3
# The weight of a label that its source doubted, where nothing else is known about it.
UNSURE = 0.5
# Weights are rounded, so that equal labels go on to give equal snapshots while estimates move a little.
DIGITS = 1


def training_weight(probability: float | None, *, unsure: bool = False) -> float:
    """From 0 to 1: the probability, nothing below `FORGOTTEN`; where there is none, 1 or `UNSURE`."""
    if probability is None:
        return UNSURE if unsure else 1.0
    return round(probability, DIGITS) if probability >= FORGOTTEN else 0.0
