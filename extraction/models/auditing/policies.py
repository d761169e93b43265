"""Policies: what a project allows in claims, in versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from extraction.domain.auditing.policy import Policy
from extraction.models.projects import Project


class PolicyVersion(models.Model):
    """A project's policy as it was from `created` on; never changed after."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="policy_versions")
    number = models.PositiveIntegerField(help_text="Starts at 1.")
    value = models.JSONField(help_text="As `Policy.to_json` writes it.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="one_policy_per_number")]

    def __str__(self) -> str:
        return f"{self.project}, policy version {self.number}"

    def as_domain(self) -> Policy:
        return Policy.from_json(self.value)
