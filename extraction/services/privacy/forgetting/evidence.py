"""What a project's models owe and have forgotten, with the evidence: both snapshots, how the successor was trained, and
when the old files were deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from extraction.domain.json_types import JsonObject
from extraction.domain.learning.lineage import Learned
from extraction.models import Forgetting, ModelVersion, Project, Retention, Snapshot, TrainingRun
from extraction.services.automation import messages as automation_messages
from extraction.services.automation import settings as automation
from extraction.services.privacy import settings

LISTED = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A debt or what became of it; `reasons` say in sentences why an owner is to decide."""

    row: Forgetting
    learned: Sequence[Learned]
    reasons: Sequence[str]

    @property
    def run(self) -> TrainingRun:
        return self.row.run

    @property
    def model(self) -> ModelVersion | None:
        return getattr(self.row.run, "model_version", None)

    @property
    def serves(self) -> bool:
        return self.model is not None and self.model.stage == ModelVersion.Stage.PRODUCTION

    @property
    def successor(self) -> ModelVersion | None:
        return getattr(self.row.replacement, "model_version", None)

    def to_json(self) -> JsonObject:
        row, new = self.row, self.row.replacement
        return {
            "id": row.pk,
            "state": row.state,
            "model": self.run.name,
            "documents": [{"sha256": each.sha256, "uses": [use.value for use in each.uses]} for each in self.learned],
            "due": row.due.isoformat() if row.due else None,
            "snapshot": _snapshot(self.run.snapshot),
            "successor": None
            if new is None
            else {
                "name": new.name,
                "snapshot": _snapshot(new.snapshot),
                "seed": new.seed,
                "minutes": new.minutes,
                "config": new.config,
                "trained": self.successor is not None,
                "promoted": row.promoted,
            },
            "problem": row.problem or None,
            "failures": row.failures,
            "reasons": list(self.reasons),
            "files_deleted": row.files_deleted.isoformat() if row.files_deleted else None,
            "created": row.created.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """State of a project: the newest `entries`, and the number of documents that were `deleted`; of those that are
    `unsettled` the traces are not erased yet."""

    project: str
    when: Retention.When
    versions: Retention.Versions
    deleted: int
    unsettled: int
    entries: Sequence[Entry]

    @property
    def owed(self) -> list[Entry]:
        """What is not over."""
        return [entry for entry in self.entries if entry.row.open]

    def to_json(self) -> JsonObject:
        return {
            "project": self.project,
            "when": self.when.value,
            "versions": self.versions.value,
            "deleted": self.deleted,
            "unsettled": self.unsettled,
            "entries": [entry.to_json() for entry in self.entries],
        }


def of(project: Project) -> Evidence:
    """A fixed number of queries."""
    chosen = settings.of(project)
    row = automation.of(project)
    found = []
    for entry in _rows(project)[:LISTED]:
        reasons = automation_messages.of_reasons(entry.compared, row) if entry.compared and entry.open else []
        found.append(Entry(entry, entry.learned, reasons))
    return Evidence(
        project.slug,
        chosen.when,
        chosen.versions,
        project.deletions.count(),
        project.deletions.filter(settled=None).count(),
        found,
    )


def _rows(project: Project) -> QuerySet[Forgetting]:
    rows = project.forgettings.select_related(
        "run__model_version", "run__snapshot", "run__job", "replacement__model_version", "replacement__snapshot"
    )
    unread = ("curve", "log", "label_audit", "validation")
    return rows.defer(*(f"{run}__{column}" for run in ("run", "replacement") for column in unread))


def _snapshot(row: Snapshot | None) -> JsonObject | None:
    return {"sha256": row.sha256, "documents": len(row.items)} if row else None
