"""Limits of failed logins: by name from an address, by address, and by name.

Many names from one address and one name from many addresses are counted as well as one name from one address. The
wider limits are higher: colleagues share an address, and nobody else should be able to keep a user out for long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `failures` within `AXES_COOLOFF_TIME` among the attempts with the same values of `columns`."""

    columns: tuple[str, ...]
    failures: int


LIMITS = (
    Limit(("username", "ip_address"), settings.AXES_FAILURE_LIMIT),
    Limit(("ip_address",), 30),
    Limit(("username",), 60),
)


def exceeded(name: str, address: str | None) -> bool:
    """Whether another login of that name from that address is refused, whatever the password."""
    return any(True for _ in _ends(name, address))


def seconds_locked(name: str, address: str | None) -> int:
    """Seconds for which logins of that name from that address stay refused; at least 1."""
    left = max(_ends(name, address), default=timezone.now()) - timezone.now()
    return max(math.ceil(left.total_seconds()), 1)


def _ends(name: str, address: str | None) -> Iterator[datetime]:
    """The time at which each limit that is exceeded ends."""
    values = {"username": name, "ip_address": address}
    for limit in LIMITS:
        end = _end(limit, {column: values[column] for column in limit.columns})
        if end is not None:
            yield end


def _end(limit: Limit, values: Mapping[str, Any]) -> datetime | None:
    """When the oldest of the attempts that fill the limit leaves the window; `None` while there is room."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(**values, attempt_time__gt=since).order_by("-attempt_time")
    failures = 0
    for time, number in recent.values_list("attempt_time", "failures_since_start")[: limit.failures]:
        failures += number
        if failures >= limit.failures:
            end: datetime = time + settings.AXES_COOLOFF_TIME
            return end
    return None
