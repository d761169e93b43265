"""Which finding a claim counts with in totals: kept in a column, so that a page sums up only what counts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from extraction.models import Finding, Project
from extraction.services.auditing.findings.listing import UNDECIDED


@transaction.atomic(savepoint=False)
def lead(project: Project, claim: int | None = None) -> None:
    """Bring the column `leading` up to date, of one claim or of all; two statements.

    The project is locked, so that of two writers the second sees what the first wrote.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    rows = Finding.objects.filter(project=project)
    if claim is not None:
        rows = rows.filter(claim=claim)
    counting = rows.filter(current=True, doubtful=False, state__in=UNDECIDED, expected__gt=0)
    place = Window(RowNumber(), partition_by=F("claim"), order_by=[F("expected").desc(), F("pk").asc()])
    first = counting.annotate(place=place).filter(place=1).values("pk")
    rows.filter(leading=True).exclude(pk__in=first).update(leading=False)
    rows.filter(leading=False, pk__in=first).update(leading=True)
