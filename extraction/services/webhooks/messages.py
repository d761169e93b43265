"""Sentences of this stage for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from extraction.domain.errors import gettext_noop
from extraction.domain.webhooks.answers import DeliveryOutcome
from extraction.models import WebhookEndpoint

NO_ENDPOINT = gettext_noop("There is no such webhook.")
NO_DELIVERY = gettext_noop("There is no such delivery; it may have been deleted.")
NOT_ACTIVE = gettext_noop("The webhook is not active, so nothing is sent to it.")
NOT_AN_ADDRESS = gettext_noop(
    "The address must be such as https://example.com/hook, in at most {most} characters of ASCII."
)
WITH_PASSWORD = gettext_noop("The address may hold no user name and no password: requests are signed instead.")
NOT_ENCRYPTED = gettext_noop("The address must begin with https://.")
NO_KINDS = gettext_noop("Choose at least one kind of event out of {known}.")
UNKNOWN_KIND = gettext_noop("There is no kind of event named {kind!r}; there are {known}.")
BAD_PAUSE = gettext_noop("The seconds between two requests are from 0 to {most}, not {seconds}.")
TOO_MANY = gettext_noop("A project has at most {most} webhooks.")
ROTATED_MEANWHILE = gettext_noop("Somebody else replaced the secret meanwhile.")

WAITS_FOR_RECEIVER = gettext_noop("Waiting until the next request may be sent")

OUTCOMES = {
    DeliveryOutcome.DELIVERED: gettext_lazy("Delivered"),
    DeliveryOutcome.REJECTED: gettext_lazy("The receiver answered with an error."),
    DeliveryOutcome.REDIRECTED: gettext_lazy("The receiver answered with a redirect, which is not followed."),
    DeliveryOutcome.GONE: gettext_lazy("The receiver answered that it is gone for good."),
    DeliveryOutcome.TIMED_OUT: gettext_lazy("There was no answer in time."),
    DeliveryOutcome.UNREACHABLE: gettext_lazy("The receiver could not be reached."),
    DeliveryOutcome.UNTRUSTED: gettext_lazy("No encrypted connection came about; its certificate may not be trusted."),
    DeliveryOutcome.MALFORMED: gettext_lazy("The answer was no HTTP."),
    DeliveryOutcome.REFUSED_ADDRESS: gettext_lazy(
        "The address belongs to a private network, to which nothing is sent."
    ),
}
STATES = {
    WebhookEndpoint.State.OFF: gettext_lazy("Switched off: what happens meanwhile is not sent later."),
    WebhookEndpoint.State.GONE: gettext_lazy(
        "The receiver answered 410, that it is gone for good, so nothing more is sent to it."
    ),
    WebhookEndpoint.State.FAILING: gettext_lazy("Nothing got through for three days, so nothing more is sent to it."),
}
