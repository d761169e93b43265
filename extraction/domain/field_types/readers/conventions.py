"""How documents print values that can be read in two ways."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain.field_types.readers.candidates import DayOrder
from extraction.domain.field_types.readers.currencies import DecimalSign


@dataclass(frozen=True, slots=True)
class Conventions:
    """Which of day and month comes first, and which sign stands before decimals; `None` where it is not known.

    `thai`: whether the document is, so that a year of two digits may be of the Buddhist era.
    """

    day_order: DayOrder = None
    decimal_sign: DecimalSign = None
    thai: bool = False


UNKNOWN = Conventions()
