"""What people corrected of a teacher's labels, and which of it is alike."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.domain.field_types import same
from extraction.domain.fields import Field
from extraction.domain.label_quality.vendors import vendor_field
from extraction.domain.learning.corrections import Alike, Correction, alike
from extraction.domain.line_items.rows import flat
from extraction.models import Hint, Label, Project, Source, Split
from extraction.services.labels import conventions, ranking
from extraction.services.training import snapshots

Labels = Mapping[str, Label]


def groups(project: Project) -> list[Alike]:
    """Corrections that are alike and of which no hint was made yet, the most first; two queries and those of hints.

    Documents of split test stay for measuring a teacher. Rows of groups are left out, and what nobody looked at: one
    answer that holds for a vendor's documents is one correction.
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
    right = ranking.checked(documents)
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


def _vendor(field: Field | None, right: Labels, said: Labels) -> str:
    """As a person wrote it, else the teacher; in one spelling of capitals and spaces. Empty where no field says it."""
    if field is None:
        return ""
    label = right.get(field.name) or said.get(field.name)
    return " ".join((label.value or "").upper().split())[:200] if label else ""
