"""What follows the deletion of documents: their traces elsewhere are erased, and what models owe is written.

The row `Deletion` is written with the deletion itself; everything else is done afterwards for many of them together,
by whoever comes first, and again where a process was killed half-way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.engines.student.base import CHECKPOINTS
from extraction.models import (
    ClaimImport,
    Deletion,
    Document,
    Extraction,
    Forgetting,
    Hint,
    Job,
    Label,
    Project,
    Split,
    TrainingRun,
    User,
)
from extraction.services import storage
from extraction.services.documents.claims import imports
from extraction.services.documents.jobs import READ
from extraction.services.documents.label_files import imports as label_files
from extraction.services.errors import Conflict
from extraction.services.privacy import settings
from extraction.services.privacy.forgetting import lineage
from extraction.services.privacy.forgetting.lineage import Candidate, Learner
from extraction.services.projects import idempotency
from extraction.services.serving.canaries import recording
from extraction.services.training.cross_checks import checks

# Deletions that are settled together: each of them is looked for in every report and snapshot at once.
PORTION = 500
# As long as work that had begun before a deletion may go on.
LATE = timedelta(days=1)
ERASED = gettext_noop("The document was deleted from the project, and this answer with it.")


def on_document_deleting(
    document: Document, actor: User | None = None, cause: Deletion.Cause = Deletion.Cause.PERSON, **kwargs: Any
) -> None:
    """Write, with the deletion, that it happened."""
    labels = Label.objects.filter(document=document)
    imports = labels.exclude(claim_import=None).values_list("claim_import", flat=True).order_by().distinct()
    keys = set(labels.values_list("pk", flat=True).order_by())
    hints = Hint.objects.filter(project=document.project_id).values_list("pk", "corrections")
    Deletion.objects.create(
        project_id=document.project_id,
        document=document.pk,
        sha256=document.sha256,
        test=document.split == Split.TEST,
        added=document.created,
        claim_imports=sorted(imports),
        hints=[pk for pk, corrections in hints if keys.intersection(corrections)],
        cause=cause,
        author=actor,
    )


def settle() -> int:
    """Settle the deletions that are not; how many. Harmless where several processes do it at once."""
    count = 0
    waiting = Deletion.objects.filter(settled=None)
    for project in Project.objects.filter(pk__in=waiting.values("project")):
        while rows := list(waiting.filter(project=project).order_by("pk")[:PORTION]):
            _settle(project, rows)
            count += len(rows)
    return count


def erase_late_traces() -> None:
    """Erase once more what was deleted in the last day: what was under way meanwhile, such as a report, may have been
    written afterwards."""
    recent = Deletion.objects.filter(settled__gt=timezone.now() - LATE)
    for project in Project.objects.filter(pk__in=recent.values("project")):
        rows = list(recent.filter(project=project).order_by("pk"))
        for start in range(0, len(rows), PORTION):
            _erase(project, rows[start : start + PORTION])


def _settle(project: Project, rows: Sequence[Deletion]) -> None:
    _erase(project, rows)
    learners = lineage.learners(project, map(Candidate.deleted, rows))
    drop_pretrained(project)
    drop_folds(project, timezone.now())
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        keys = [row.pk for row in rows]
        if Deletion.objects.filter(pk__in=keys, settled=None).update(settled=timezone.now()) < len(keys):
            transaction.set_rollback(True)  # another process settled some of them: what is left comes next
            return
        due = settings.due(settings.of(project).when)
        for learner in learners:
            _owe(project, learner, due)


def _owe(project: Project, learner: Learner, due: datetime | None) -> None:
    """Add to what the run owes already and nobody has begun with, else write a new debt."""
    row = Forgetting.objects.filter(run=learner.run, state=Forgetting.State.OWED).first()
    if row is None:
        documents = [each.to_json() for each in learner.learned]
        Forgetting.objects.create(project=project, run=learner.run, documents=documents, due=due)
        return
    known = {each.deletion: each for each in [*row.learned, *learner.learned]}
    row.documents = [each.to_json() for each in known.values()]
    row.due = due if row.due is None else row.due
    row.save(update_fields=["documents", "due"])


def drop_pretrained(project: Project) -> None:
    """Remove the pre-trained weights that later trainings would start from; who needs them makes them anew."""
    for path in (storage.project_folder(project) / "pretrained").glob("*.safetensors"):
        path.unlink(missing_ok=True)


def drop_outdated_weights() -> None:
    """As `drop_pretrained` for the weights on this machine of before the last deletion, which another one settled."""
    for project in Project.objects.exclude(deletions=None).annotate(last=Max("deletions__created")):
        for path in (storage.project_folder(project) / "pretrained").glob("*.safetensors"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= project.last.timestamp():
                    path.unlink()


def drop_folds(project: Project, until: datetime) -> None:
    """Remove what cross-checks that stopped had learned until then; who goes on with one trains its fold anew."""
    for pk, written in checks.stopped(project).items():
        if written <= until.timestamp():
            storage.remove(storage.cross_check_folder(project) / str(pk))


def drop_outdated_folds() -> None:
    """As `drop_folds` for what is on this machine of before the last deletion, which another one settled."""
    for project in Project.objects.exclude(deletions=None).annotate(last=Max("deletions__created")):
        drop_folds(project, project.last)


def drop_outdated_checkpoints() -> None:
    """Remove the checkpoints on this machine of trainings whose files went elsewhere because of a deletion; those of
    what was trained since stay."""
    forgotten = Forgetting.objects.exclude(files_deleted=None).exclude(run__folder="")
    for folder, last in forgotten.values_list("run__folder").annotate(Max("files_deleted")).order_by():
        for path in (storage.path(folder) / CHECKPOINTS).rglob("*"):
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime <= last.timestamp():
                    path.unlink()


def _erase(project: Project, rows: Sequence[Deletion]) -> None:
    """Remove what is said about these documents elsewhere than in their rows; figures stay."""
    keys, hashes = {row.document for row in rows}, {row.sha256 for row in rows}
    _erase_from_reports(project, keys)
    _erase_from_audits(project, hashes)
    for row in rows:
        _erase_answers(project, row)
        recording.forget(project, row.sha256, row.created)
    Job.objects.filter(project=project, kind=READ.name, subject__in=keys).exclude(state__in=Job.ACTIVE).delete()
    for table in ClaimImport.objects.filter(pk__in={pk for row in rows for pk in row.claim_imports}).exclude(file=""):
        with suppress(Conflict):  # one that is not read to its end is for a person to remove
            imports.forget_table(table)
    for labels in label_files.of_before(project, max(row.created for row in rows)):
        label_files.forget(labels)
    written = Hint.objects.filter(pk__in={pk for row in rows for pk in row.hints}).exclude(state=Hint.State.ADOPTED)
    written.update(text="", state=Hint.State.REJECTED)


def _erase_from_reports(project: Project, documents: set[int]) -> None:
    for report in project.reports.exclude(value={}):
        if not any(row["document"] in documents for row in _quoting(report.value)):
            continue
        for system in report.value["systems"]:
            for part in ("errors", "tables"):
                if part in system:
                    system[part] = [row for row in system[part] if row["document"] not in documents]
        report.save(update_fields=["value"])


def _quoting(value: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a stored report that quote a document, which is named by its key."""
    return [row for system in value["systems"] for part in ("errors", "tables") for row in system.get(part, ())]


