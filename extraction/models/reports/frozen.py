"""Documents of reports, as they were when these were written."""

from __future__ import annotations

from django.db import models

from extraction.domain.evaluation.tables.rows import FrozenRow
from extraction.models.documents import Document
from extraction.models.training import Report


class FrozenDocument(models.Model):
    """A document of a report with its truths and with the answers of all systems. It goes with the document."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="rows")
    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    value = models.JSONField(help_text="As `FrozenRow.to_json` writes it.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "document"], name="one_row_per_frozen_document")]

    def __str__(self) -> str:
        return f"{self.document} in {self.report}"

    def as_domain(self) -> FrozenRow:
        return FrozenRow.from_json(self.document_id, self.value)
