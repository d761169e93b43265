"""Audit runs, and what they read on the receipts."""

from __future__ import annotations

import json
import zlib

from django.conf import settings
from django.db import models

from extraction.domain.auditing.values import Receipt
from extraction.domain.json_types import JsonObject
from extraction.models.auditing.policies import PolicyVersion
from extraction.models.documents import Document
from extraction.models.jobs import Job
from extraction.models.projects import Project


class ReceiptReading(models.Model):
    """What was read on a document, as audit runs compare it with claims; never changed. Equal inputs share a row, so
    that a run reads only what is new, and can be repeated with what it read."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="receipt_readings")
    key = models.CharField(max_length=64, help_text="SHA-256 of all that it was made of.")
    packed = models.BinaryField(help_text="`Receipt.to_json` as compressed JSON.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="one_reading_per_key")]

    def __str__(self) -> str:
        return f"{self.document} as it was read"

    def as_domain(self) -> Receipt:
        return Receipt.from_json(json.loads(zlib.decompress(self.packed)))

    @staticmethod
    def pack(receipt: Receipt) -> bytes:
        return zlib.compress(json.dumps(receipt.to_json(), separators=(",", ":")).encode())


class AuditRun(models.Model):
    """One comparison of all claims with their receipts under one version of the policy.

    What it compared is frozen with it: `inputs` has a row for each claim, its key, that of its `ReceiptReading` (null:
    none), how the two were matched, and how probably rightly.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="audit_runs")
    policy = models.ForeignKey(PolicyVersion, models.CASCADE, related_name="runs")
    today = models.DateField(help_text="The day by which ages were counted.")
    inputs = models.JSONField(default=list, help_text="Rows as said above; empty until they are collected.")
    claims = models.PositiveIntegerField(default=0)
    receipts = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0, help_text="Findings that no run before it had.")
    doubtful = models.PositiveIntegerField(default=0)
    at_risk = models.DecimalField(max_digits=18, decimal_places=3, null=True, help_text="Expected loss; null: not yet.")
    currency = models.CharField(max_length=3, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of its findings; empty until it is over.")
    finished = models.DateTimeField(null=True)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="audit_run")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"audit run {self.pk} of {self.project}"

    def to_json(self) -> JsonObject:
        """What it came to."""
        return {
            "id": self.pk,
            "policy": self.policy.number,
            "state": self.job.state if self.job else Job.State.CANCELLED.value,
            "today": self.today.isoformat(),
            "claims": self.claims,
            "receipts": self.receipts,
            "findings": self.findings,
            "made": self.made,
            "doubtful": self.doubtful,
            "at_risk": None if self.at_risk is None else str(self.at_risk.normalize() + 0),
            "currency": self.currency,
            "digest": self.digest,
            "created": self.created.isoformat(),
            "finished": self.finished.isoformat() if self.finished else None,
        }
