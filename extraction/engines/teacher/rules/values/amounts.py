"""Rules for amounts of money: by their labels, and by what the page proves by arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extraction.domain.field_types.readers import currencies
from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.roles import DUE, GROSS, MONEY, NET, TAX, TOTAL, Role, own_words, role_of
from extraction.engines.teacher.rules.values.arithmetic import LABELLED
from extraction.engines.teacher.rules.values.contradictions import CASH_ROUNDING
from extraction.engines.teacher.rules.values.currency import is_doubtful
from extraction.engines.teacher.rules.values.occurrences import Occurrence
from extraction.engines.teacher.rules.values.sums import Amounts

# What a proof by arithmetic counts for. The total of a receipt is what was paid, which rounding may change.
PROVEN = {NET: 2.2, TAX: 2.2, GROSS: 2.2, TOTAL: 1.4, DUE: 0.4}
PAID = {TOTAL: 0.5, GROSS: 0.5, DUE: 0.0}
REMAINING = 2.0
# The same without a label that names the total: a rate of tax says what the amounts are.
BY_RATE = 3.0
# For a sum of taxes before each of them, and against the net amount what includes a tax.
SUMMED, HOLDS_TAX = 0.8, 6.0
_NO_SIGN = re.compile(
    r"\b(?:without|no|not|ohne|sans|sin|senza|sem|zonder|bez)\b.{0,20}"
    r"(?:\bsign|symbol|currenc|währung|zeichen|devise|monnaie|moned|valuta|moeda|walut)",
    re.IGNORECASE,
)
_AMOUNT_WITH_SIGN = re.compile(r"[^\s\d.,'()+-]\d|\d[^\s\d.,'()+-]")
# Against the end of a longer reading.
READ_IN_PART = 0.3


def amounts(field: Field, read: Amounts, schema: Schema) -> list[Candidate]:
    """Every amount on the document, rated for the field."""
    role = asked_role(field, schema)
    net = role is NET and not re.search(r"sub_?total", field.name)
    signed, unsigned = _wants_sign(field), _wants_no_sign(field)
    doubtful = _doubtful(role, read)
    candidates = list(_summed(read)) if role is TAX else []
    for place, value in read.read:
        score = place.rating(role) + _by_sums(value, role, read) - READ_IN_PART * place.inner
        if role in (TOTAL, GROSS, DUE):
            score += _total_shape(place, -value if read.credited else value, read.times[value])
        if net and _holds_tax(value, read):
            score -= HOLDS_TAX
        printed = (place.digits if unsigned else "") or (_with_sign(place) if signed else place.value)
        candidates.append(Candidate(printed, place.row.text, score, doubtful or is_doubtful(place), str(value)))
    return candidates


def _doubtful(role: Role, read: Amounts) -> bool:
    """Whether what is printed contradicts itself about the role."""
    if role in PAID and (read.against_cash or read.against_items):
        return True
    return role in PROVEN and ((read.contradicted and read.sums is None) or read.against_rates)


def _wants_sign(field: Field) -> bool:
    """Whether the amount is wanted as printed, with a sign of currency that is printed in one word with it."""
    return field.as_printed and not _wants_no_sign(field)


def _wants_no_sign(field: Field) -> bool:
    """Whether the instruction says so, or examples show it."""
    if _NO_SIGN.search(field.instruction):
        return True
    return bool(field.examples) and not any(_AMOUNT_WITH_SIGN.search(wanted) for _, wanted in field.examples)


def _with_sign(place: Occurrence) -> str:
    """The value with the signs that touch it: `$12.00`, `-$12.00`, `($12.00)`, `12,00€`."""
    signs = currencies.by_sign()
    before, after = place.before, place.after
    if before.startswith("(") and after == ")":
        return f"{before}{place.value}{after}" if currencies.key(before[1:]) in signs else place.value
    before = before.removeprefix("(")
    before = before if currencies.key(before.removeprefix("-")) in signs else ""
    return f"{before}{place.value}{after if currencies.key(after) in signs else ''}"


def _summed(read: Amounts) -> Iterator[Candidate]:
    """The sum of several taxes that is not printed, written as they are."""
    sums = read.sums
    if sums is None or sums.tax in read.times:
        return
    parts = [place for place, value in read.read if value in sums.taxes and place.rating(TAX) >= 0]
    if not parts:
        return
    decimals = re.search(r"([.,])(\d{1,2})$", parts[0].value)
    printed = f"{sums.tax:.{len(decimals[2]) if decimals else 0}f}".replace(".", decimals[1] if decimals else ".")
    rows = dict.fromkeys(place.row.text for place in parts)
    score = max(LABELLED, *(place.rating(TAX) for place in parts)) + PROVEN[TAX] + SUMMED
    yield Candidate(printed, " / ".join(rows), score)


def _holds_tax(value: Decimal, read: Amounts) -> bool:
    """Whether a subtotal cannot be the net amount, as the tax is in it."""
    if read.sums is not None:
        unprinted = read.sums.net not in read.times and value > read.sums.net + CASH_ROUNDING
        return read.sums.tax > 0 and (value == read.sums.gross or unprinted)
    return read.includes_tax and value in read.named


def asked_role(field: Field, schema: Schema) -> Role:
    """The role of the field; beside a field for the amount due, a total is the gross amount."""
    role = role_of(field.name, field.instruction, MONEY) or own_words(field.name)
    others = (other for other in schema.fields if other.type == "money" and other is not field)
    if role is TOTAL and any(role_of(other.name, "", MONEY) is DUE for other in others):
        return GROSS
    return role


def _by_sums(value: Decimal, role: Role, read: Amounts) -> float:
    score = PAID.get(role, 0.0) * (value in read.paid)
    if role is DUE and read.remaining is not None:
        score += REMAINING * (value == read.remaining)
    if role in PROVEN and read.sums is not None:
        members = {NET: read.sums.net, TAX: read.sums.tax, TOTAL: read.with_tip or read.sums.gross}
        member = members.get(role, read.sums.gross)
        weight = PROVEN[role] if read.named else BY_RATE
        score += weight * (value == member and not (role is TOTAL and read.rounded))
    return score


def _total_shape(place: Occurrence, value: Decimal, times: int) -> float:
    """A total is repeated, printed larger, in the lower half, alone on its row, and neither nothing nor negative."""
    score = 0.35 * min(times - 1, 3) + 0.8 * min(max(place.row.size - 1, 0.0), 1.0) + 0.6 * place.row.top
    return score - 3.0 * (value <= 0) - 1.2 * (place.columns > 1 and not place.head)
