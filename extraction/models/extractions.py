"""Extractions: files of callers and the fields that were read from them, one by one or in batches."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.results.extraction import BatchUpload, Content, ExtractionResult, Timing, fields_from_json
from extraction.models.access import ApiToken, IdempotentCall
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project
from extraction.models.training import ModelVersion


class ExtractionBatch(models.Model):
    """Files and ZIP archives that came in one call. They are removed once all of them are read."""

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        RUNNING = "running", gettext_lazy("Being read")
        DONE = "done", gettext_lazy("Done")
        FAILED = "failed", gettext_lazy("Stopped")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")

    ACTIVE = (State.QUEUED, State.RUNNING)

    # Numbers of files that `services.serving.batches` adds to the rows of its queries.
    answered: int
    refused: int

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="What callers know it by.")
    project = models.ForeignKey(Project, models.CASCADE, related_name="extraction_batches")
    model = models.ForeignKey(ModelVersion, models.CASCADE, related_name="extraction_batches")
    token = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="extraction_batches")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    call = models.OneToOneField(IdempotentCall, models.SET_NULL, null=True, related_name="extraction_batch")
    name = models.CharField(max_length=255, help_text="The name of its first file.")
    uploads = models.JSONField(help_text="`BatchUpload.to_json` of each file as it came, in order.")
    folder = models.CharField(max_length=200, blank=True, help_text="Of its files below the data folder.")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    error = models.CharField(max_length=500, blank=True, help_text="Why it stopped, in one sentence.")
    total = models.PositiveIntegerField(default=0, help_text="Files in it, those of archives one by one.")
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="extraction_batch")
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="extraction_batches"),
            models.Index(fields=["created"], name="old_extraction_batches"),
        ]

    def __str__(self) -> str:
        return f"batch {self.public_id} ({self.state})"

    @property
    def active(self) -> bool:
        return self.state in self.ACTIVE

    def as_uploads(self) -> list[BatchUpload]:
        return [BatchUpload.from_json(upload) for upload in self.uploads]


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
    call = models.OneToOneField(IdempotentCall, models.SET_NULL, null=True, related_name="extraction")
    batch = models.ForeignKey(ExtractionBatch, models.CASCADE, null=True, related_name="extractions")
    position = models.PositiveIntegerField(null=True, help_text="Of the file in its batch, from 0.")
    name = models.CharField(max_length=255, help_text="The file's name as it came.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Empty: the file was refused before it was whole.")
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
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="one_extraction_per_file_of_a_batch")]

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
