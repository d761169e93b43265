"""Actions on many documents at once."""

from django.conf import settings
from django.db import models

from extraction.models.jobs import Job
from extraction.models.projects import Project


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
