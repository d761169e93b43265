"""Deliveries: the outbox of an endpoint, and its log."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from extraction.domain.webhooks.answers import DeliveryOutcome
from extraction.domain.webhooks.payloads import Event
from extraction.models.ordered import OrderedJSONField
from extraction.models.webhooks.endpoints import WebhookEndpoint


class WebhookDelivery(models.Model):
    """An event on its way to an endpoint, and what came of the last attempt.

    The row is written in the transaction that makes the event true. Events that go in one request share its `message`,
    and are delivered, or tried again, together.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        DELIVERED = "delivered", gettext_lazy("Delivered")
        EXHAUSTED = "exhausted", gettext_lazy("Given up")

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=50)
    data = OrderedJSONField(help_text="Ids, states and links.")
    created = models.DateTimeField(default=timezone.now, help_text="When it happened.")
    message = models.CharField(
        max_length=40, blank=True, help_text="Id of the request that it goes in; empty before the first attempt."
    )
    batched = models.BooleanField(default=False, help_text="Whether that request holds a list.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    since = models.DateTimeField(default=timezone.now, help_text="Start of the day for which it is tried.")
    not_before = models.DateTimeField(default=timezone.now, help_text="When it is to be tried next.")
    attempts = models.PositiveIntegerField(default=0)
    attempted = models.DateTimeField(null=True, help_text="When it was last tried.")
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(each.value, each.value) for each in DeliveryOutcome]
    )
    status = models.PositiveSmallIntegerField(null=True, help_text="HTTP status of the last answer.")
    milliseconds = models.PositiveIntegerField(null=True)
    answer = models.TextField(blank=True, help_text="The first 1024 bytes of the last answer.")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["endpoint", "state", "not_before"], name="due_deliveries"),
            models.Index(fields=["endpoint", "-id"], name="newest_deliveries"),
            models.Index(fields=["endpoint", "message"], name="deliveries_of_message"),
            models.Index(fields=["created"], name="oldest_deliveries"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.endpoint_id} ({self.state})"

    @property
    def event(self) -> Event:
        return Event(self.kind, self.created, self.data)
