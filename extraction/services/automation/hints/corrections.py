"""What people corrected of a teacher's labels, and which of it is alike."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.domain import label_sources
from extraction.domain.field_types import same
from extraction.domain.fields import Schema
from extraction.domain.learning.corrections import Alike, Correction, alike
from extraction.domain.line_items.rows import flat
from extraction.models import Hint, Label, Project, Source, Split
from extraction.services.labels import conventions, ranking
from extraction.services.training import snapshots

# Names of fields that say who issued a document, the best first.
VENDORS = ("vendor", "vendor_name", "company", "supplier", "seller", "merchant", "issuer", "shop", "store")

Labels = Mapping[str, Label]


def groups(project: Project) -> list[Alike]:
    """Corrections that are alike and of which no hint was made yet, the most first; two queries and those of hints.

    Documents of split test stay for measuring a teacher. Rows of groups are left out.
    """
    if not project.teacher or project.schema_version is None:
        return []
    used = {
        pk
        for keys in project.hints.exclude(state=Hint.State.FAILED).values_list("corrections", flat=True)
        for pk in keys
    }
    return alike([each for each in _corrections(project) if each.label not in used])


def _corrections(project: Project) -> list[Correction]:
    documents = snapshots.readable(project).exclude(split=Split.TEST)
    right = ranking.best_for(documents, sources=label_sources.names(by_people=True))
    said = ranking.from_source(documents.filter(pk__in=list(right)), Source.TEACHER, project.teacher)
    schema, printed = flat(project.schema), conventions.of(project)
    vendor = vendor_field(project.schema)
    return [
        Correction(pk, label.pk, name, _vendor(vendor, right[pk], said[pk]), said[pk][name].value, label.value)
        for pk, labels in right.items()
        for name, label in labels.items()
        if name in schema and name in said.get(pk, {})
        if not same(schema[name], said[pk][name].value, label.value, conventions=printed)
    ]


def vendor_field(schema: Schema) -> str:
    """The field that says who issued a document; empty where none does."""
    return next((name for name in VENDORS if name in schema), "")


def _vendor(name: str, right: Labels, said: Labels) -> str:
    """As a person wrote it, else the teacher; in one spelling of capitals and spaces."""
    label = right.get(name) or said.get(name)
    return " ".join((label.value or "").upper().split())[:200] if label else ""
