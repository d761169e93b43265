"""Claims in templates."""

from __future__ import annotations

from django import template

from extraction.domain.auditing import money
from extraction.models import Claim
from extraction.services import figures

register = template.Library()


@register.filter
def claimed_amount(claim: Claim) -> str:
    """The amount with the decimals of its currency, more where more were typed: `12.50 EUR`."""
    typed = -int(claim.amount.normalize().as_tuple().exponent)
    digits = max(money.minor_digits(claim.currency), typed)
    return f"{figures.decimal(claim.amount, digits)} {claim.currency}".strip()
