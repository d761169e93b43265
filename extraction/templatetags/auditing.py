"""Claims in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

from extraction.domain.auditing import money
from extraction.models import Claim, Finding
from extraction.services import figures
from extraction.services.auditing.findings import sentences

register = template.Library()


@register.filter
def claimed_amount(claim: Claim) -> str:
    """The amount with the decimals of its currency, more where more were typed: `12.50 EUR`."""
    typed = -int(claim.amount.normalize().as_tuple().exponent)
    digits = max(money.minor_digits(claim.currency), typed)
    return f"{figures.decimal(claim.amount, digits)} {claim.currency}".strip()


@register.filter
def expected_loss(finding: Finding) -> str:
    """Probability times amount at risk, in the base currency."""
    return sentences.amount(finding.expected, finding.currency)


@register.filter
def money_of(amount: Decimal, currency: str) -> str:
    """An amount with the decimals of its currency."""
    return sentences.amount(amount, currency)


@register.filter
def check_title(name: str) -> str:
    """The name of a check in words."""
    return sentences.title(name)
