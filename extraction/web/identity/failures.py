"""Wrong codes, counted as failed logins of the account are."""

from __future__ import annotations

import math

from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from extraction.models import User
from extraction.services.identity import login_limits
from extraction.web.identity.addresses import client_address


def minutes_locked(request: HttpRequest, user: User) -> int:
    """Minutes for which no code of the user is looked at; 0: it is now."""
    address = client_address(request)
    if not login_limits.exceeded(user.username, address):
        return 0
    return math.ceil(login_limits.seconds_locked(user.username, address) / 60)


def count(request: HttpRequest, user: User) -> None:
    user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)
