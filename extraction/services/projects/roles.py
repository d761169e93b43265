"""Roles in sentences."""

from __future__ import annotations

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import Role

_NAMES = {
    Role.OWNER: gettext_noop("owner"),
    Role.REVIEWER: gettext_noop("reviewer"),
    Role.AUDITOR: gettext_noop("auditor"),
    Role.VIEWER: gettext_noop("viewer"),
}


def name(role: Role | str) -> str:
    """As it stands in a sentence: `owner`."""
    return gettext(_NAMES[Role(role)])


def needed(role: Role) -> str:
    return gettext("This needs the role %(role)s in the project.") % {"role": name(role)}
