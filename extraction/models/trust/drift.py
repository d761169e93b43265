"""What comes in against what the serving model learned from."""

from django.db import models

from extraction.domain.trust.drift import Drift
from extraction.models.training import ModelVersion


class DriftCheck(models.Model):
    """The last comparison for a model; `value` is a `domain.trust.drift.Drift`, empty where it could not be made."""

    model = models.OneToOneField(ModelVersion, models.CASCADE, related_name="drift_check")
    value = models.JSONField(default=dict)
    measured = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.model}, {self.measured:%Y-%m-%d}"

    def as_domain(self) -> Drift | None:
        return Drift.from_json(self.value) if self.value else None
