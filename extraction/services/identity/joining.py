"""The account of an identity: by the provider's name for it, else by a verified e-mail address, else a new one."""

from __future__ import annotations

import hashlib

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from extraction.models import AuditAction, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.identity import messages
from extraction.services.identity.oidc import Identity
from extraction.services.identity.provider import provider

PROVIDER = "oidc"


class NotWelcome(Invalid):
    """An identity without an account that may be used."""


def account_of(identity: Identity) -> User:
    """The account to log in with.

    An address that the provider has not verified leads to no account, and a new account takes no name that exists.
    Raises `NotWelcome`.
    """
    claim = provider().claim
    if claim is not None and not identity.has(*claim):
        raise NotWelcome(messages.LACKS_CLAIM, provider=provider().name)
    with audit_log.together():
        known = SocialAccount.objects.select_related("user").filter(provider=PROVIDER, uid=_uid(identity)).first()
        user = known.user if known else _joined(identity)
        if not user.is_active:
            raise NotWelcome(messages.DISABLED)
    return user


def _uid(identity: Identity) -> str:
    """Of this issuer: another one may give the same name to somebody else."""
    return hashlib.sha256(f"{provider().issuer} {identity.subject}".encode()).hexdigest()


def _joined(identity: Identity) -> User:
    email = identity.verified_email
    if not email:
        raise NotWelcome(messages.UNVERIFIED, provider=provider().name)
    found = list(User.objects.filter(email__iexact=email)[:2])
    if len(found) > 1:
        raise NotWelcome(messages.SEVERAL)
    user = found[0] if found else _made(email)
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=user, provider=PROVIDER, uid=_uid(identity))
    except IntegrityError:
        # Two windows at once: the other one was first.
        first: User = SocialAccount.objects.select_related("user").get(provider=PROVIDER, uid=_uid(identity)).user
        return first
    changes = {"issuer": provider().issuer}
    audit_log.record(AuditAction.ACCOUNT_JOINED, user, name=user.username, by=user, changes=changes)
    return user


def _made(email: str) -> User:
    """A new account without a password, named by its address."""
    if email.rpartition("@")[2] not in provider().domains:
        raise NotWelcome(messages.UNKNOWN)
    user = User(username=email, email=email)
    user.set_unusable_password()
    try:
        user.clean_fields(exclude=["password"])
        with transaction.atomic():
            user.save()
    except ValidationError:
        raise NotWelcome(messages.UNKNOWN) from None
    except IntegrityError:
        raise NotWelcome(messages.NAME_TAKEN, name=email) from None
    audit_log.record(AuditAction.ACCOUNT_CREATED, user, name=user.username, by=user)
    return user
