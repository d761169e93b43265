"""Registry of checks. A new one is a module with a class of the protocol `base.Check`, and one line here."""

from __future__ import annotations

from extraction.domain.auditing.checks.amounts import (
    claimed_more,
    explained,
    foreign_as_local,
    other_amount,
    two_receipts,
)
from extraction.domain.auditing.checks.base import Check
from extraction.domain.auditing.checks.dates import calendar, differs
from extraction.domain.auditing.checks.duplicates import same_picture, same_purchase, same_receipt
from extraction.domain.auditing.checks.receipts import merchant, missing, sums, unreadable
from extraction.domain.auditing.checks.rules import articles, limits, rates, split

_CHECKS: dict[str, Check] = {}


def register(check: Check) -> None:
    """Make a check known. Raises `ValueError` for a name that is taken."""
    if check.name in _CHECKS:
        raise ValueError(f"There is already a check named {check.name!r}.")
    _CHECKS[check.name] = check


def unregister(name: str) -> None:
    """Forget a check: for tests that register one."""
    del _CHECKS[name]


def known() -> tuple[Check, ...]:
    """All checks in the order of their registration, in which pages list them."""
    return tuple(_CHECKS.values())


def find(name: str) -> Check:
    """The check of that name. Raises `LookupError` for an unknown one."""
    return _CHECKS[name]


for _check in (
    missing.NoReceipt(),
    unreadable.Unreadable(),
    claimed_more.ClaimedMore(),
    other_amount.OtherAmount(),
    foreign_as_local.ForeignAsLocal(),
    two_receipts.TwoReceipts(),
    explained.EXPLAINED_BY_TIP,
    explained.EXPLAINED_BY_EXCHANGE,
    explained.CLAIMED_LESS,
    differs.DateDiffers(),
    calendar.Future(),
    calendar.TooOld(),
    calendar.FreeDay(),
    merchant.MerchantDiffers(),
    same_receipt.SameReceipt(),
    same_picture.SamePicture(),
    same_purchase.SamePurchase(),
    split.Split(),
    limits.Limits(),
    articles.ForbiddenArticle(),
    sums.Sums(),
    rates.NoRate(),
):
    register(_check)
