"""What a printed amount is, by the words beside it."""

from __future__ import annotations

from extraction.domain.auditing.values import AmountKind
from extraction.engines.teacher.rules.vocabulary.meanings import Meaning
from extraction.engines.teacher.rules.vocabulary.reading import has

# The first of these that a label has says what it is: `Change after cash` is change.
_KINDS = (
    (AmountKind.CHANGE, (Meaning.CHANGE,)),
    (AmountKind.ROUNDING, (Meaning.ROUNDING,)),
    (AmountKind.DISCOUNT, (Meaning.DISCOUNT,)),
    (AmountKind.TIP, (Meaning.TIP,)),
    (AmountKind.SUBTOTAL, (Meaning.SUBTOTAL, Meaning.NET, Meaning.BEFORE_TAX)),
    (AmountKind.TAX, (Meaning.TAX_LINE, Meaning.TAX_TOTAL)),
    (AmountKind.CASH, (Meaning.CASH, Meaning.TENDERED)),
)


def amount_kind(label: str) -> AmountKind:
    """The kind of an amount with that label, in any registered language."""
    return next((kind for kind, meanings in _KINDS if has(label, *meanings)), AmountKind.OTHER)
