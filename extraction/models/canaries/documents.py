"""Documents that both versions of a canary answer."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from extraction.models.canaries.canaries import Canary
from extraction.models.documents import Document
from extraction.models.ordered import OrderedJSONField


class CanaryDocument(models.Model):
    """A document of a caller that the candidate of a canary was to answer; one a content.

    The words of its pages and its file are kept until both versions have answered. Where they differ the file becomes a
    document of the project, which people check.
    """

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting for the other answer")
        COMPARED = "compared", gettext_lazy("Compared")
        LEFT_OUT = "left_out", gettext_lazy("Left out")

    canary = models.ForeignKey(Canary, models.CASCADE, related_name="compared")
    sha256 = models.CharField(max_length=64, help_text="Of the file.")
    name = models.CharField(max_length=255, help_text="The file's name as it came; empty once both agree.", blank=True)
    file = models.CharField(max_length=200, blank=True, help_text="Path below the data folder while it waits.")
    pages = models.JSONField(null=True, help_text="As `domain.pages.Page.to_json` writes each, while it waits.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    candidate = OrderedJSONField(null=True, help_text="`VersionAnswer` by field; null: it has not answered.")
    serving = OrderedJSONField(null=True, help_text="The same of the serving version.")
    candidate_ms = models.FloatField(null=True, help_text="Milliseconds that its answer took.")
    serving_ms = models.FloatField(null=True)
    differing = models.JSONField(default=list, help_text="The fields in which the two differ.")
    differs = models.BooleanField(default=False)
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, related_name="+", help_text="What the file became where they differ."
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["canary", "sha256"], name="one_canary_document_per_content")]
        indexes = [models.Index(fields=["canary", "state", "differs", "id"], name="canary_documents")]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"
