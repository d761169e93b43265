"""Extractions: files of callers, one by one or in batches, their fields, and what a teacher is asked about them."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.results.extraction import BatchUpload, Content, ExtractionResult, Timing, fields_from_json
from extraction.models.access import ApiToken, IdempotentCall
from extraction.models.canaries.canaries import Canary
from extraction.models.documents import Document
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project
from extraction.models.teaching import LabelRun
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
    canary = models.ForeignKey(
        Canary,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Whose candidate answers its share of the files.",
    )
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
    """One file that a caller sent, and the fields that were read from it. The file is removed once it is read.

    Where a teacher was asked, `fields` are merged by field from `student` and `teacher`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        DONE = "done", gettext_lazy("Done")
        FAILED = "failed", gettext_lazy("Failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="What callers know it by.")
    project = models.ForeignKey(Project, models.CASCADE, related_name="extractions")
    model = models.ForeignKey(ModelVersion, models.CASCADE, related_name="extractions")
    canary = models.ForeignKey(
        Canary, models.SET_NULL, null=True, related_name="+", help_text="Whose candidate was to answer it."
    )
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
    escalated = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in Outcome], default=Outcome.OFF.value
    )
    gain = models.FloatField(null=True, help_text="What a teacher would probably read better; null: nobody asked.")
    student = OrderedJSONField(null=True, help_text="The student's answer where the teacher gave one too.")
    teacher = OrderedJSONField(null=True, help_text="The teacher's answer.")
    usd = models.DecimalField(max_digits=12, decimal_places=6, default=0, help_text="What the teacher's answer cost.")
    unsure = models.BooleanField(
        null=True, help_text="A person should look at one of the fields; null: not done, or done by an earlier version."
    )
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="extraction")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"]),
            models.Index(fields=["created"]),
            models.Index(fields=["project", "sha256"], name="extractions_of_a_file"),
        ]
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
            escalated=Outcome(self.escalated) if self.state == self.State.DONE else None,
            usd=float(self.usd),
            unsure=self.unsure,
        )


class Escalation(models.Model):
    """What becomes of files of which the student is unsure: whether and for how much money the project's teacher reads
    them, and whether they are kept for review. Neither without a row."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="escalation")
    active = models.BooleanField(default=False)
    monthly_usd = models.DecimalField(
        max_digits=8, decimal_places=2, default=Decimal(10), help_text="Dollars in a calendar month (UTC), at most."
    )
    timeout_seconds = models.PositiveIntegerField(
        default=30, help_text="After them the student's answer is given alone."
    )
    weights = models.JSONField(default=dict, help_text="Weights of fields that differ from 1, by name.")
    keep_unsure = models.BooleanField(
        default=False, help_text="Files whose answers are unsure in the end become documents that wait for review."
    )
    consented = models.DateTimeField(null=True, help_text="When somebody agreed that pictures leave this machine.")
    consented_provider = models.CharField(
        max_length=300, blank=True, help_text="Identifier of the provider that may get the pictures."
    )
    gains = models.JSONField(null=True, help_text="As `Gains.to_json` writes it; null: no extraction yet.")
    curve = OrderedJSONField(null=True, help_text="As `Curve.to_json` writes it; null: not measured.")
    measuring = models.BooleanField(default=False, help_text="The curve is to be measured.")
    problem = models.CharField(max_length=500, blank=True, help_text="Why it could not be measured, in one sentence.")

    def __str__(self) -> str:
        return f"{self.project}, {'on' if self.active else 'off'}"


class EscalationChange(models.Model):
    """The settings of a project's escalation as somebody set them. Rows are only added."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="escalation_changes")
    value = OrderedJSONField(help_text="As `Settings.to_json` of the escalation writes it.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"])]

    def __str__(self) -> str:
        return f"{self.project}, {self.created:%Y-%m-%d %H:%M}"


class TeacherCall(models.Model):
    """A question to the teacher about one file of a caller.

    Its money is reserved before it is asked: until `usd` is known the reservation counts as spent, also for ever where
    the process was killed meanwhile, for the answer may have been paid. `usd` holds requests without an answer, too, as
    far as they may have been charged.
    """

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("Asked")
        ANSWERED = "answered", gettext_lazy("Answered")
        FAILED = "failed", gettext_lazy("No usable answer")

    project = models.ForeignKey(Project, models.CASCADE, related_name="teacher_calls")
    model = models.ForeignKey(ModelVersion, models.SET_NULL, null=True, related_name="+", help_text="The student.")
    run = models.ForeignKey(LabelRun, models.SET_NULL, null=True, related_name="calls", help_text="Holds its answers.")
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="+", help_text="What the file became."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the file.")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    error = models.CharField(max_length=500, blank=True, help_text="Why there is no answer, in one sentence.")
    reserved_usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    usd = models.DecimalField(max_digits=12, decimal_places=6, null=True, help_text="Null: not known.")
    gain = models.FloatField()
    deadline = models.DateTimeField(help_text="After it nobody waits for the answer.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "created"], name="teacher_calls_of_a_month"),
            models.Index(fields=["project", "sha256", "state"], name="teacher_calls_of_a_file"),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.state})"
