"""Stopping: how many labels are at most still wrong, and how many questions would show that they are few enough.

Only questions drawn at random count: those about doubtful labels find more errors than there are on average. They are
drawn from the labels that nobody has looked at, so the bound is one of these; what people looked at counts as right. It
stays valid while questions go on, as long as those about doubtful labels find at least as many errors as random ones:
then the share of wrong labels among the rest falls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from extraction.domain.evaluation.proportions import SURE, upper_bound
from extraction.domain.json_types import JsonObject
from extraction.domain.label_quality.questions import RANDOM_SHARE, ROUND

# The share of wrong labels that is asked down to.
TARGET = 0.02


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is still to ask."""

    rounds: int
    questions: int

    def to_json(self) -> JsonObject:
        return {"rounds": self.rounds, "questions": self.questions}


@dataclass(frozen=True, slots=True)
class Standing:
    """`labels` in all, `unseen` of them that nobody has looked at, `doubtful` of these that are worth a question;
    `asked` random questions were answered, `wrong` of them found a wrong label."""

    labels: int
    unseen: int
    doubtful: int
    asked: int
    wrong: int

    @property
    def bound(self) -> float | None:
        """The share of all labels that is at most still wrong; `None` where no random question was answered."""
        if not self.unseen:
            return 0.0
        return self._bound(self.asked, self.wrong, self.unseen) if self.asked else None

    def ahead(self, target: float = TARGET, size: int = ROUND) -> Ahead:
        """The rounds of `size` questions after which the bound is at most `target`, if random ones go on to find
        errors as often as so far; it is, at the latest, once people have looked at all labels."""
        least, most = 0, math.ceil(self.unseen / size)
        while least < most:
            middle = (least + most) // 2
            if self._after(middle, size) <= target:
                most = middle
            else:
                least = middle + 1
        return Ahead(least, min(least * size, self.unseen))

    def _after(self, rounds: int, size: int) -> float:
        """The bound after so many rounds more."""
        questions = min(rounds * size, self.unseen)
        if questions == self.unseen:
            return 0.0
        random = max(rounds * math.ceil(size * RANDOM_SHARE), questions - self.doubtful)
        rate = self.wrong / self.asked if self.asked else 0.0
        return self._bound(self.asked + random, self.wrong + rate * random, self.unseen - questions)

    def _bound(self, asked: float, wrong: float, unseen: int) -> float:
        return upper_bound(wrong, asked) * unseen / self.labels

    def to_json(self) -> JsonObject:
        return {
            "labels": self.labels,
            "unseen": self.unseen,
            "doubtful": self.doubtful,
            "asked": self.asked,
            "wrong": self.wrong,
            "at_most_wrong": self.bound,
            "sure": SURE,
        }
