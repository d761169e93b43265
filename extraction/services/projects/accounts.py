"""Accounts: creation, look-up, and the wait after failed logins."""

import math
import secrets
from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from extraction.models import User
from extraction.services.errors import Conflict, Invalid


def create_user(name: str, password: str | None = None, *, superuser: bool = False) -> tuple[User, str | None]:
    """A new account, and its password where none was given: shown once, never stored readably.

    Raises `Invalid` for a name or password that Django refuses and `Conflict` for a name that is taken.
    """
    generated = None if password is not None else secrets.token_urlsafe(12)
    user = User(username=name, is_superuser=superuser, is_staff=superuser)
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password or generated or "", user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from None
    user.set_password(password or generated)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Conflict(f"There is already a user named {name}.") from None
    return user, generated


def exist() -> bool:
    """Whether the installation has an account at all."""
    return User.objects.exists()


def find_user(name: str) -> User:
    """Raises `Invalid`."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Invalid(f"There is no user named {name!r}.")
    return user


def seconds_locked(name: str, address: str | None) -> int:
    """Seconds for which logins of that name from that address stay refused; at least 1."""
    attempt = AccessAttempt.objects.filter(username=name, ip_address=address).order_by("-attempt_time").first()
    if attempt is None:
        return 1
    left: timedelta = attempt.attempt_time + settings.AXES_COOLOFF_TIME - timezone.now()
    return max(math.ceil(left.total_seconds()), 1)
