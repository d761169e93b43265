"""Amounts of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.field_types.base import AS_PRINTED, FieldType
from extraction.domain.field_types.readers.amounts import PLAIN, find_amounts, parse_money, write_decimal
from extraction.domain.field_types.readers.candidates import DayOrder

if TYPE_CHECKING:
    from extraction.domain.fields import Field

PLAIN_FORM = "in digits, with a point before the decimals and no other sign, as 1007.50"


class Money(FieldType):
    """Normalised to plain digits with at least two decimals, without the currency."""

    name = "money"
    noun = "an amount of money"
    formats = (AS_PRINTED, PLAIN)
    invalid = "Not a valid amount"
    numeric = True
    typed = True
    alias_words = ("amount", "price", "cost", "fee", "charge", "subtotal", "balance", "salary", "paid")
    find = staticmethod(find_amounts)

    def normalize(self, field: Field, text: str, day_order: DayOrder) -> str | None:
        amount = parse_money(text)
        return None if amount is None else write_decimal(amount, 2)

    def meanings(self, text: str, day_order: DayOrder) -> dict[object, float]:
        amount = parse_money(text)
        return {} if amount is None else {amount: 1.0}

    def describe_format(self, field: Field) -> str:
        return super().describe_format(field) if field.format == AS_PRINTED else PLAIN_FORM

    def example(self, field: Field) -> str:
        return "1,007.50"
