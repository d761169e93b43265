"""Codes of an app (TOTP, RFC 6238) beside the password, and recovery codes for who has lost it.

A code counts once. Checking and storing is django-allauth's.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from cryptography.fernet import InvalidToken
from django.db import transaction

from extraction.models import AuditAction, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid
from extraction.services.identity import messages

Type = Authenticator.Type


class WrongCode(Invalid):
    """A code that does not count."""

    def __init__(self) -> None:
        super().__init__(messages.WRONG_CODE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an app is told: the secret, by hand or as a QR code, whose picture is the data URL."""

    secret: str
    picture: str


def propose(user: User, secret: str = "") -> Proposal:
    """A new secret, or the picture of one that was proposed before."""
    secret = secret or generate_totp_secret()
    adapter = get_adapter()
    svg: str = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return Proposal(secret, f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}")


def active(user: User) -> bool:
    """Whether logging in with the password asks for a code."""
    return bool(Authenticator.objects.filter(user=user, type=Type.TOTP).exists())


def activate(user: User, secret: str, code: str) -> list[str]:
    """Ask for codes from now on; the recovery codes, shown this one time. Raises `WrongCode` and `Conflict`."""
    if not validate_totp_code(secret, _plain(code)):
        raise WrongCode
    with transaction.atomic():
        # Of two browsers one comes first.
        User.objects.select_for_update().get(pk=user.pk)
        if active(user):
            raise Conflict(messages.ALREADY_ACTIVE)
        # Used up: it does not log in as well.
        TOTP.activate(user, secret).validate_code(_plain(code))
        codes = _fresh_codes(user)
        audit_log.record(AuditAction.TOTP_ACTIVATED, user, name=user.username)
    return codes


def check(user: User, code: str) -> bool:
    """Whether the code of the app or a recovery code is right; it counts this one time."""
    code = _plain(code)
    if not code.isascii() or not code.isdigit():
        return False
    rows = {row.type: row for row in Authenticator.objects.filter(user=user)}
    try:
        if Type.TOTP in rows and TOTP(rows[Type.TOTP]).validate_code(code):
            rows[Type.TOTP].record_usage()
            return True
        if Type.RECOVERY_CODES in rows:
            return _check_recovery_code(user, rows[Type.RECOVERY_CODES], code)
    except InvalidToken:
        # Stored under another secret key.
        return False
    return False


def renew_recovery_codes(user: User, code: str) -> list[str]:
    """New recovery codes in the place of all others, shown this one time. Raises `WrongCode`."""
    _check(user, code)
    with transaction.atomic():
        codes = _fresh_codes(user)
        audit_log.record(AuditAction.RECOVERY_CODES_MADE, user, name=user.username)
    return codes


def deactivate(user: User, code: str) -> None:
    """Ask for no code any more. Raises `WrongCode`."""
    _check(user, code)
    remove(user)


def remove(user: User) -> bool:
    """Take the codes off an account, for somebody who lost app and recovery codes; whether there were any."""
    with transaction.atomic():
        there = bool(Authenticator.objects.filter(user=user).delete()[0])
        if there:
            audit_log.record(AuditAction.TOTP_REMOVED, user, name=user.username)
    return there


def recovery_codes_left(user: User) -> int:
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    try:
        return len(RecoveryCodes(row).get_unused_codes()) if row else 0
    except InvalidToken:
        return 0


def _check(user: User, code: str) -> None:
    if not check(user, code):
        raise WrongCode


def _check_recovery_code(user: User, row: Authenticator, code: str) -> bool:
    with transaction.atomic():
        used: bool = RecoveryCodes(row).validate_code(code)
        if used:
            audit_log.record(AuditAction.RECOVERY_CODE_USED, user, name=user.username, by=user)
    return used


def _fresh_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def _plain(code: str) -> str:
    """As it was shown, however it was typed."""
    return "".join(code.split()).replace("-", "")
