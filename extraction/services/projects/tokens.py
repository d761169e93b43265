"""API tokens: shown once, stored as a digest, and never stronger than the user they were made for.

A token is replaced in its row, which keeps name, scopes, usage and quota; the one before counts for some hours more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac

from extraction.domain.errors import gettext_noop
from extraction.models import ApiToken, AuditAction, Project, Role, Scope, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.projects import memberships, token_usage

PREFIX = "kd_"
SECRET_BYTES = 32
# Enough to tell tokens apart in a list; what is left of the secret is beyond guessing.
SHOWN = len(PREFIX) + 6
SALT = "extraction.services.tokens"
# Hours for which a replaced token counts, at most and by default.
LONGEST_OVERLAP, OVERLAP = 30 * 24, 24
LARGEST_QUOTA = 2**31 - 1
# Every call would write a row otherwise.
TOUCH_EVERY = timedelta(minutes=1)
NEEDED = {
    Scope.EXTRACT: Role.VIEWER,
    Scope.READ: Role.VIEWER,
    Scope.UPLOAD: Role.REVIEWER,
    Scope.REVIEW: Role.REVIEWER,
    Scope.AUDIT: Role.AUDITOR,
    Scope.MANAGE: Role.OWNER,
}


def create(
    project: Project, user: User, *, name: str, scopes: Iterable[str], quota: int | None = None
) -> tuple[ApiToken, str]:
    """The row and the token itself, which can be shown this one time only. `quota`: documents a month, `None`: any.

    Raises `Invalid` for a bad name or quota, for no or unknown scopes, and for a scope that the user's role does not
    allow.
    """
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise Invalid(gettext_noop("Name the program that will use the token, in at most 100 characters on one line."))
    allowed = _checked(project, user, scopes)
    _check_quota(quota)
    token = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = ApiToken(
        project=project, user=user, name=name, prefix=token[:SHOWN], digest=_digest(token), scopes=allowed, quota=quota
    )
    with transaction.atomic():
        row.save()
        token_usage.begin_month(row)
        _record(AuditAction.TOKEN_CREATED, row, user=user.username, scopes=allowed, quota=quota)
    return row, token


def replace(row: ApiToken, *, hours: int = OVERLAP) -> str:
    """A new token in place of the present one, which counts for so many hours more. Updates `row`.

    One that it had replaced itself counts no more. Raises `Invalid` for the hours, and `Conflict` where it was replaced
    or revoked meanwhile, or a caller came with the one before it: whoever found an old token would shut out the present
    one.
    """
    if not 0 <= hours <= LONGEST_OVERLAP:
        raise Invalid(gettext_noop("A replaced token may count for 0 to {most} hours more."), most=LONGEST_OVERLAP)
    if row.outdated:
        raise Conflict(gettext_noop("This token is replaced already; its successor can be replaced."))
    token = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    present = ApiToken.objects.filter(pk=row.pk, digest=row.digest, revoked=None)
    with transaction.atomic():
        if not present.update(
            prefix=token[:SHOWN],
            digest=_digest(token),
            replaced=row.digest,
            replaced_until=timezone.now() + timedelta(hours=hours),
        ):
            raise Conflict(gettext_noop("The token was replaced or revoked meanwhile."))
        row.refresh_from_db()
        _record(AuditAction.TOKEN_REPLACED, row, hours=hours)
    return token


def limit(row: ApiToken, quota: int | None) -> None:
    """Set how many documents a month it may send, `None`: any number. Raises `Invalid`."""
    _check_quota(quota)
    with transaction.atomic():
        before = ApiToken.objects.select_for_update().get(pk=row.pk).quota
        if before != quota:
            ApiToken.objects.filter(pk=row.pk).update(quota=quota)
            _record(AuditAction.TOKEN_LIMITED, row, **audit_log.changed({"quota": before}, {"quota": quota}))


def find(project: Project, prefix: str) -> ApiToken:
    """The token that begins so. Raises `NotFound`, also where several do."""
    found = list(of_project(project).filter(prefix=prefix.rstrip("…"))[:2])
    if len(found) != 1:
        raise NotFound(gettext_noop("Project {project} has no token {prefix!r}."), project=project, prefix=prefix)
    return found[0]


def authenticate(token: str) -> ApiToken | None:
    """The row of a token that counts now, with its project, its fields and its user.

    `None` for one that is unknown or revoked, or whose user is inactive or no longer a member. It is looked up by its
    digest, so that the time of the answer says nothing about the token.
    """
    if not (token.startswith(PREFIX) and token.isascii()):
        return None
    rows = ApiToken.objects.select_related("project__schema_version", "user")
    digest = _digest(token)
    counts = Q(digest=digest) | Q(replaced=digest, replaced_until__gt=timezone.now())
    row = rows.filter(counts, revoked=None, user__is_active=True).first()
    if row is None or not memberships.roles_in(row.project, row.user):
        return None
    row.outdated = row.digest != digest
    _touch(row)
    return row


def allows(token: ApiToken, scope: Scope | str) -> bool:
    """Whether the token has the scope and its user's present roles go that far."""
    return scope in token.scopes and memberships.roles_in(token.project, token.user).includes(NEEDED[Scope(scope)])


