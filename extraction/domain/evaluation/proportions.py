"""Shares of counts with intervals and bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass

# The standard normal deviate of a 95 % interval.
Z = 1.96
# How sure a bound is.
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` of `count`, which is more than 0."""

    hits: int
    count: int

    @property
    def share(self) -> float:
        return self.hits / self.count

    @property
    def ci95(self) -> tuple[float, float]:
        """The score interval (E. B. Wilson, *Probable inference, the law of succession, and statistical inference*,
        Journal of the American Statistical Association 22, 1927)."""
        n, p = self.count, self.share
        middle, half = p + Z**2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
        scale = 1 + Z**2 / n
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def upper_bound(wrong: float, asked: float, sure: float = SURE) -> float:
    """The share of wrong ones that is not exceeded, where `wrong` of `asked` random ones were wrong (Clopper and
    Pearson 1934, one-sided); 1 where nothing was asked."""
    # Takes a third of a second, and every process loads this module.
    from scipy.special import betaincinv

    return 1.0 if wrong >= asked else float(betaincinv(wrong + 1, asked - wrong, sure))
