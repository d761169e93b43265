"""Corrections of a teacher's values by people, and which of them are alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# So many corrections that are alike make a habit, which an instruction can change.
FEWEST_ALIKE = 3


class Difference(StrEnum):
    """How the right value differs from the teacher's: it had none, or one too many, or another text; `SHORTER` and
    `LONGER` are parts of each other."""

    MISSED = "missed"
    INVENTED = "invented"
    SHORTER = "shorter"
    LONGER = "longer"
    OTHER = "other"

    @classmethod
    def between(cls, said: str | None, right: str | None) -> Difference:
        """Of two values that are not the same."""
        if not said:
            return cls.MISSED
        if not right:
            return cls.INVENTED
        first, second = (" ".join(text.casefold().split()) for text in (said, right))
        if second in first:
            return cls.SHORTER
        return cls.LONGER if first in second else cls.OTHER


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's value (`right`, `None`: not on the document) beside what the teacher had `said`, printed on a document
    of `vendor` (empty where unknown). `label` and `document` are primary keys."""

    document: int
    label: int
    field: str
    vendor: str
    said: str | None
    right: str | None

    @property
    def difference(self) -> Difference:
        return Difference.between(self.said, self.right)


@dataclass(frozen=True, slots=True)
class Alike:
    """Corrections of one field that differ from the teacher's values in the same way; of one `vendor` unless that is
    empty."""

    field: str
    vendor: str
    difference: Difference
    corrections: tuple[Correction, ...]


def alike(corrections: Sequence[Correction], fewest: int = FEWEST_ALIKE) -> list[Alike]:
    """Groups of at least `fewest`, the largest first. Corrections of a vendor that has a group stand there; the others
    of the field are grouped whatever their vendor."""
    of_vendors: dict[tuple[str, str, Difference], list[Correction]] = defaultdict(list)
    for each in corrections:
        of_vendors[each.field, each.vendor, each.difference].append(each)
    groups: list[Alike] = []
    rest: dict[tuple[str, Difference], list[Correction]] = defaultdict(list)
    for (field, vendor, difference), members in of_vendors.items():
        if vendor and len(members) >= fewest:
            groups.append(Alike(field, vendor, difference, tuple(members)))
        else:
            rest[field, difference] += members
    groups += [
        Alike(field, "", difference, tuple(members))
        for (field, difference), members in rest.items()
        if len(members) >= fewest
    ]
    return sorted(groups, key=lambda group: (-len(group.corrections), group.field, group.vendor))
