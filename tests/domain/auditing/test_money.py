"""Amounts of money are exact, in every currency."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.auditing.money import LARGEST, minor_digits, rounded, times
from extraction.domain.auditing.rates import Rate, Rates

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "MYR", "USD", "CLP"])
AMOUNTS = st.decimals(-LARGEST, LARGEST, allow_nan=False, allow_infinity=False, places=4)
RATES = st.decimals("0.0000000001", "100000", allow_nan=False, places=10)


@pytest.mark.parametrize(("code", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_minor_units_are_those_of_the_currency(code: str, digits: int) -> None:
    assert minor_digits(code) == digits


@given(AMOUNTS, CURRENCIES)
def test_rounding_moves_by_at_most_half_a_minor_unit(amount: Decimal, code: str) -> None:
    unit = Fraction(1, 10 ** minor_digits(code))
    assert abs(Fraction(rounded(amount, code)) - Fraction(amount)) * 2 <= unit
    assert Fraction(rounded(amount, code)) % unit == 0


@given(AMOUNTS, RATES)
def test_products_with_rates_are_exact(amount: Decimal, rate: Decimal) -> None:
    assert Fraction(times(amount, rate)) == Fraction(amount) * Fraction(rate)


def test_a_rate_holds_from_its_day_until_the_next() -> None:
    first, second = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
    rates = Rates("EUR", [Rate("USD", Decimal("0.8"), second), Rate("USD", Decimal("0.9"), first)])
    days = (datetime.date(2025, 12, 31), first, datetime.date(2026, 1, 31), second, datetime.date(2027, 1, 1), None)
    assert [str(rates.rate("USD", day)) for day in days] == ["0.9", "0.9", "0.9", "0.8", "0.8", "0.8"]
    assert rates.rate("EUR", None) == 1
    assert rates.rate("GBP", first) is None
