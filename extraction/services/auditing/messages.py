"""Sentences about claims."""

from __future__ import annotations

from extraction.domain.errors import gettext_noop

NO_CLAIM = gettext_noop("The project has no claim {number}.")
OTHER_CLAIM = gettext_noop("Claim {number}: one with the reference {reference!r} is stored and says something else.")
NO_EMPLOYEE = gettext_noop("Claim {number} names no employee.")
NO_AMOUNT = gettext_noop("Claim {number}: the amount must be a number with at most 12 digits and 3 decimals.")
NO_CURRENCY = gettext_noop("Claim {number}: {currency!r} is no code of a currency, such as EUR.")
NO_COUNT = gettext_noop("Claim {number}: attendees must be from 1 to {most}.")
TOO_LONG = gettext_noop("Claim {number}: {name!s} has more than {most} characters.")
TOO_MANY = gettext_noop("At most {most} claims are added at once.")
NO_CLAIMS = gettext_noop("No claim came with the request.")
NO_DOCUMENT = gettext_noop("The project has no document {name!r}.")
SEVERAL_DOCUMENTS = gettext_noop("Several documents are called {name!r}: give the number of one.")
WITHDRAWN = gettext_noop("This claim was taken back.")
NOT_BY_HAND = gettext_noop("This claim came with a table: take the import back instead.")
