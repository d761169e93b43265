"""A finding and its amounts in words."""

from __future__ import annotations

from decimal import Decimal

from extraction.domain.auditing import money
from extraction.domain.auditing.finding import Finding
from extraction.services import figures
from extraction.services.auditing import explanations

title = explanations.title


def sentence(finding: Finding) -> str:
    """Why there is the finding, in the reader's language."""
    return explanations.sentence(finding.check, finding.variant, finding.facts, finding.currency)


def amount(value: Decimal, currency: str) -> str:
    """With the decimals of its currency: `1,250.00 EUR`."""
    digits = money.minor_digits(currency) if currency else 2
    return f"{figures.decimal(value, digits)} {currency}".strip()
