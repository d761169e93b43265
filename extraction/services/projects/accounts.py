"""Accounts: creation, look-up and rights."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.models import AuditAction, Membership, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid

# The codename of the right to create projects.
CREATOR = "add_project"


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may do in the installation; what it may do in a project is its role there."""

    active: bool
    superuser: bool
    creator: bool


def create_user(
    name: str, password: str | None = None, *, superuser: bool = False, email: str = ""
) -> tuple[User, str | None]:
    """A new account, and its password where none was given: shown once, never stored readably.

    An identity of an OpenID provider with the address `email` logs in as it. Raises `Invalid` for a name, address or
    password that Django refuses and `Conflict` for a name that is taken.
    """
    generated = None if password is not None else secrets.token_urlsafe(12)
    user = User(username=name, is_superuser=superuser, is_staff=superuser, email=email.strip())
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password or generated or "", user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from None
    user.set_password(password or generated)
    try:
        with transaction.atomic():
            user.save()
            audit_log.record(AuditAction.ACCOUNT_CREATED, user, name=user.username, changes={"superuser": superuser})
    except IntegrityError:
        raise Conflict(gettext_noop("There is already a user named {name}."), name=name) from None
    return user, generated


def exist() -> bool:
    """Whether the installation has an account at all."""
    return User.objects.exists()


def listed() -> QuerySet[User]:
    """Every account with its projects, by name."""
    memberships = Prefetch("memberships", Membership.objects.select_related("project").order_by("project__slug"))
    return User.objects.prefetch_related(memberships, "user_permissions").order_by("username")


def may_create_projects(user: User) -> bool:
    """Whether the right was given to the account itself; superusers have every right."""
    return any(permission.codename == CREATOR for permission in user.user_permissions.all())


def let_create_projects(user: User, allowed: bool = True) -> None:
    """Give or take the right to create projects, and with it the use of the installation's teacher."""
    with transaction.atomic():
        before = user.user_permissions.filter(codename=CREATOR).exists()
        _let_create_projects(user, allowed)
        _record_rights(user, {"creator": before}, {"creator": allowed})


def _let_create_projects(user: User, allowed: bool) -> None:
    permission = Permission.objects.get(content_type__app_label="extraction", codename=CREATOR)
    (user.user_permissions.add if allowed else user.user_permissions.remove)(permission)


def reset_password(user: User) -> str:
    """A generated password in the place of the old one, which ends the sessions that began with it; shown once."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        audit_log.record(AuditAction.PASSWORD_RESET, user, name=user.username)
    return password


def set_email(user: User, email: str) -> None:
    """The address by which an identity of an OpenID provider logs in as the account; empty: none. Raises `Invalid`."""
    before, user.email = user.email, email.strip()
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        user.email = before
        raise Invalid(" ".join(error.messages)) from None
    with transaction.atomic():
        user.save(update_fields=["email"])
        if changes := audit_log.changed({"email": before}, {"email": user.email}):
            audit_log.record(AuditAction.ACCOUNT_CHANGED, user, name=user.username, changes=changes)


def change_password(form: PasswordChangeForm) -> None:
    """The password that its owner typed into a valid form."""
    with transaction.atomic():
        form.save()
        audit_log.record(AuditAction.PASSWORD_CHANGED, form.user, name=form.user.username)


def change_rights(user: User, *, by: User, rights: Rights) -> None:
    """Disabling an account ends its sessions and its tokens for good: enabled again it has to log in.

    Raises `Conflict` for what would leave nobody to look after the installation: nobody takes these rights from
    themselves or from the last superuser.
    """
    with transaction.atomic():
        # Two who demote each other at once come one after the other.
        superusers = set(User.objects.select_for_update().filter(is_superuser=True, is_active=True))
        loses = user in superusers and not (rights.active and rights.superuser)
        if user == by and not (rights.active and rights.superuser):
            raise Conflict(
                gettext_noop("Nobody disables their own account or gives up administering with it: another one can.")
            )
        if by not in superusers:
            raise Conflict(gettext_noop("Your account administers this installation no longer."))
        if loses and superusers == {user}:
            raise Conflict(gettext_noop("This is the last account that administers the installation."))
        row = User.objects.prefetch_related("user_permissions").get(pk=user.pk)
        before = Rights(row.is_active, row.is_superuser, may_create_projects(row))
        _write(user, rights)
        _record_rights(user, asdict(before), asdict(rights))


def _record_rights(user: User, before: Mapping[str, bool], after: Mapping[str, bool]) -> None:
    if changes := audit_log.changed(before, after):
        audit_log.record(AuditAction.ACCOUNT_CHANGED, user, name=user.username, changes=changes)


def _write(user: User, rights: Rights) -> None:
    user.is_active, user.is_superuser, user.is_staff = rights.active, rights.superuser, rights.superuser
    user.save(update_fields=["is_active", "is_superuser", "is_staff"])
    _let_create_projects(user, rights.creator)
    if not rights.active:
        user.tokens.filter(revoked=None).update(revoked=timezone.now())
        end_sessions(user)


def end_sessions(user: User) -> None:
    """Sessions do not name their account in a column: each one is looked into."""
    rows = Session.objects.filter(expire_date__gte=timezone.now())
    mine = [row.pk for row in rows.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=mine).delete()


def find_user(name: str) -> User:
    """Raises `Invalid`."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Invalid(gettext_noop("There is no user named {name!r}."), name=name)
    return user
