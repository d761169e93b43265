"""Values inside rows, with the texts that may be their labels: left of them, above them, over their column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extraction.domain.field_types.base import Offsets
from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.heads import Heads
from extraction.engines.teacher.rules.lines import Layout, Row
from extraction.engines.teacher.rules.roles import Role
from extraction.engines.teacher.rules.vocabulary import Meaning, has

# A label on the row above counts for less than one on the same row.
ABOVE = 0.6
# Characters left of a value among which its label stands.
LABEL_WIDTH = 200
# Characters behind a value that are looked at: a word for a currency.
BEHIND = 6
# Words of a label; more are a sentence.
LONGEST_LABEL = 7
OWN = (
    *(Meaning.AMOUNT_DUE, Meaning.TOTAL_DUE, Meaning.PREPAID, Meaning.SUBTOTAL, Meaning.DISCOUNT),
    *(Meaning.CHANGE, Meaning.TENDERED),
)
LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A value inside a row.

    `near` is the text since the value before it, `label` all text left of it, `above` the text of the row above where
    that holds no value, `behind` the characters that follow, `head` the head of its column where that is one of sums.
    `columns`: how many values the row holds. `inner`: it is the end of a longer reading, as in `1 234.50`. `digits`:
    the value without the currency, where it holds one.
    """

    value: str
    row: Row
    near: str
    label: str
    above: str
    behind: str
    head: str
    columns: int
    inner: bool = False
    digits: str = ""

    @property
    def before(self) -> str:
        """What is printed directly before the value, without a space."""
        return self.near.rpartition(" ")[2]

    @property
    def after(self) -> str:
        """What is printed directly behind it."""
        return self.behind.partition(" ")[0]

    def rating(self, role: Role) -> float:
        """Score for the role by the nearest text that has letters, or by the head of the column."""
        if not self.head or _names_its_own(self.near):
            return self._beside(role)
        over, beside = role.rating(self.head), self._beside(role)
        if not LETTERS.search(self.label):
            return over
        if len(self.near.split()) > LONGEST_LABEL or not LETTERS.search(self.near):
            # A sentence is no label, and that of a row holds for its last value only.
            beside = max(beside, 0.0) if LETTERS.search(self.label) else beside
        return max(beside, over) if min(beside, over) >= 0 else min(beside, 0.0) + min(over, 0.0)

    def _beside(self, role: Role) -> float:
        if LETTERS.search(self.near):
            return role.rating(self.near)
        if LETTERS.search(self.label):
            # A further column of a table: the row's label holds for the last of its values only.
            return role.rating(self.label) * (1.0 if self.label == self.near else 0.7)
        return ABOVE * role.rating(self.above)


def occurrences(rows: Sequence[Row], find: Callable[[str], Sequence[Offsets]]) -> Iterator[Occurrence]:
    """Every value that `find` finds, from top to bottom."""
    above, heads = "", Heads()
    for row in rows:
        deadlines.check()
        text, last = row.text, 0
        found = find(text)
        layout = Layout(row) if found else None
        columns = len({end for _, end in found})
        for start, end in found:
            left = max(start - LABEL_WIDTH, 0)
            yield Occurrence(
                text[start:end],
                row,
                text[max(last, left) : start],
                text[left:start],
                above,
                text[end : end + BEHIND],
                heads.over(layout.box(start, end), row.page, columns) if layout else "",
                columns,
                end == last,
            )
            last = end
        above = text if LETTERS.search(text) and not last else ""
        heads.add(row, has_values=bool(last))


@lru_cache(maxsize=4096)
def _names_its_own(label: str) -> bool:
    """Whether a short label says what its amount is, whatever stands over the column."""
    return len(label.split()) <= LONGEST_LABEL and has(label, *OWN)
