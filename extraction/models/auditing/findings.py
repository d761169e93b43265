"""Findings about claims, and people's decisions about them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from extraction.domain.auditing import finding as domain
from extraction.models.auditing.claims import Claim
from extraction.models.auditing.runs import AuditRun
from extraction.models.documents import Document
from extraction.models.projects import Project


class FindingState(models.TextChoices):
    """What the newest decision that counts made of a finding."""

    OPEN = "open", gettext_lazy("Open")
    ASKED = "asked", gettext_lazy("Employee asked")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    DISMISSED = "dismissed", gettext_lazy("Dismissed")


class DecisionKind(models.TextChoices):
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    DISMISSED = "dismissed", gettext_lazy("Dismissed")
    ASKED = "asked", gettext_lazy("Employee asked")
    TAKEN_BACK = "taken_back", gettext_lazy("Decision taken back")


class DismissalReason(models.TextChoices):
    """Why a finding was dismissed."""

    SMALL = "small", gettext_lazy("The difference is too small to matter")
    MISREAD = "misread", gettext_lazy("The receipt was misread")
    ALLOWED = "allowed", gettext_lazy("It is allowed here")
    EXPLAINED = "explained", gettext_lazy("The employee explained it")
    WRONG_RECEIPT = "wrong_receipt", gettext_lazy("It is another claim's receipt")
    OTHER = "other", gettext_lazy("Another reason")


class FindingSeverity(models.TextChoices):
    """The names are those of the domain; a check that is off finds nothing."""

    INFO = "info", gettext_lazy("To know")
    REVIEW = "review", gettext_lazy("To look at")
    BLOCK = "block", gettext_lazy("Not to be paid before a decision")


class Finding(models.Model):
    """What a check found about a claim, as the newest run has it.

    A run that finds the same again keeps the row with its decisions. One that is not `current` was not found by the
    newest run any more.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="findings")
    key = models.CharField(max_length=32, help_text="What stays the same of it in every run.")
    check_name = models.CharField(max_length=50)
    severity = models.CharField(max_length=10, choices=FindingSeverity)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="findings")
    document = models.ForeignKey(Document, models.CASCADE, null=True, related_name="findings")
    employee = models.CharField(max_length=19, help_text="Pseudonym of the claim's employee.")
    month = models.DateField(null=True, help_text="First day of the claim's month; null: it has no date.")
    probability = models.FloatField()
    at_risk = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    expected = models.DecimalField(max_digits=15, decimal_places=3, help_text="Probability times amount at risk.")
    currency = models.CharField(max_length=3, help_text="The policy's base currency.")
    doubtful = models.BooleanField(help_text="Too improbable to be held against anybody.")
    value = models.JSONField(help_text="As the domain's `Finding.to_json` writes it.")
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    reason = models.CharField(
        max_length=20, choices=DismissalReason, blank=True, help_text="Of one that was dismissed."
    )
    current = models.BooleanField(default=True)
    leading = models.BooleanField(
        default=False, help_text="Of the undecided ones of its claim that with the largest expected loss, if any."
    )
    first_run = models.ForeignKey(AuditRun, models.CASCADE, related_name="+")
    run = models.ForeignKey(AuditRun, models.CASCADE, related_name="found", help_text="The newest that found it.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="one_finding_per_key")]
        indexes = [
            # Partial: SQLite looks nothing up by a condition that is a column alone, as Django writes those of truth.
            models.Index(
                fields=["project", "state", "-expected", "id"],
                condition=Q(current=True, doubtful=False),
                name="findings_by_loss",
            ),
            models.Index(fields=["project", "check_name", "state"], name="findings_by_check"),
            models.Index(fields=["project", "employee"], name="findings_by_employee"),
            # What totals sum up, without a look at the rows.
            *(
                models.Index(
                    fields=["project", column, "expected"],
                    condition=Q(current=True, leading=True),
                    name=f"losses_by_{column}",
                )
                for column in ("check_name", "employee", "month")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_name} of {self.claim_id}"

    def as_domain(self) -> domain.Finding:
        return domain.Finding.from_json(self.value)


class Decision(models.Model):
    """A person's answer to a finding. Rows are only added; one that is taken back is followed by another."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=10, choices=DecisionKind)
    reason = models.CharField(max_length=20, choices=DismissalReason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.finding}"
