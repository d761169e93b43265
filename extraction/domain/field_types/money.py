"""Amounts of money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.numeric import Numeric
from extraction.domain.field_types.readers.amounts import parse_money
from extraction.domain.field_types.readers.currencies import DecimalSign

if TYPE_CHECKING:
    from extraction.domain.fields import Field


class Money(Numeric):
    """Normalised to plain digits with at least two decimals, without the currency."""

    name = gettext_noop("money")
    noun = "an amount of money"
    invalid = gettext_noop("Not a valid amount")
    alias_words = ("amount", "price", "cost", "fee", "charge", "subtotal", "balance", "salary", "paid")
    places = 2

    def parse(self, text: str, decimal_sign: DecimalSign) -> Decimal | None:
        return parse_money(text, decimal_sign=decimal_sign)

    def example(self, field: Field) -> str:
        return "1,007.50"
