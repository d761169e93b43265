"""Numbers: quantities, weights, percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.field_types.base import AS_PRINTED, FieldType, Meaning
from extraction.domain.field_types.money import PLAIN_FORM
from extraction.domain.field_types.readers.amounts import PLAIN, find_amounts, parse_number, write_decimal
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.field_types.readers.currencies import DecimalSign

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

    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        read = parse_number(text, decimal_sign=conventions.decimal_sign)
        return None if read is None else write_decimal(read, 0)

    def readings(self, field: Field, text: str, conventions: Conventions) -> tuple[Meaning, ...]:
        """Both values of `60.000`, where nothing tells whether its sign groups or stands before decimals."""
        certain = bool(self.meanings(text, conventions))
        signs: tuple[DecimalSign, ...] = (conventions.decimal_sign,) if certain else ("none", ".", ",")
        read = (parse_number(text, decimal_sign=sign) for sign in signs)
        written = dict.fromkeys(write_decimal(value, 0) for value in read if value is not None)
        return tuple(Meaning(value, value) for value in written)

    def meanings(self, text: str, conventions: Conventions) -> dict[object, float]:
        read = parse_number(text, decimal_sign=conventions.decimal_sign)
        return {} if read is None else {read: 1.0}

    def describe_format(self, field: Field) -> str:
        return super().describe_format(field) if field.format == AS_PRINTED else PLAIN_FORM

    def example(self, field: Field) -> str:
        return "2.50"