def allowed(token: ApiToken) -> list[Scope]:
    """Its scopes that its user's present roles allow."""
    return [scope for scope in scopes_of(token.project, token.user) if scope in token.scopes]


def scopes_of(project: Project, user: User) -> list[Scope]:
    """All that a token of this user may do in the project; nothing for a stranger."""
    held = memberships.roles_in(project, user)
    return [scope for scope, needed in NEEDED.items() if held.includes(needed)]


def revoke(token: ApiToken) -> None:
    """From now on the token opens nothing; its row stays, so that what it did keeps its name."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now()):
            _record(AuditAction.TOKEN_REVOKED, token)


def revoke_all(project: Project, user: User) -> None:
    """The end of all tokens of somebody who leaves; coming back does not bring them back."""
    for token in ApiToken.objects.filter(project=project, user=user, revoked=None).select_related("project"):
        revoke(token)


def of_project(project: Project) -> QuerySet[ApiToken]:
    """Those that are not revoked, newest first, with the `calls` and `documents` of this month."""
    sums = {
        name: Coalesce(Sum(f"usage__{name}", filter=Q(usage__month=token_usage.month())), 0)
        for name in ("calls", "documents")
    }
    return project.tokens.filter(revoked=None).select_related("user").annotate(**sums)


def _record(action: AuditAction, row: ApiToken, **changes: object) -> None:
    audit_log.record(action, row, project=row.project, name=str(row), changes=changes)


def _check_quota(quota: int | None) -> None:
    if quota is not None and not 0 <= quota <= LARGEST_QUOTA:
        raise Invalid(gettext_noop("A quota is a number of documents a month from 0 on."))


def _digest(token: str) -> str:
    return salted_hmac(SALT, token, algorithm="sha256").hexdigest()


def _checked(project: Project, user: User, scopes: Iterable[str]) -> list[str]:
    """The scopes in their usual order, each once."""
    chosen = set(scopes)
    unknown = sorted(chosen - set(Scope.values))
    if unknown:
        raise Invalid(
            gettext_noop("A token needs at least one scope out of {known}, not {scope!r}."),
            known=", ".join(Scope.values),
            scope=unknown[0],
        )
    if not chosen:
        raise Invalid(gettext_noop("A token needs at least one scope out of {known}."), known=", ".join(Scope.values))
    held = memberships.roles_in(project, user)
    if not held:
        raise Invalid(
            gettext_noop("{user} is no member of the project {project} and can have no token for it."),
            user=user,
            project=project,
        )
    for scope in sorted(chosen):
        if not held.includes(NEEDED[Scope(scope)]):
            raise Invalid(
                gettext_noop("{user} is {role!s} of {project}, which does not allow the scope {scope}."),
                user=user,
                role=" and ".join(sorted(held)),
                project=project,
                scope=scope,
            )
    return [scope.value for scope in Scope if scope in chosen]


def _touch(row: ApiToken) -> None:
    now = timezone.now()
    if row.last_used is None or row.last_used <= now - TOUCH_EVERY:
        # Of calls that come at once one writes.
        stale = Q(last_used=None) | Q(last_used__lte=now - TOUCH_EVERY)
        ApiToken.objects.filter(stale, pk=row.pk).update(last_used=now)
        row.last_used = now