def reports_about(project: Project) -> Counter[int]:
    """Number of the stored reports that quote a document, by its key."""
    reports = project.reports.exclude(value={}).only("value", "project")
    return Counter(key for report in reports for key in {row["document"] for row in _quoting(report.value)})


def _erase_from_audits(project: Project, hashes: set[str]) -> None:
    for run in TrainingRun.objects.filter(project=project).exclude(label_audit=None).only("label_audit"):
        listed = run.label_audit.get("listed", [])
        left = [issue for issue in listed if issue["document"] not in hashes]
        if len(left) < len(listed):
            run.label_audit["listed"] = left
            run.save(update_fields=["label_audit"])


def answers_about(row: Deletion) -> QuerySet[Extraction]:
    """The answers about the same file from before its deletion that still quote it."""
    rows = Extraction.objects.filter(project=row.project_id, sha256=row.sha256, created__lte=row.created)
    return rows.exclude(fields__isnull=True, student__isnull=True, teacher__isnull=True)


def _erase_answers(project: Project, row: Deletion) -> None:
    for pk, call in answers_about(row).values_list("pk", "call"):
        idempotency.forget_answer(call)
        Extraction.objects.filter(pk=pk).update(
            state=Extraction.State.FAILED,
            error=ERASED,
            name=row.sha256[:12],
            fields=None,
            student=None,
            teacher=None,
            unsure=None,
        )
