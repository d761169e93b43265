"""Registry of checks. A new one is a module with a class of the protocol `base.Check`, and one line here."""

from __future__ import annotations

from extraction.domain.auditing.checks.base import Check
from extraction.domain.auditing.checks.receipts import missing

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


for _check in (missing.NoReceipt(),):
    register(_check)
