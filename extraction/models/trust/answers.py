"""What each system of a report answered, document by document: the rows behind galleries, curves and comparisons.

They are written with the report and never changed; those of a document go with it.
"""

from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.trust.causes import CAUSES
from extraction.models.documents import Document
from extraction.models.labels import Label
from extraction.models.training import Report

SYSTEM = 200


class ReportedDocument(models.Model):
    """The answers of one system for a document, beside the truths."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="answered")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    system = models.CharField(max_length=SYSTEM)
    answers = models.JSONField(help_text="`ComparedAnswer` by field with a truth.")
    wrong = models.TextField(blank=True, help_text="Fields that are not right, between commas: `,company,total,`.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "system", "document"], name="one_reported_document"),
        ]

    def __str__(self) -> str:
        return f"{self.system} on {self.document}"


class ReportedMiss(models.Model):
    """An answer for a flat field that is not right; truth and answer as they were scored."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="misses")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    system = models.CharField(max_length=SYSTEM)
    field = models.CharField(max_length=50)
    truth = models.TextField(null=True)
    answer = models.TextField(null=True)
    printed = models.TextField(null=True, help_text="The answer as it is printed.")
    spans = models.JSONField(default=list, help_text="Words that the answer stands on.")
    confidence = models.FloatField(null=True)
    similarity = models.FloatField(help_text="ANLS of the answer, 0 to 1.")
    cause = models.CharField(
        max_length=20, choices=[(cause.value, gettext_lazy(title)) for cause, title in CAUSES.items()]
    )
    label = models.ForeignKey(Label, models.SET_NULL, null=True, related_name="+", help_text="What it differs from.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "system", "document", "field"], name="one_reported_miss"),
        ]
        indexes = [models.Index(fields=["report", "system", "similarity", "id"], name="reported_misses")]

    def __str__(self) -> str:
        return f"{self.system}: {self.field} of {self.document}"


class ReportedConfidences(models.Model):
    """How often a system was right by how sure it was of a field; `field` is empty for all flat fields together."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="confidences")
    system = models.CharField(max_length=SYSTEM)
    field = models.CharField(max_length=50, blank=True)
    value = models.JSONField(help_text="As `Confidences.to_json` writes it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "system", "field"], name="one_reported_confidences"),
        ]

    def __str__(self) -> str:
        return f"{self.system}: {self.field or 'all fields'}"
