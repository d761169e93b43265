"""How long a project keeps what, and when its models forget."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from extraction.models.projects import Project


class Retention(models.Model):
    """Settings of a project; without a row the defaults hold. Numbers of days; null: for ever."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", gettext_lazy("At once")
        NIGHTLY = "nightly", gettext_lazy("Every night, together")
        BY_HAND = "by_hand", gettext_lazy("When an owner starts it")

    class Versions(models.TextChoices):
        ALL = "all", gettext_lazy("Every version is trained again")
        SERVING = "serving", gettext_lazy("The serving one is trained again, the others are removed")

    project = models.OneToOneField(Project, models.CASCADE, related_name="retention")
    answers = models.PositiveIntegerField(null=True, help_text="Extractions; null: as long as the installation says.")
    unreviewed = models.PositiveIntegerField(null=True, help_text="Documents that nobody reviewed, since they came.")
    rejected = models.PositiveIntegerField(null=True, help_text="Rejected documents, since they were rejected.")
    documents = models.PositiveIntegerField(null=True, help_text="All documents, since they came.")
    when = models.CharField(max_length=10, choices=When, default=When.NIGHTLY)
    versions = models.CharField(max_length=10, choices=Versions, default=Versions.ALL)
    swept = models.DateTimeField(null=True, help_text="When the last nightly deletion was through.")

    def __str__(self) -> str:
        return f"{self.project}: {self.when}"
