"""Two systems on the same documents: how many each alone has right, and whether chance explains it.

Test: McNemar, *Note on the sampling error of the difference between correlated proportions*, Psychometrika 12, 1947, in
its exact form.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from extraction.domain.json_types import JsonObject


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Documents by who has them right."""

    both_right: int
    only_left: int
    only_right: int
    both_wrong: int

    @property
    def documents(self) -> int:
        return self.both_right + self.only_left + self.only_right + self.both_wrong

    @property
    def p_value(self) -> float:
        """The probability (0–1) of so uneven a share of the documents that one alone has right, were both equally
        good."""
        # Takes a second, and every process loads this module.
        from scipy.stats import binom

        differing = self.only_left + self.only_right
        return min(1.0, 2 * float(binom.cdf(min(self.only_left, self.only_right), differing, 0.5)))

    def to_json(self) -> JsonObject:
        return {**asdict(self), "documents": self.documents, "p_value": self.p_value}
