"""Why there is a finding, in one sentence; names of checks."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext

from extraction.domain.auditing import money
from extraction.domain.auditing.finding import Finding
from extraction.domain.errors import filled, gettext_noop
from extraction.services import figures

TITLES: Mapping[str, str] = {
    "no_receipt": gettext_noop("No receipt"),
    "unreadable_receipt": gettext_noop("Unreadable receipt"),
    "claimed_more": gettext_noop("Claimed more than the receipt says"),
    "other_amount": gettext_noop("Claimed another amount of the receipt"),
    "foreign_as_local": gettext_noop("Foreign amount claimed as local money"),
    "two_receipts": gettext_noop("Sum of two receipts"),
    "tip": gettext_noop("Explained by a tip"),
    "exchange": gettext_noop("Explained by exchange"),
    "claimed_less": gettext_noop("Claimed less"),
    "date_differs": gettext_noop("Another date"),
    "future": gettext_noop("Date in the future"),
    "too_old": gettext_noop("Too old"),
    "free_day": gettext_noop("Weekend or holiday"),
    "merchant_differs": gettext_noop("Another merchant"),
    "same_receipt": gettext_noop("One receipt claimed twice"),
    "same_picture": gettext_noop("Same receipt photographed again"),
    "same_purchase": gettext_noop("Same purchase claimed twice"),
    "split": gettext_noop("Purchase split under a limit"),
    "limit": gettext_noop("Above a limit"),
    "forbidden_article": gettext_noop("Forbidden article"),
    "sums": gettext_noop("Sums do not add up"),
    "no_rate": gettext_noop("No rate of exchange"),
}
# By check and variant; "" stands for every other variant.
SENTENCES: Mapping[tuple[str, str], str] = {
    ("no_receipt", ""): gettext_noop("{amount} was claimed and no document is its receipt."),
    ("unreadable_receipt", "picture"): gettext_noop("Nothing can be read on the receipt for {amount}."),
    ("unreadable_receipt", ""): gettext_noop("The amount of the receipt for {amount} cannot be read."),
    ("claimed_more", ""): gettext_noop("{amount} was claimed, the receipt says {printed}."),
    ("other_amount", "cash"): gettext_noop(
        "{amount} was claimed: that is the cash that was handed over, {printed} was to pay."
    ),
    ("other_amount", "subtotal"): gettext_noop("{amount} was claimed: that is a subtotal, {printed} was to pay."),
    ("other_amount", "article"): gettext_noop("{amount} was claimed: that is one article, {printed} was to pay."),
    ("other_amount", "discount"): gettext_noop("{amount} was claimed: that is a discount, {printed} was to pay."),
    ("other_amount", ""): gettext_noop(
        "{amount} was claimed: that stands elsewhere on the receipt, {printed} was to pay."
    ),
    ("foreign_as_local", ""): gettext_noop("{amount} was claimed, the receipt says {printed}: the currency differs."),
    ("two_receipts", ""): gettext_noop(
        "{amount} was claimed: that is {printed} of this receipt and {other} of another."
    ),
    ("tip", ""): gettext_noop("{amount} was claimed, the receipt says {printed}: the rest may be a tip."),
    ("exchange", ""): gettext_noop("{amount} was claimed, the receipt says {printed}: the rate explains it."),
    ("claimed_less", ""): gettext_noop("{amount} was claimed, the receipt says {printed}."),
    ("date_differs", "swapped"): gettext_noop(
        "The claim says {date}, the receipt {printed}: day and month were swapped."
    ),
    ("date_differs", ""): gettext_noop("The claim says {date}, the receipt {printed}."),
    ("future", ""): gettext_noop("The claim is for {date}, which was still to come on {today}."),
    ("too_old", ""): gettext_noop("The expense of {date} was {age} days old; {days} are allowed."),
    ("free_day", "holiday"): gettext_noop("{date} was a holiday."),
    ("free_day", ""): gettext_noop("{date} was a {weekday}."),
    ("merchant_differs", ""): gettext_noop("The claim says {merchant}, the receipt {printed}."),
    ("same_receipt", "across"): gettext_noop("{employee} claimed the same receipt on {date}."),
    ("same_receipt", ""): gettext_noop("The receipt is claimed {claims} times, {total} in all."),
    ("same_picture", "across"): gettext_noop("{employee} claimed a picture of the same receipt on {date}."),
    ("same_picture", ""): gettext_noop("Another picture of the same receipt was claimed on {date}."),
    ("same_purchase", "across"): gettext_noop("{employee} claimed {amount} of {merchant} on {date}."),
    ("same_purchase", ""): gettext_noop("{amount} of {merchant} were claimed before, on {date}."),
    ("split", ""): gettext_noop("{claims} claims from {date} on come to {total} together; the limit is {limit}."),
    ("limit", "day"): gettext_noop("Claims of {date} come to {total}; {limit} a day are allowed."),
    ("limit", "attendee"): gettext_noop("{amount} for {people} people; {limit} for each are allowed."),
    ("limit", ""): gettext_noop("{amount} was claimed; {limit} are allowed."),
    ("forbidden_article", ""): gettext_noop("Row {row} is {article}, {amount}: {kind} is not paid for."),
    ("sums", "tax"): gettext_noop("The receipt says {printed}; its net amount and tax come to {total}."),
    ("sums", ""): gettext_noop("The receipt says {printed}; its articles come to {total}."),
    ("no_rate", ""): gettext_noop("There is no rate for {amount}: what it comes to in {base} is not known."),
}
# Facts that are amounts, by the facts that may hold their currency; without any it is the base currency.
_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "amount": ("currency",),
    "printed": ("printed_currency", "currency"),
    "other": ("printed_currency",),
    "total": (),
    "limit": (),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def title(check: str) -> str:
    """The name of a check in the reader's language; what is not listed has its plain name."""
    return gettext(TITLES[check]) if check in TITLES else check.replace("_", " ")


def sentence(finding: Finding) -> str:
    """Why there is the finding, in the reader's language."""
    template = SENTENCES.get((finding.check, finding.variant)) or SENTENCES.get((finding.check, ""))
    if template is None:
        return title(finding.check)
    return filled(gettext(template), **{name: _shown(name, finding) for name in finding.facts})


def amount(value: Decimal, currency: str) -> str:
    """With the decimals of its currency: `1,250.00 EUR`."""
    digits = money.minor_digits(currency) if currency else 2
    return f"{figures.decimal(value, digits)} {currency}".strip()


def _shown(name: str, finding: Finding) -> str:
    value = finding.facts[name]
    if name == "weekday" and isinstance(value, int):
        return str(WEEKDAYS[value])
    text = "" if value is None else str(value)
    if _DAY.fullmatch(text):
        return date_format(datetime.date.fromisoformat(text), "DATE_FORMAT")
    if name in _AMOUNTS and finding.check != "merchant_differs":
        currencies = ("currency",) if finding.check == "sums" else _AMOUNTS[name]
        code = next((str(finding.facts[each]) for each in currencies if finding.facts.get(each)), finding.currency)
        try:
            return amount(Decimal(text), code)
        except InvalidOperation:
            pass
    return text or "–"
