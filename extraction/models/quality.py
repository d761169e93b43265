"""Quality of labels: how probably each is right, and what that was fitted on."""

from django.db import models

from extraction.models.labels import Label
from extraction.models.projects import Project


class LabelQuality(models.Model):
    """Assessment of a teacher's or claim's label, which `services.quality` derives from what is known about it."""

    label = models.OneToOneField(Label, models.CASCADE, related_name="quality")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    signals = models.JSONField(help_text="What speaks for and against it, as `signals.measures` names it, 0 to 1 each.")
    probability = models.FloatField(help_text="That the label is right.")
    right = models.BooleanField(null=True, help_text="Whether it agrees with what a person said; null: nobody did.")

    class Meta:
        indexes = [models.Index(fields=["project", "right"], name="label_quality_judged")]

    def __str__(self) -> str:
        return f"{self.label}: {self.probability:.0%}"


class LabelEstimator(models.Model):
    """The estimator of a project's label qualities, fitted on the labels that people have judged."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="label_estimator")
    value = models.JSONField(help_text="As `Estimator.to_json` writes it.")
    newest = models.PositiveBigIntegerField(help_text="The newest label that it knows.")
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Estimator of {self.project}"
