"""What is known of the documents of a report beside their values, so that systems can be compared on parts of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from extraction.domain.evaluation.tables.rows import Facts
from extraction.domain.field_types import Conventions
from extraction.domain.fields import Field
from extraction.domain.label_quality.vendors import meaning, vendor_field
from extraction.models import BestLabel, Document, Label, ModelVersion
from extraction.services.reports.corpus import Corpus

# Labels of a snapshot that are read at a time.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class KnownVendors:
    """`documents` of each vendor in the project, and of each student, by name, the vendors that it `learned` from."""

    field: Field | None
    conventions: Conventions
    documents: Counter[str]
    learned: dict[str, frozenset[str]]

    @classmethod
    def of(cls, corpus: Corpus, students: Sequence[ModelVersion]) -> Self:
        """Vendors are those that the field names which `vendor_field` finds; nothing is known without one."""
        field, printed = vendor_field(corpus.project.schema), corpus.conventions
        if field is None:
            return cls(None, printed, Counter(), {})
        rows = BestLabel.objects.filter(project=corpus.project, field=field.name)
        values = rows.values_list("label__value", flat=True).iterator(chunk_size=CHUNK)
        documents = Counter(vendor for value in values if (vendor := meaning(field, value, printed)))
        learned = {model.name: frozenset(_learned(model, field, printed)) for model in students}
        return cls(field, printed, documents, learned)

    def facts(self, document: Document, truth: Label | None) -> Facts:
        """Of a document whose vendor `truth` names, if it is known."""
        vendor = meaning(self.field, truth.value, self.conventions) if self.field and truth else ""
        return Facts(
            focus=document.focus,
            language=document.language or "",
            origin=document.origin,
            media_type=document.media_type,
            vendor=vendor,
            vendor_documents=self.documents[vendor] if vendor else 0,
            seen={name: vendor in vendors for name, vendors in self.learned.items()} if vendor else {},
        )


def _learned(model: ModelVersion, field: Field, conventions: Conventions) -> Iterable[str]:
    """The vendors in the snapshot that a student learned from."""
    snapshot = model.run.snapshot
    labels = [item.labels[field.name] for item in snapshot.documents if field.name in item.labels] if snapshot else []
    for start in range(0, len(labels), CHUNK):
        rows = Label.objects.filter(pk__in=labels[start : start + CHUNK]).values_list("value", flat=True)
        yield from filter(None, (meaning(field, value, conventions) for value in rows))
