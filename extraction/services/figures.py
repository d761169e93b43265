"""Numbers for people, as the reader's language writes them. Data, commands' JSON and the API take none of these."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext


def whole(number: int) -> str:
    """`1,234`, in German `1.234`."""
    return number_format(number, force_grouping=True)


def decimal(number: Decimal | float, digits: int, *, sign: bool = False) -> str:
    """With so many digits after the point; `sign` writes a plus too."""
    plus = "+" if sign and number >= 0 else ""
    return plus + number_format(f"{number:.{digits}f}", force_grouping=True)


def percent(share: float, digits: int = 1) -> str:
    """A share from 0 to 1: `96.2 %`."""
    return gettext("%(number)s %%") % {"number": decimal(100 * share, digits)}


def dollars(amount: Decimal | float, digits: int | None = None) -> str:
    """A sum, small ones to the hundredth of a cent, still smaller ones by their first digit: `$12.40`, `$0.0031`,
    `$0.00002`, `$0`."""
    if digits is None:
        # Rounded first: 0.0000999 begins with a 1, as the float 1e-7 does.
        first = -Decimal(f"{amount:.0e}").adjusted() if amount else 0
        digits = 0 if not amount else 2 if amount >= 1 else max(4, first)
    return gettext("$%(amount)s") % {"amount": decimal(amount, digits)}
