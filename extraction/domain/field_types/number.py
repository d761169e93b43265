"""Numbers: quantities, weights, percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.field_types.base import AS_PRINTED, FieldType
from extraction.domain.field_types.money import PLAIN_FORM
from extraction.domain.field_types.readers.amounts import PLAIN, find_amounts, parse_number, write_decimal
from extraction.domain.field_types.readers.candidates import DayOrder

if TYPE_CHECKING:
    from extraction.domain.fields import Field


class Number(FieldType):
    """Normalised to plain digits without superfluous decimals and without a unit."""

    name = "number"
    noun = "a number"
    formats = (AS_PRINTED, PLAIN)
    invalid = "Not a valid number"
    numeric = True
    typed = True
    find = staticmethod(find_amounts)

    def normalize(self, field: Field, text: str, day_order: DayOrder) -> str | None:
        number = parse_number(text)
        return None if number is None else write_decimal(number, 0)

    def meanings(self, text: str, day_order: DayOrder) -> dict[object, float]:
        number = parse_number(text)
        return {} if number is None else {number: 1.0}

    def describe_format(self, field: Field) -> str:
        return super().describe_format(field) if field.format == AS_PRINTED else PLAIN_FORM

    def example(self, field: Field) -> str:
        return "2.50"
