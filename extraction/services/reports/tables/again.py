"""A report computed again from its frozen rows, and whether its numbers are the same. Times are left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.evaluation.scoring import Evaluation, PairedDifference
from extraction.domain.evaluation.tables.rows import FrozenRow
from extraction.domain.json_types import JsonObject, JsonValue
from extraction.domain.progress import Progress, check
from extraction.domain.results.provenance import MOST_DIFFERENCES, Code, Provenance, Recount, RecountState
from extraction.domain.results.reports import ReportValue, WrongAnswer
from extraction.domain.results.wrong_tables import WrongTable
from extraction.models import Report, SchemaVersion, User
from extraction.services import version
from extraction.services.errors import Conflict
from extraction.services.jobs import queue
from extraction.services.reports.jobs import RECOUNT
from extraction.services.reports.tables.writing import Tally

# Rows in memory at a time, and how far numbers may be apart that were summed up in another order.
CHUNK, NEAR = 200, 1e-9
NOT_FROZEN = gettext_noop(
    "The report {number} is not written, or an earlier version wrote it without what it could be computed from again."
)


def start(report: Report, *, actor: User | None = None, send: bool = True) -> Report:
    """Enqueue computing a report again; while that is under way nothing is done.

    Raises `Conflict` for a report that is not written yet, or that an earlier version wrote.
    """
    with transaction.atomic():
        row = Report.objects.select_for_update(of=("self",)).select_related("recount_job").get(pk=report.pk)
        if row.provenance is None:
            raise Conflict(NOT_FROZEN, number=str(row.pk))
        if row.recount_job is None or not row.recount_job.active:
            row.recount_job = queue.enqueue(RECOUNT, project=row.project, subject=row.pk, author=actor, send=send)
            row.save(update_fields=["recount_job"])
    return row


def run(report: int, progress: Progress) -> Recount:
    """Compute a report again and store whether that came out the same; the work of a RECOUNT job."""
    row = Report.objects.select_related("project").get(pk=report)
    value, provenance = row.as_domain(), row.provenance
    if value is None or provenance is None:
        raise Conflict(NOT_FROZEN, number=str(row.pk))
    result = _recount(row, value, provenance, progress)
    Report.objects.filter(pk=row.pk).update(recount=result.to_json())
    return result


def _recount(row: Report, value: ReportValue, provenance: Provenance, progress: Progress) -> Recount:
    schema = SchemaVersion.objects.get(pk=provenance.schema_version).as_domain()
    kinds = {system.name: system.kind for system in provenance.systems}
    tally = Tally(schema, provenance.conventions, kinds)
    for rows in _chunks(row):
        check(progress)
        progress.report(len(tally.documents), provenance.documents, gettext_noop("Computing again"))
        for frozen in rows:
            tally.add(frozen)
    deleted = provenance.documents - len(tally.documents)
    code, now = Code(version.version(), version.commit()), timezone.now()
    if deleted:
        return Recount(RecountState.INCOMPLETE, now, code, deleted=deleted)
    found = [] if tally.sha256 == provenance.sha256 else ["rows"]
    found += differing(_numbers(value), _counted(tally))
    progress.report(provenance.documents, provenance.documents)
    state = RecountState.DIFFERENT if found else RecountState.SAME
    return Recount(state, now, code, tuple(found[:MOST_DIFFERENCES]))


def _chunks(report: Report) -> Iterator[list[FrozenRow]]:
    """The rows by document, each chunk by a query of its own: one that stays open bars SQLite from writing progress."""
    last = 0
    while found := list(report.rows.filter(document__gt=last).order_by("document_id")[:CHUNK]):
        yield [row.as_domain() for row in found]
        last = found[-1].document_id


def _numbers(value: ReportValue) -> JsonObject:
    """What a report says but times and costs."""
    systems: JsonObject = {
        system.name: _system(system.scores, system.errors, system.tables) for system in value.systems
    }
    tables = value.tables.to_json() if value.tables else None
    return _said(value.documents, systems, value.differences, tables)


def _counted(tally: Tally) -> JsonObject:
    """The same, from the rows."""
    figures, galleries = tally.figures(), tally.galleries
    systems: JsonObject = {
        name: _system(scores, galleries[name].answers, galleries[name].tables)
        for name, scores in figures.evaluations.items()
    }
    return _said(figures.documents, systems, figures.differences, figures.tables.to_json())


def _system(scores: Evaluation, errors: Iterable[WrongAnswer], tables: Iterable[WrongTable]) -> JsonObject:
    return {
        "scores": scores.to_json(),
        "errors": [error.to_json() for error in errors],
        "tables": [table.to_json() for table in tables],
    }


def _said(
    documents: int, systems: JsonObject, differences: Iterable[PairedDifference], tables: JsonValue
) -> JsonObject:
    pairs = [pair.to_json() for pair in differences]
    return {"documents": documents, "systems": systems, "differences": pairs, "tables": tables}


def differing(one: JsonValue, other: JsonValue, place: str = "") -> Iterator[str]:
    """The places, as `systems.rules.scores.mean_anls`, at which two JSON values differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            inner = f"{place}.{key}" if place else str(key)
            if key in one and key in other:
                yield from differing(one[key], other[key], inner)
            else:
                yield inner
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from differing(*pair, f"{place}.{number}")
    elif not _equal(one, other):
        yield place


def _equal(one: JsonValue, other: JsonValue) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
    return one == other
