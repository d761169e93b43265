"""A policy in words: one sentence for each check, with places for its tolerances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from extraction.domain.auditing.checks.base import Check
from extraction.domain.auditing.policy import Tolerance
from extraction.domain.errors import gettext_noop
from extraction.services.auditing.findings.sentences import title

SENTENCES: Mapping[str, str] = {
    "no_receipt": gettext_noop("A claim above {small} has no receipt."),
    "unreadable_receipt": gettext_noop("The amount was read with less than {sure} certainty."),
    "claimed_more": gettext_noop("More was claimed than the receipt says, by more than {money} or {share} of it."),
    "other_amount": gettext_noop(
        "What was claimed stands elsewhere on the receipt: cash given, a subtotal, an article."
    ),
    "foreign_as_local": gettext_noop("The number of the receipt was claimed in a dearer currency."),
    "two_receipts": gettext_noop("What was claimed is the sum of two receipts."),
    "tip": gettext_noop("Up to {most} more was claimed in a category in which people tip."),
    "exchange": gettext_noop("The amount differs by no more than {band} from the rate of the day."),
    "claimed_less": gettext_noop("Less was claimed than the receipt says."),
    "date_differs": gettext_noop("The claim's date is more than {days} days from the receipt's."),
    "future": gettext_noop("The expense is more than {days} days ahead."),
    "too_old": gettext_noop("The expense was more than {days} days old when it was audited."),
    "free_day": gettext_noop("The expense is of a weekend or holiday."),
    "merchant_differs": gettext_noop("The claim's merchant is less than {likeness} like the receipt's."),
    "same_receipt": gettext_noop("One receipt is claimed more than once, above its amount by {money} or {share}."),
    "same_picture": gettext_noop("Two pictures of one receipt are claimed."),
    "same_purchase": gettext_noop("Merchant and amount were claimed before, within {days} days."),
    "split": gettext_noop("Claims within {days} days stay under a limit each and exceed it together."),
    "limit": gettext_noop("A claim is above a limit of this policy."),
    "forbidden_article": gettext_noop("The receipt has an article that this policy forbids."),
    "sums": gettext_noop("Articles, or net amount and tax, differ from the total by more than {money}."),
    "no_rate": gettext_noop("There is no rate for the currency of the claim."),
}
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: text, or the place of a tolerance."""

    text: str = ""
    tolerance: Tolerance | None = None


def parts(check: Check) -> list[Part]:
    """The check's sentence in the reader's language; tolerances that it does not mention stand at its end."""
    by_name = {tolerance.name: tolerance for tolerance in check.tolerances}
    sentence = gettext(SENTENCES[check.name]) if check.name in SENTENCES else title(check.name)
    found = []
    for number, piece in enumerate(_PLACE.split(sentence)):
        if number % 2 == 0:
            found.append(Part(piece))
        elif piece in by_name:
            found.append(Part(tolerance=by_name.pop(piece)))
    return [*found, *(Part(tolerance=tolerance) for tolerance in by_name.values())]
