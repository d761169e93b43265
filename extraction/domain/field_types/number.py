"""Numbers: quantities, weights, percentages."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.numeric import Numeric
from extraction.domain.field_types.readers.amounts import find_numbers, parse_number
from extraction.domain.field_types.readers.currencies import DecimalSign

if TYPE_CHECKING:
    from extraction.domain.fields import Field


class Number(Numeric):
    """Normalised to plain digits without superfluous decimals and without a unit."""

    name = gettext_noop("number")
    noun = "a number"
    invalid = gettext_noop("Not a valid number")
    find = staticmethod(find_numbers)
    places = 0

    def parse(self, text: str, decimal_sign: DecimalSign) -> Decimal | None:
        return parse_number(text, decimal_sign=decimal_sign)

    def example(self, field: Field) -> str:
        return "2.50"
