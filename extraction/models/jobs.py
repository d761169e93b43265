"""Jobs: background work. The row is the truth about it; the broker only carries its primary key.

Actions on many documents at once are a kind of it with a row of their own.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.models.projects import Project


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        RUNNING = "running", gettext_lazy("Running")
        DONE = "done", gettext_lazy("Done")
        FAILED = "failed", gettext_lazy("Failed")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")

    ACTIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=30, help_text="Name of a kind that `services.jobs.kinds` knows.")
    project = models.ForeignKey(Project, models.CASCADE, related_name="jobs")
    subject = models.PositiveBigIntegerField(
        help_text="Primary key of the row that the work is about; the kind says of which table."
    )
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True, help_text="Why it failed, in one sentence.")
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(
        max_length=128, blank=True, help_text="Token of the claim; a stale worker no longer holds it."
    )
    cancel_requested = models.BooleanField(default=False)
    sent = models.DateTimeField(null=True, help_text="When its message last went to the broker.")
    not_before = models.DateTimeField(null=True, help_text="Until then it waits for something else than a worker.")
    heartbeat = models.DateTimeField(null=True)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "heartbeat"]),
            models.Index(fields=["project", "kind", "-id"]),
            models.Index(fields=["kind", "subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.state})"

    @property
    def active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def is_put_off(self) -> bool:
        """Whether it waits for something else than a worker, such as a provider that takes hours."""
        return self.state == self.State.QUEUED and self.not_before is not None


class BulkRun(models.Model):
    """An action on documents that a person selected, frozen at that moment; see `services.documents.bulk`."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="bulk_runs")
    action = models.CharField(max_length=30, help_text="Name of a registered action.")
    values = models.JSONField(default=dict, help_text="What the person chose for the action.")
    documents = models.JSONField(default=list, help_text="Primary keys, until the run is through.")
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0, help_text="So many of the documents were gone through.")
    changed = models.PositiveIntegerField(default=0)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="bulk_run")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.action} {self.total} documents of {self.project}"
