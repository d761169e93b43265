"""Sentences about claims."""

from __future__ import annotations

from extraction.domain.claims.attributes import Attribute
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
NO_AMOUNT_FIELD = gettext_noop("The project has no field for the amount of a document.")
NO_CLAIMS_YET = gettext_noop("The project has no claims to audit.")
NO_POLICY = gettext_noop("The policy has no version {number}.")
NO_POLICY_VALUE = gettext_noop("This is no policy: its settings are those that the exported one has.")
UNKNOWN_SETTING = gettext_noop("A policy has no setting {name!r}.")
POLICY_CHANGED = gettext_noop("The policy was changed meanwhile: look at it again.")
NO_RUN = gettext_noop("The project has no audit run {number}.")
RUN_GOES_ON = gettext_noop("The run is not over yet.")
RUN_LOST = gettext_noop("Claims or documents of the run were deleted since, so it cannot be repeated.")
NO_FINDING = gettext_noop("The project has no finding {number}.")
NO_CHECK = gettext_noop("There is no check named {name!r}.")
NO_STATE = gettext_noop("The state of a finding is one of {known}, not {state!r}.")
NO_MONTH = gettext_noop("A month is written as 2026-11, not {month!r}.")
UNKNOWN_DECISION = gettext_noop("A decision is one of {known}, not {kind!r}.")
NO_REASON = gettext_noop("Say why it is dismissed: one of {known}.")
NOTE_TOO_LONG = gettext_noop("A note has at most {most} characters.")
DECIDED_MEANWHILE = gettext_noop("Somebody decided meanwhile: look at it again.")
NOT_FOUND_ANY_MORE = gettext_noop("The newest audit run does not find this any more.")
NOTHING_TO_TAKE_BACK = gettext_noop("There is no decision to take back.")
# Of the part of a claim that is too long; those of columns are in `documents.claims.messages`.
PARTS = {
    Attribute.REFERENCE: gettext_noop("reference"),
    Attribute.EMPLOYEE: gettext_noop("employee"),
    Attribute.REPORT: gettext_noop("report"),
    Attribute.MERCHANT: gettext_noop("merchant"),
    Attribute.CATEGORY: gettext_noop("category"),
    Attribute.PAYMENT: gettext_noop("payment"),
    Attribute.COMMENT: gettext_noop("comment"),
}
