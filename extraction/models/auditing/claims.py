"""Claims: what employees typed for expenses, each with the document that is its receipt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.auditing import values as domain
from extraction.models.claims import ClaimImport
from extraction.models.documents import Document
from extraction.models.projects import Project


class Match(models.TextChoices):
    """What a claim's receipt, or that it has none, follows from; the names are those of `MatchBy`."""

    NONE = "", gettext_lazy("Not matched")
    FILE = "file", gettext_lazy("By file name")
    REFERENCE = "reference", gettext_lazy("By reference")
    VALUES = "values", gettext_lazy("By amount, date and merchant")
    PERSON = "person", gettext_lazy("By hand")


class Claim(models.Model):
    """An expense as an employee typed it.

    `employee` is a pseudonym, the same for the same name; `name` is empty unless the project keeps names. Texts are
    empty and other values null where nothing was typed. A claim that was taken back stays, withdrawn, because findings
    and decisions are about it.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="claims")
    key = models.CharField(max_length=64, help_text="SHA-256 of the reference, else of all that was typed.")
    reference = models.CharField(max_length=100, blank=True)
    employee = models.CharField(max_length=19, help_text="Pseudonym of the employee.")
    name = models.CharField(max_length=200, blank=True, help_text="Name of the employee, where names are kept.")
    report = models.CharField(max_length=100, blank=True, help_text="Expense report that it belongs to.")
    merchant = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=15, decimal_places=3, help_text="Negative: a refund.")
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217; empty: not told.")
    date = models.DateField(null=True)
    category = models.CharField(max_length=100, blank=True)
    attendees = models.PositiveSmallIntegerField(null=True, help_text="Number of people, the employee included.")
    payment = models.CharField(max_length=100, blank=True)
    file = models.CharField(max_length=255, blank=True, help_text="The receipt's file as it was named.")
    comment = models.CharField(max_length=1000, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="expense_claims")
    match = models.CharField(max_length=10, choices=Match, blank=True, default=Match.NONE)
    probability = models.FloatField(null=True, help_text="0 to 1, that the document is the claim's receipt.")
    matcher = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    claim_import = models.ForeignKey(ClaimImport, models.CASCADE, null=True, related_name="claims")
    line = models.PositiveIntegerField(null=True, help_text="Its line in the table of the import.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "key"], condition=models.Q(withdrawn=False), name="one_claim_per_key"
            )
        ]
        indexes = [
            models.Index(fields=["project", "key"], name="claims_by_key"),
            models.Index(fields=["project", "withdrawn", "-id"], name="claims_listed"),
            models.Index(fields=["project", "employee", "date"], name="claims_by_employee"),
            models.Index(fields=["project", "date"], name="claims_by_date"),
            models.Index(fields=["project", "withdrawn", "document", "-id"], name="claims_by_document"),
        ]

    def __str__(self) -> str:
        return self.reference or f"claim {self.pk}"

    def as_domain(self) -> domain.Claim:
        """The claim with the pseudonym of its employee; without a reference its number names it."""
        return domain.Claim(
            reference=self.reference or f"#{self.pk}",
            amount=self.amount.normalize() + 0,
            currency=self.currency,
            employee=self.employee,
            report=self.report,
            merchant=self.merchant,
            date=self.date,
            category=self.category,
            attendees=self.attendees,
            payment=self.payment,
            file=self.file,
            comment=self.comment,
        )
