"""Extractions: files of callers and the fields that were read from them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.results.extraction import Content, ExtractionResult, Timing, fields_from_json
from extraction.models.access import ApiToken
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project
from extraction.models.training import ModelVersion


class Extraction(models.Model):
    """One file that a caller sent, and the fields that were read from it. The file is removed once it is read."""

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        DONE = "done", gettext_lazy("Done")
        FAILED = "failed", gettext_lazy("Failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="What callers know it by.")
    project = models.ForeignKey(Project, models.CASCADE, related_name="extractions")
    model = models.ForeignKey(ModelVersion, models.CASCADE, related_name="extractions")
    token = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="extractions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="The file's name as it came.")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(null=True)
    file = models.CharField(max_length=200, blank=True, help_text="Path below the data folder while it waits.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    error = models.CharField(max_length=500, blank=True, help_text="Why it failed, in one sentence.")
    fields = OrderedJSONField(null=True, help_text="As the API answers them.")
    timing_ms = models.JSONField(null=True, help_text='`{"ingest", "ocr", "student", "total"}`.')
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="extraction")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"]), models.Index(fields=["created"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"

    def as_domain(self) -> ExtractionResult:
        return ExtractionResult(
            id=str(self.public_id),
            state=self.state,
            error=self.error or None,
            document=Content(self.sha256, self.pages),
            model=self.model.name,
            fields=None if self.fields is None else fields_from_json(self.fields),
            timing=None if self.timing_ms is None else Timing.from_json(self.timing_ms),
        )
