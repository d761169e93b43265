"""What checks are called, and one sentence for each finding, with its numbers, in the reader's language."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, pgettext
from django_stubs_ext import StrOrPromise

from extraction.domain.auditing.finding import Fact
from extraction.domain.auditing.money import minor_digits
from extraction.domain.auditing.values import AmountKind
from extraction.services import figures

# The checks of the registry; one that an extension adds is called by its name.
TITLES: Mapping[str, StrOrPromise] = {
    "no_receipt": gettext_lazy("No receipt"),
    "unreadable_receipt": gettext_lazy("Receipt not readable"),
    "claimed_more": gettext_lazy("More than the receipt says"),
    "other_amount": gettext_lazy("Another amount of the receipt"),
    "foreign_as_local": gettext_lazy("Wrong currency"),
    "two_receipts": gettext_lazy("Sum of two receipts"),
    "tip": gettext_lazy("Explained by a tip"),
    "exchange": gettext_lazy("Explained by the rate of exchange"),
    "claimed_less": gettext_lazy("Less than the receipt says"),
    "date_differs": gettext_lazy("Another day"),
    "future": gettext_lazy("In the future"),
    "too_old": gettext_lazy("Too old"),
    "free_day": gettext_lazy("Weekend or holiday"),
    "merchant_differs": gettext_lazy("Another merchant"),
    "same_receipt": gettext_lazy("Receipt claimed twice"),
    "same_picture": gettext_lazy("Same paper on two pictures"),
    "same_purchase": gettext_lazy("Purchase claimed twice"),
    "split": gettext_lazy("Split under a limit"),
    "limit": gettext_lazy("Above a limit"),
    "forbidden_article": gettext_lazy("Forbidden article"),
    "sums": gettext_lazy("Amounts do not add up"),
    "no_rate": gettext_lazy("No rate of exchange"),
}
# By check and variant. {…} are the names of `_values`.
SENTENCES: Mapping[tuple[str, str], StrOrPromise] = {
    ("no_receipt", ""): gettext_lazy("%(claimed)s are claimed without a receipt."),
    ("unreadable_receipt", "picture"): gettext_lazy("%(claimed)s are claimed, and no words were found on the receipt."),
    ("unreadable_receipt", "amount"): gettext_lazy(
        "%(claimed)s are claimed, and the amount of the receipt was not read with any certainty."
    ),
    ("claimed_more", ""): gettext_lazy("%(claimed)s are claimed, the receipt says %(printed)s."),
    ("other_amount", AmountKind.CASH): gettext_lazy(
        "%(claimed)s are claimed: that is the cash that was given. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.CHANGE): gettext_lazy(
        "%(claimed)s are claimed: that is the change. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.SUBTOTAL): gettext_lazy(
        "%(claimed)s are claimed: that is a subtotal. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.TAX): gettext_lazy(
        "%(claimed)s are claimed: that is a tax. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.TIP): gettext_lazy(
        "%(claimed)s are claimed: that is the tip. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.ROUNDING): gettext_lazy(
        "%(claimed)s are claimed: that is a rounding. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.DISCOUNT): gettext_lazy(
        "%(claimed)s are claimed: that is a discount. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.ARTICLE): gettext_lazy(
        "%(claimed)s are claimed: that is the price of an article. The receipt says %(printed)s."
    ),
    ("other_amount", AmountKind.OTHER): gettext_lazy(
        "%(claimed)s are claimed: that stands elsewhere on the receipt, which says %(printed)s."
    ),
    ("foreign_as_local", ""): gettext_lazy(
        "%(claimed)s are claimed, and the receipt has the same number in another currency: %(printed)s."
    ),
    ("two_receipts", ""): gettext_lazy(
        "%(claimed)s are claimed: the receipt says %(printed)s, and with another one of %(other)s it is the same."
    ),
    ("tip", ""): gettext_lazy("%(claimed)s are claimed, the receipt says %(printed)s: the rest may be a tip."),
    ("exchange", ""): gettext_lazy(
        "%(claimed)s are claimed, the receipt says %(printed)s: the rate of exchange explains it."
    ),
    ("claimed_less", ""): gettext_lazy("%(claimed)s are claimed, the receipt says more: %(printed)s."),
    ("date_differs", "differs"): gettext_lazy(
        "The claim is of %(date)s, the receipt of %(printed_date)s: %(days)s days apart."
    ),
    ("date_differs", "swapped"): gettext_lazy(
        "The claim is of %(date)s, the receipt of %(printed_date)s: day and month were exchanged."
    ),
    ("future", ""): gettext_lazy("The claim is of %(date)s, which was still to come on %(today)s."),
    ("too_old", ""): gettext_lazy("The purchase of %(date)s was %(age)s days ago, %(days)s are allowed."),
    ("free_day", "weekend"): gettext_lazy("The purchase was on a %(weekday)s, %(date)s."),
    ("free_day", "holiday"): gettext_lazy("The purchase was on a holiday, %(date)s."),
    ("merchant_differs", ""): gettext_lazy("The claim names “%(merchant)s”, the receipt is of “%(printed_text)s”."),
    ("same_receipt", "own"): gettext_lazy(
        "%(claims)s claims share this receipt; with this one of %(claimed)s they exceed it."
    ),
    ("same_receipt", "across"): gettext_lazy(
        "%(claims)s claims of several people share this receipt; with this one of %(claimed)s they exceed it."
    ),
    ("same_picture", "own"): gettext_lazy(
        "The receipt of this claim of %(claimed)s shows the same paper as one that was claimed before."
    ),
    ("same_picture", "across"): gettext_lazy(
        "The receipt of this claim of %(claimed)s shows the same paper as one that somebody else claimed."
    ),
    ("same_purchase", "own"): gettext_lazy("%(claimed)s at “%(merchant)s” on %(date)s were claimed before."),
    ("same_purchase", "across"): gettext_lazy(
        "%(claimed)s at “%(merchant)s” on %(date)s were claimed by somebody else, too."
    ),
    ("split", ""): gettext_lazy(
        "%(claims)s claims at “%(merchant)s” from %(date)s on come to %(total)s; the limit of one is %(limit)s."
    ),
    ("limit", "claim"): gettext_lazy("%(claimed)s are claimed; the limit of a claim is %(limit)s."),
    ("limit", "attendee"): gettext_lazy(
        "%(claimed)s are claimed for a number of %(people)s people; the limit is %(limit)s for each."
    ),
    ("limit", "day"): gettext_lazy("The claims of %(date)s come to %(total)s; the limit of a day is %(limit)s."),
    ("forbidden_article", ""): gettext_lazy("“%(article)s” for %(claimed)s is not paid for (%(kind)s)."),
    ("sums", "rows"): gettext_lazy("The receipt says %(printed)s, its rows come to %(total)s."),
    ("sums", "tax"): gettext_lazy("The receipt says %(printed)s, net amount and tax come to %(total)s."),
    ("no_rate", ""): gettext_lazy("%(claimed)s are claimed; the policy has no rate from %(currency)s to %(base)s."),
}


def title(check: str) -> str:
    """What a check is called."""
    return str(TITLES.get(check, check))


def sentence(check: str, variant: str, facts: Mapping[str, Fact], base: str) -> str:
    """What a finding of the check says; amounts of a policy are in the currency `base`. A check of an extension is
    told by its title and its facts."""
    known = SENTENCES.get((check, variant))
    if known is None:
        return ", ".join([title(check), *(f"{name}: {value}" for name, value in facts.items())])
    return str(known) % _Values(facts, base)


class _Values(dict[str, str]):
    """The places of a sentence from a finding's facts, as people write them; an absent one is empty."""

    def __init__(self, facts: Mapping[str, Fact], base: str) -> None:
        code = str(facts.get("currency") or base)
        printed = str(facts.get("printed_currency") or code)
        super().__init__({name: _plain(value) for name, value in facts.items()})
        self.update(claimed=_money(facts.get("amount"), code), printed=_money(facts.get("printed"), printed))
        self.update(other=_money(facts.get("other"), printed), printed_text=str(facts.get("printed") or ""))
        self.update(limit=_money(facts.get("limit"), base), total=_money(facts.get("total"), base))
        self.update(
            {name: _day(facts.get(name)) for name in ("date", "today")}, printed_date=_day(facts.get("printed"))
        )
        if isinstance(day := facts.get("weekday"), int) and day in range(len(calendar.day_name)):
            self["weekday"] = str(WEEKDAYS[day])

    def __missing__(self, name: str) -> str:
        return ""


def _plain(value: Fact) -> str:
    return figures.whole(value) if isinstance(value, int) else str(value or "")


def _money(value: Fact, currency: str) -> str:
    """`1,234.50 EUR`; a text that is no amount stays as it is."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value or "")
    if not amount.is_finite():
        return str(value)
    digits = max(minor_digits(currency), -int(amount.normalize().as_tuple().exponent), 0)
    return gettext("%(amount)s %(currency)s") % {"amount": figures.decimal(amount, digits), "currency": currency}


def _day(value: Fact) -> str:
    try:
        return date_format(datetime.date.fromisoformat(str(value)), pgettext("date", "j M Y"))
    except ValueError:
        return str(value or "")
