"""Canaries: a share of the traffic that a candidate version answers, compared with the serving one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.canaries.verdicts import Figures, Rule
from extraction.models.projects import Project
from extraction.models.training import ModelVersion


class Canary(models.Model):
    """A candidate that answers `share` per cent of the documents, by their content. At most one a project runs."""

    class State(models.TextChoices):
        RUNNING = "running", gettext_lazy("Running")
        PROMOTED = "promoted", gettext_lazy("Promoted")
        ROLLED_BACK = "rolled_back", gettext_lazy("Rolled back")
        STOPPED = "stopped", gettext_lazy("Stopped")

    class Ending(models.TextChoices):
        """Why it ended."""

        NOT_WORSE = "not_worse", gettext_lazy("surely not worse")
        WORSE = "worse", gettext_lazy("surely worse")
        FAILURES = "failures", gettext_lazy("it failed too often")
        PERSON = "person", gettext_lazy("by hand")
        OVERTAKEN = "overtaken", gettext_lazy("another model was promoted")
        GONE = "gone", gettext_lazy("one of the two models was removed")

    project = models.ForeignKey(Project, models.CASCADE, related_name="canaries")
    candidate = models.ForeignKey(ModelVersion, models.CASCADE, related_name="canaries")
    serving = models.ForeignKey(ModelVersion, models.CASCADE, related_name="+", help_text="At the start.")
    share = models.PositiveSmallIntegerField(help_text="Per cent of the documents, 1 to 50.")
    margin = models.FloatField(default=0.01, help_text="Mean ANLS (0–1) by which it may be worse at the lower bound.")
    documents = models.PositiveIntegerField(default=50, help_text="So many are compared before it may be promoted.")
    promotes = models.BooleanField(default=False, help_text="It is promoted by itself where it is surely not worse.")
    state = models.CharField(max_length=15, choices=State, default=State.RUNNING)
    ending = models.CharField(max_length=15, choices=Ending, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Documents on which the candidate failed.")
    figures = models.JSONField(null=True, help_text="As `Figures.to_json` writes it; null: nothing is compared yet.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"], name="canaries")]
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=models.Q(state="running"), name="one_running_canary"),
            models.CheckConstraint(condition=models.Q(share__gte=1, share__lte=50), name="share_of_a_canary"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}, {self.share} % ({self.state})"

    @property
    def running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def rule(self) -> Rule:
        return Rule(self.margin, self.documents)

    def as_figures(self) -> Figures:
        return Figures() if self.figures is None else Figures.from_json(self.figures)
