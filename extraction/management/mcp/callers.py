"""On whose behalf an assistant calls, asked anew with every call: a token may be revoked, a member leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from extraction.domain.errors import UserError
from extraction.models import ApiToken, Project, Scope, User
from extraction.services.errors import Invalid, NotFound
from extraction.services.projects import accounts, token_usage, tokens


class NotAllowed(UserError):
    """The token or the account counts for nothing, or not for this; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Access:
    """A project that files may be sent to, by a person and perhaps by a token, whose quota then counts."""

    project: Project
    user: User
    token: ApiToken | None = None


class Caller(Protocol):
    def accesses(self) -> Sequence[Access]:
        """The projects that files may be sent to, by name. Raises `NotAllowed`; counts a call."""


@dataclass(frozen=True, slots=True)
class ByToken:
    """A program with a token, which opens one project."""

    token: str

    def accesses(self) -> Sequence[Access]:
        row = tokens.authenticate(self.token)
        if row is None:
            raise NotAllowed("There is no such token, or it is revoked.")
        if not tokens.allows(row, Scope.EXTRACT):
            raise NotAllowed("This token may not send files: it or its person lacks the scope extract.")
        token_usage.count_call(row)
        return [Access(row.project, row.user, row)]


@dataclass(frozen=True, slots=True)
class ByUser:
    """Somebody with a shell on the machine, on behalf of an account."""

    name: str

    def accesses(self) -> Sequence[Access]:
        user = accounts.find_user(self.name)
        if not user.is_active:
            raise NotAllowed("This account is disabled.")
        rows = Project.objects.select_related("schema_version").order_by("slug")
        visible = rows if user.is_superuser else rows.filter(memberships__user=user)
        return [Access(project, user) for project in visible]


def chosen(caller: Caller, slug: str | None) -> Access:
    """The project called `slug`, else the only one there is. Raises `NotAllowed`, `NotFound` and `Invalid`."""
    accesses = caller.accesses()
    if slug is None:
        if len(accesses) != 1:
            raise Invalid("Name the project; list_projects lists them.")
        return accesses[0]
    for access in accesses:
        if access.project.slug == slug:
            return access
    raise NotFound("There is no project named {slug!r}.", slug=slug)
