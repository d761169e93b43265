"""The first account of an empty installation: a superuser, made in the browser by whoever runs it.

On the machine itself nothing more is asked for. From elsewhere it takes a code that the start of kdweb prints; the data
folder holds its digest, and each attempt is counted before it is compared.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from extraction.domain.errors import gettext_noop
from extraction.models import User
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import accounts

# Without letters and digits that look alike; 16 of these are 79 bits.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS, GROUP = 4, 4
ATTEMPTS = 10
SALT = "extraction.services.first_account"


def needed() -> bool:
    """Whether the installation has no account at all."""
    return not accounts.exist()


def new_code() -> str:
    """A code that replaces any earlier one, for another machine's browser."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS)]
    code = "-".join(groups)
    descriptor = os.open(_digest_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_digest(code))
    _attempts_file().unlink(missing_ok=True)
    return code


def create(name: str, password: str, *, code: str | None) -> User:
    """The superuser. `code` is None for a request of this machine.

    Raises `Conflict` where there is an account already, `Invalid` for a code, name or password that does not do.
    """
    if not needed():
        raise _taken()
    if code is not None:
        _check(code)
    with transaction.atomic():
        # Of two requests at once the second waits here, and then sees the account of the first.
        ContentType.objects.select_for_update().get(app_label="extraction", model="user")
        if not needed():
            raise _taken()
        user, _ = accounts.create_user(name, password, superuser=True)
    forget_code()
    return user


def forget_code() -> None:
    """End the code: it opens nothing from now on."""
    _digest_file().unlink(missing_ok=True)
    _attempts_file().unlink(missing_ok=True)


def _taken() -> Conflict:
    return Conflict(gettext_noop("The first account has been made already; log in with it."))


def _check(code: str) -> None:
    """Raises `Invalid` for a wrong code, and for every code after too many attempts."""
    try:
        digest = _digest_file().read_text()
    except FileNotFoundError:
        raise Invalid(gettext_noop("There is no code: start kdweb again, and it prints one.")) from None
    if _count_attempt() > ATTEMPTS:
        raise Invalid(gettext_noop("The code has been tried too often: start kdweb again, and it prints another one."))
    if not constant_time_compare(_digest(_normal(code)), digest):
        raise Invalid(gettext_noop("This is not the code that kdweb printed when it was started."))


def _count_attempt() -> int:
    """The number of attempts with this one: one byte of a file each, which concurrent requests append to safely."""
    descriptor = os.open(_attempts_file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, b".")
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _normal(code: str) -> str:
    """As it was printed, however it was typed."""
    letters = "".join(character for character in code.lower() if character.isalnum())
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def _digest(code: str) -> str:
    return salted_hmac(SALT, code, algorithm="sha256").hexdigest()


def _digest_file() -> Path:
    return Path(settings.DATA_DIR) / "first-account"


def _attempts_file() -> Path:
    return Path(settings.DATA_DIR) / "first-account-attempts"
