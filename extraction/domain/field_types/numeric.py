"""What amounts and numbers have in common: a decimal value whose sign before decimals may be in doubt."""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from extraction.domain.field_types.base import AS_PRINTED, FieldType, Meaning
from extraction.domain.field_types.readers.amounts import PLAIN, find_amounts, without_closing_dash, write_decimal
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.field_types.readers.currencies import DecimalSign

if TYPE_CHECKING:
    from extraction.domain.fields import Field


class Numeric(FieldType):
    """Normalised to plain digits with a point before at least `places` decimals."""

    formats = (AS_PRINTED, PLAIN)
    numeric = True
    typed = True
    find = staticmethod(find_amounts)
    places: ClassVar[int]

    @abstractmethod
    def parse(self, text: str, decimal_sign: DecimalSign) -> Decimal | None:
        """The value; `None` where it cannot be read with certainty."""

    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        value = self.parse(text, conventions.decimal_sign)
        return None if value is None else write_decimal(value, self.places)

    def readings(self, field: Field, text: str, conventions: Conventions) -> tuple[Meaning, ...]:
        """Both values of `60.000`, where nothing tells whether its sign groups or stands before decimals, and of
        `500-`, whose dash closes the amount or is a minus."""
        certain = bool(self.meanings(text, conventions))
        signs: tuple[DecimalSign, ...] = (conventions.decimal_sign,) if certain else ("none", ".", ",")
        texts = (text,) if certain else without_closing_dash(text)
        values = (self.parse(each, sign) for each in texts for sign in signs)
        written = dict.fromkeys(write_decimal(value, self.places) for value in values if value is not None)
        return tuple(Meaning(value, value) for value in written)

    def meanings(self, text: str, conventions: Conventions) -> dict[object, float]:
        value = self.parse(text, conventions.decimal_sign)
        return {} if value is None else {value: 1.0}

    def describe_format(self, field: Field) -> str:
        if field.format == AS_PRINTED:
            return super().describe_format(field)
        return "in digits, with a point before the decimals and no other sign, as 1007.50"
