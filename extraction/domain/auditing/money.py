"""Amounts of money: exact products, and rounding to minor units of a currency.

Minor units are those of ISO 4217 as Unicode CLDR lists them, through Babel: 2 decimals of euros, 0 of yen, 3 of dinars.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache

from babel.numbers import get_currency_precision

from extraction.domain.field_types.readers import currencies

# Amounts reach to a million millions: with four decimals and a rate of ten digits all products stay exact.
LARGEST = Decimal(10) ** 12
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@cache
def minor_digits(currency: str) -> int:
    """Decimals of the currency's minor unit; 2 for a code that is not known."""
    return int(get_currency_precision(currency))


def is_currency(code: str) -> bool:
    """Whether the code (ISO 4217) is that of a currency which is tender today."""
    return code in currencies.codes()


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole minor units; halves go to the even neighbour."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), context=_EXACT)


def times(amount: Decimal, factor: Decimal) -> Decimal:
    """The exact product."""
    return _EXACT.multiply(amount, factor)
