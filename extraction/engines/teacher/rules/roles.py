"""What fields ask for, and which words beside a value speak for it or against it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.engines.teacher.rules.vocabulary import Meaning, has


@dataclass(frozen=True, slots=True)
class Sign:
    """A label that shows any of the meanings, or the pattern, counts for `weight`."""

    weight: float
    meanings: tuple[Meaning, ...] = ()
    pattern: re.Pattern[str] | None = None

    def shown(self, label: str) -> bool:
        return has(label, *self.meanings) or bool(self.pattern and self.pattern.search(label))


@dataclass(frozen=True, slots=True)
class Role:
    """`asked`: what a field is called that wants it. The strongest supporting sign counts, and all opposing ones."""

    name: str
    asked: re.Pattern[str]
    supporting: Sequence[Sign]
    opposing: Sequence[Sign] = ()

    def rating(self, label: str) -> float:
        support = max((sign.weight for sign in self.supporting if sign.shown(label)), default=0.0)
        return support - sum(sign.weight for sign in self.opposing if sign.shown(label))


def _signs(*rows: tuple[float, tuple[Meaning, ...]]) -> tuple[Sign, ...]:
    return tuple(Sign(weight, meanings) for weight, meanings in rows)


_TOTAL = _signs(
    (4.0, (Meaning.TOTAL_DUE,)),
    (3.8, (Meaning.TOTAL_ROUNDED,)),
    (3.0, (Meaning.TOTAL,)),
    (1.6, (Meaning.PAYABLE,)),
    (0.8, (Meaning.PAYMENT, Meaning.CASH, Meaning.CARD)),
)
_NO_TOTAL = _signs(
    (2.6, (Meaning.SUBTOTAL,)),
    (2.2, (Meaning.BEFORE_TAX,)),
    (2.6, (Meaning.TAX_LINE,)),
    (3.0, (Meaning.DISCOUNT,)),
    (2.2, (Meaning.COUNT,)),
    (4.0, (Meaning.CHANGE,)),
    (2.0, (Meaning.TENDERED,)),
    (3.0, (Meaning.ROUNDING,)),
    (2.0, (Meaning.OTHER_AMOUNT,)),
)


def _role(name: str, asked: str, supporting: Sequence[Sign], opposing: Sequence[Sign] = ()) -> Role:
    return Role(name, re.compile(asked), supporting, opposing)


TOTAL = _role("total", r"total|amount|\bsum\b|gross|betrag", _TOTAL, _NO_TOTAL)
# The total with tax, whatever was paid before.
GROSS = _role(
    "gross",
    r"gross|with tax|incl\w* (tax|vat|gst)|tax(es)? incl",
    (*_TOTAL, Sign(2.6, (Meaning.GROSS,))),
    (*_NO_TOTAL, Sign(1.5, (Meaning.AMOUNT_DUE,)), Sign(3.0, (Meaning.PREPAID,))),
)
DUE = _role(
    "due",
    r"\bdue\b|payable|to pay\b|to be paid|outstanding|\bbalance",
    (Sign(5.0, (Meaning.AMOUNT_DUE,)), *_TOTAL),
    (*_NO_TOTAL, Sign(3.0, (Meaning.PREPAID,))),
)
PREPAID = _role("prepaid", r"prepaid|deposit|advance|already paid", _signs((3.0, (Meaning.PREPAID,))))
SERVICE = _role("service", r"service", _signs((3.0, (Meaning.SERVICE,))), _signs((1.5, (Meaning.TIP,))))
TIP = _role("tip", r"\btips?\b|gratuity", _signs((3.0, (Meaning.TIP,))))
NET = _role(
    "subtotal",
    r"sub ?total|\bnet\b|before tax|excl",
    _signs((4.0, (Meaning.SUBTOTAL,)), (2.0, (Meaning.BEFORE_TAX, Meaning.NET))),
    _signs((2.0, (Meaning.GROSS, Meaning.CHANGE, Meaning.CASH, Meaning.ROUNDING, Meaning.ROUNDED))),
)
TAX = _role(
    "tax",
    r"\b(tax|taxes|vat|gst|sst|mwst)\b",
    _signs((3.0, (Meaning.TAX_TOTAL,)), (2.2, (Meaning.TAX,))),
    _signs((1.5, (Meaning.TAX_ELSEWHERE,))),
)
ROUNDING = _role(
    "rounding",
    r"rounding",
    _signs((3.0, (Meaning.ROUNDING, Meaning.ROUNDED))),
    _signs((2.0, (Meaning.TOTAL, Meaning.TOTAL_DUE))),
)
CHANGE = _role("change", r"\bchange", _signs((3.0, (Meaning.CHANGE,))))
TENDERED = _role("tendered", r"tender|cash|\bpaid", _signs((3.0, (Meaning.TENDERED, Meaning.CASH))))
MONEY: Sequence[Role] = (
    _role("discount", r"discount|rebate|saving", _signs((3.0, (Meaning.DISCOUNT,)))),
    ROUNDING,
    CHANGE,
    PREPAID,
    _role("card", r"\bcard\b|credit|debit", _signs((3.0, (Meaning.CARD,)))),
    TENDERED,
    TIP,
    SERVICE,
    NET,
    GROSS,
    TAX,
    DUE,
    TOTAL,
)

ISSUED = _role(
    "issued",
    r"",
    _signs((2.6, (Meaning.ISSUED,)), (2.0, (Meaning.DATE,))),
    _signs((3.0, (Meaning.DUE, Meaning.DELIVERY, Meaning.ORDERED)), (2.0, (Meaning.OTHER_DATE,))),
)
DATES: Sequence[Role] = (
    _role("due", r"\bdue|payable", _signs((3.0, (Meaning.DUE,)))),
    _role("delivery", r"deliver|ship|supply|service date", _signs((3.0, (Meaning.DELIVERY,)))),
    ISSUED,
)


def role_of(name: str, instruction: str, roles: Sequence[Role]) -> Role | None:
    """The role that a field's name asks for, else the start of its instruction; `None` where neither tells."""
    for text in (name.replace("_", " "), " ".join(instruction.lower().split()[:8])):
        for role in roles:
            if role.asked.search(text):
                return role
    return None


def own_words(name: str) -> Role:
    """The field's own name as the label to look for."""
    label = re.compile(r"[\s.-]*".join(map(re.escape, name.split("_"))), re.IGNORECASE)
    return Role(name, label, (Sign(3.0, pattern=label),))
