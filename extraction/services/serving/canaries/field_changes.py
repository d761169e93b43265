"""What becomes of a canary's comparisons when the fields of its project change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extraction.domain.json_types import JsonObject
from extraction.models import CanaryDocument, SchemaVersion
from extraction.services.projects import schema_versions
from extraction.services.serving.canaries import lifecycle, recording
from extraction.services.serving.guarantees import meaning

State = CanaryDocument.State
BATCH = 400


def on_fields_replaced(before: SchemaVersion, after: SchemaVersion, **kwargs: Any) -> None:
    """Answers of the running canary follow their fields to new names. Where a field means something else from now on,
    what was compared says nothing any more, and the comparison begins anew."""
    canary = lifecycle.running(after.project)
    if canary is None:
        return
    names = schema_versions.carried(before, after)
    old, new = before.as_domain(), after.as_domain()
    if any(meaning(old[name]) != meaning(new[names[name]]) for name in names):
        recording.leave_out(canary.compared.all())
    elif any(name != present for name, present in names.items()):
        _rename(canary.compared.exclude(state=State.LEFT_OUT), names)
    recording.ask_for_comparison(canary)


def _rename(rows: Any, names: Mapping[str, str]) -> None:
    changed = []
    for row in rows.exclude(candidate=None, serving=None).defer("pages"):
        row.candidate, row.serving = _renamed(row.candidate, names), _renamed(row.serving, names)
        row.differing = [names[name] for name in row.differing if name in names]
        changed.append(row)
    CanaryDocument.objects.bulk_update(changed, ["candidate", "serving", "differing"], batch_size=BATCH)


def _renamed(answers: JsonObject | None, names: Mapping[str, str]) -> JsonObject | None:
    return None if answers is None else {names[name]: value for name, value in answers.items() if name in names}
