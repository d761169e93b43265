"""Taking an import back: its claims count no more, and where its labels are the newest claims, what was claimed before
them holds again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, check
from extraction.models import ClaimImport, Finding, Label, Project, Source
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput

BATCH = 400
UNDOING = gettext_noop("Taking labels back")

Place = tuple[int, str]


def run(import_id: int, progress: Progress) -> None:
    """Go on with taking an import back; the work of a job. Raises `Cancelled`; done again it finds what is left."""
    row = ClaimImport.objects.select_related("project__schema_version").filter(pk=import_id).first()
    if row is None or row.state != ClaimImport.State.UNDOING:
        return
    _withdraw_claims(row)
    labels = row.labels.filter(withdrawn=False).order_by("pk")
    last, done, total = 0, 0, labels.count()
    while batch := list(labels.filter(pk__gt=last).defer("rows")[:BATCH]):
        progress.report(done, total, UNDOING)
        check(progress)
        _take_back(row, batch)
        last, done = batch[-1].pk, done + len(batch)
    progress.report(total, total, UNDOING)
    ClaimImport.objects.filter(pk=row.pk, state=row.state).update(state=ClaimImport.State.UNDONE)


def _withdraw_claims(row: ClaimImport) -> None:
    with transaction.atomic():
        # First the project, as a run does that stores its findings: it finds none of a claim that was taken back.
        Project.objects.select_for_update(no_key=True).get(pk=row.project_id)
        ClaimImport.objects.select_for_update().get(pk=row.pk)
        Finding.objects.filter(claim__claim_import=row, current=True).update(current=False)
        count = row.claims.filter(withdrawn=False).update(withdrawn=True)
        ClaimImport.objects.filter(pk=row.pk).update(claims_withdrawn=F("claims_withdrawn") + count)


def _take_back(row: ClaimImport, labels: Sequence[Label]) -> None:
    with transaction.atomic():
        # Of two processes the second sees what the first wrote.
        ClaimImport.objects.select_for_update().get(pk=row.pk)
        histories = _histories({label.document_id for label in labels})
        places = dict.fromkeys((label.document_id, label.field) for label in labels)
        inputs = [_before(row, histories[place]) for place in places if _newest_is_of(row, histories[place])]
        store.write_many(row.project, inputs)
        ClaimImport.objects.filter(pk=row.pk).update(withdrawn=F("withdrawn") + len(inputs))


def _histories(documents: Iterable[int]) -> dict[Place, list[Label]]:
    rows = Label.objects.filter(document__in=documents, source=Source.CLAIM).order_by("pk").defer("rows")
    histories: dict[Place, list[Label]] = defaultdict(list)
    for label in rows.select_related("document", "claim_import", "author"):
        histories[label.document_id, label.field].append(label)
    return histories


def _newest_is_of(row: ClaimImport, history: Sequence[Label]) -> bool:
    return history[-1].claim_import_id == row.pk and not history[-1].withdrawn


def _before(row: ClaimImport, history: Sequence[Label]) -> LabelInput:
    """The claim that held before, given again; else the statement that there is none."""
    counts = [label for label in history if not _taken_back(row, label)]
    if not counts or counts[-1].withdrawn:
        newest = history[-1]
        return LabelInput(newest.document, newest.field, None, Source.CLAIM, withdrawn=True, claim_import=row)
    label = counts[-1]
    return LabelInput(
        label.document,
        label.field,
        label.value,
        Source.CLAIM,
        spans=label.as_domain().spans,
        normalized=label.normalized,
        confidence=label.confidence,
        unsure=label.unsure,
        author=label.author,
        reading_chosen=label.reading_chosen,
        claim_import=label.claim_import,
    )


def _taken_back(row: ClaimImport, label: Label) -> bool:
    other = label.claim_import
    return other is not None and (other.pk == row.pk or other.state in ClaimImport.TAKEN_BACK)
