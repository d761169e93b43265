"""Endpoints: addresses of programs that are told what happens in a project."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from extraction.models.projects import Project


class WebhookEndpoint(models.Model):
    """An address that gets the events of some kinds. Its secret is not stored: it follows from `nonce` and the secret
    key of the installation.

    `failures` counts requests in a row, `failing_since` is the time of the first of them.
    """

    class State(models.TextChoices):
        ACTIVE = "active", gettext_lazy("Active")
        OFF = "off", gettext_lazy("Switched off")
        GONE = "gone", gettext_lazy("Gone")
        FAILING = "failing", gettext_lazy("Gave up")

    # How long the secret of before goes on to sign.
    OVERLAP = timedelta(hours=24)

    project = models.ForeignKey(Project, models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    kinds = models.JSONField(help_text="Names of the kinds of events that it gets.")
    every_seconds = models.PositiveIntegerField(
        default=0, help_text="At most one request in so many seconds, with a list of events; 0: a request for each."
    )
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    nonce = models.CharField(max_length=64)
    nonce_before = models.CharField(max_length=64, blank=True, help_text="Of the secret that was replaced.")
    rotated = models.DateTimeField(null=True, help_text="When the secret was last replaced.")
    busy_until = models.DateTimeField(null=True, help_text="Until then one worker alone sends to it.")
    not_before = models.DateTimeField(null=True, help_text="Nothing is sent before, since it failed.")
    last_request = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Endpoint {self.pk} of {self.project}"

    @property
    def active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def overlap_ends(self) -> datetime | None:
        """Until when the secret of before signs too; None where none does."""
        if not self.nonce_before or self.rotated is None or self.rotated + self.OVERLAP <= timezone.now():
            return None
        return self.rotated + self.OVERLAP

    @property
    def nonces(self) -> list[str]:
        """Those of the secrets that sign now, the newest first."""
        return [self.nonce, self.nonce_before] if self.overlap_ends else [self.nonce]
