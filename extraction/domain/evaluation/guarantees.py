"""Guarantees: how sure an answer must be so that those accepted unseen are hardly ever wrong.

Answers that people checked are ordered by confidence. Ever larger sets of the surest are tested, each by the exact
upper bound of its share of wrong ones (Clopper & Pearson 1934, one-sided), until one fails. The order of the tests
follows from the confidences alone, so that each test is made at the full level and all together still hold with `SURE`
(fixed-sequence testing: Maurer, Hothorn & Lehmacher, *Multiple comparisons in drug clinical trials*, 1995; for
predictions Angelopoulos et al., *Learn then Test*, 2021). It holds for documents like those that were checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from extraction.domain.evaluation.proportions import SURE, upper_bound
from extraction.domain.json_types import JsonObject

# Sets grow by this share of all checked answers.
STEP = 0.05


class GuaranteeState(StrEnum):
    """Whether answers of a field may be accepted unseen."""

    HELD = "held"
    TOO_FEW = "too_few"
    TOO_MANY_WRONG = "too_many_wrong"


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """The confidence of an answer, 0 to 1, and whether it agrees with what a person says, and with what a teacher says
    (`None`: the teacher was not asked)."""

    confidence: float
    right: bool
    agreed: bool | None = None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The result for one field.

    `target` is the share of wrong answers (0 to 1) that is not to be exceeded, `checked` the answers that people
    checked. Where it is held, answers with a confidence of `threshold` or more may be accepted; `accepted` of the
    checked ones have it, `wrong` of them are wrong, and `bound` is the share of wrong ones that is not exceeded with
    `SURE`. `needed` is the fewest checked answers that allow the target, were all right.
    """

    target: float
    state: GuaranteeState
    checked: int
    needed: int
    threshold: float | None = None
    accepted: int = 0
    wrong: int = 0
    bound: float | None = None

    @property
    def share(self) -> float:
        """The share of the checked answers that would have been accepted unseen."""
        return self.accepted / self.checked if self.checked else 0.0

    def accepts(self, confidence: float | None) -> bool:
        """Whether an answer may be accepted unseen."""
        return self.threshold is not None and confidence is not None and confidence >= self.threshold

    def to_json(self) -> JsonObject:
        return {**asdict(self), "state": self.state.value}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{**value, "state": GuaranteeState(value["state"])})


def needed(target: float, wrong: int = 0) -> int:
    """The fewest answers of which `wrong` may be wrong for an error of at most `target` (over 0, below 1)."""
    count = math.ceil(math.log(1 - SURE) / math.log(1 - target))
    while upper_bound(wrong, count) > target:
        count += 1
    return count


def guarantee(answers: Sequence[CheckedAnswer], target: float) -> Guarantee:
    """The lowest threshold of confidence whose error is at most `target` (over 0, below 1) with `SURE`."""
    fewest = needed(target)
    if len(answers) < fewest:
        return Guarantee(target, GuaranteeState.TOO_FEW, len(answers), fewest)
    found = Guarantee(target, GuaranteeState.TOO_MANY_WRONG, len(answers), fewest)
    ordered = sorted(answers, key=lambda answer: -answer.confidence)
    wrong_until = [0]
    for answer in ordered:
        wrong_until.append(wrong_until[-1] + (not answer.right))
    for size in _sizes([answer.confidence for answer in ordered], target):
        wrong = wrong_until[size]
        bound = upper_bound(wrong, size)
        if bound > target:
            break
        threshold = ordered[size - 1].confidence
        found = Guarantee(target, GuaranteeState.HELD, len(answers), fewest, threshold, size, wrong, bound)
    return found


def _sizes(confidences: Sequence[float], target: float) -> Iterator[int]:
    """How many of the surest answers each test is about; equal confidences stay together.

    The first set has half of the answers, and is large enough for one wrong one where that is possible: a slip of the
    student where it is surest would else end the tests.
    """
    total, fewest, forgiving = len(confidences), needed(target), needed(target, wrong=1)
    first = max(forgiving if forgiving <= total else fewest, total // 2)
    ends = [at for at in range(1, total) if confidences[at] != confidences[at - 1]] + [total]
    large_enough = [end for end in ends if end >= fewest]
    size = max((end for end in large_enough if end <= first), default=large_enough[0])
    step = max(1, round(STEP * total))
    yield size
    for end in large_enough:
        if end >= size + step or (end == total and end > size):
            yield end
            size = end
