"""Sentences about logging in."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop

WRONG_CODE = gettext_noop("The code is wrong, has been used, or its time is over: wait for the next one.")
REQUIRED = gettext_noop("This installation asks everybody for codes: they cannot be taken off.")
ALREADY_ACTIVE = gettext_noop("Codes are set up for this account already.")
UNREACHABLE = gettext_noop("The provider {provider} cannot be reached now; try again in a minute.")
NOT_PROVEN = gettext_noop("The provider {provider} did not prove who you are; log in again.")
CANCELLED = gettext_noop("The provider {provider} did not let you log in.")
LACKS_CLAIM = gettext_noop("Your identity at {provider} is not one of those that may log in here.")
UNVERIFIED = gettext_noop("The provider {provider} has verified no e-mail address of yours, so no account is found.")
UNKNOWN = gettext_noop("There is no account with your e-mail address; an administrator can make one.")
SEVERAL = gettext_noop("Several accounts have your e-mail address; an administrator can say which one is yours.")
NAME_TAKEN = gettext_noop("There is an account named {name} without this e-mail address; an administrator can add it.")
NO_GROUP = gettext_noop("There is no group named {name!r}; an administrator can make one.")
GROUP_EXISTS = gettext_noop("There is already a group named {name}.")
DISABLED = gettext_noop("Your account is disabled.")
