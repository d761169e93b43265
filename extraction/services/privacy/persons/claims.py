"""Claims of an employee: those under the employee's pseudonym, and the claimed values of documents for which one of
them is the employee's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from extraction.domain.json_types import JsonObject
from extraction.engines.tables.limits import UnreadableTable
from extraction.engines.tables.tables import open_table
from extraction.models import Claim, ClaimImport, ClaimRemark, Label, Project, Source
from extraction.services import pseudonyms, storage
from extraction.services.documents.claims import imports
from extraction.services.labels import ranking

# Rows of one statement.
BATCH = 400


def naming(name: str) -> QuerySet[Label]:
    """The claimed values that are the name, whatever its case."""
    return Label.objects.filter(Q(value__iexact=name) | Q(normalized__iexact=name), source=Source.CLAIM)


def of_employee(name: str) -> QuerySet[Claim]:
    """The claims of the employee, also those that were taken back."""
    return Claim.objects.filter(employee=pseudonyms.of(name))


def mentioning(name: str) -> QuerySet[Claim]:
    """The claims that hold the name: beside its pseudonym, or in a comment."""
    return Claim.objects.filter(Q(name__iexact=name) | Q(comment__icontains=name))


def exported_claims(name: str) -> Iterator[JsonObject]:
    """All that the employee typed."""
    for row in of_employee(name).select_related("project").order_by("pk").iterator():
        claim = row.as_domain().to_json()
        yield {
            "project": row.project.slug,
            **claim,
            "reference": row.reference,
            "withdrawn": row.withdrawn,
            "created": row.created.isoformat(),
        }


def exported(name: str) -> Iterator[JsonObject]:
    """Every claimed value of the documents of these values."""
    documents = naming(name).values("document")
    rows = Label.objects.filter(document__in=documents, source=Source.CLAIM).select_related("document__project")
    for label in rows.order_by("pk").iterator():
        yield {
            "project": label.document.project.slug,
            "document": label.document.name,
            "field": label.field,
            "value": label.value,
            "withdrawn": label.withdrawn,
            "created": label.created.isoformat(),
        }


def unfinished(name: str) -> ClaimImport | None:
    """An import that still reads its table and shows the name in it."""
    rows = ClaimImport.objects.exclude(state__in=imports.FINISHED)
    return next((row for row in rows if _quotes(row, name)), None)


def held(name: str) -> Project | None:
    """A project that shows the name in claims and is under a legal hold, of its own or of the document."""
    kept = Q(document__project__held=True) | Q(document__held=True)
    if (label := naming(name).filter(kept).select_related("document__project").first()) is not None:
        return label.document.project
    if (claim := mentioning(name).filter(project__held=True).select_related("project").first()) is not None:
        return claim.project
    rows = ClaimImport.objects.filter(project__held=True).exclude(file="").select_related("project")
    return next((row.project for row in rows if _quotes(row, name)), None)


def erase(name: str, pseudonym: str) -> int:
    """Put the pseudonym in the place of the name in claimed values, and delete the tables that they came from; how many
    values there were."""
    found = list(naming(name).select_related("document__project"))
    tables = {label.claim_import_id for label in found if label.claim_import_id}
    for row in ClaimImport.objects.filter(state__in=imports.FINISHED).exclude(file=""):
        if row.pk in tables or _quotes(row, name):
            imports.forget_table(row)
    for project in {label.document.project for label in found}:
        of_project = [label for label in found if label.document.project_id == project.pk]
        keys = [label.pk for label in of_project]
        with transaction.atomic():
            Label.objects.filter(pk__in=keys).update(value=pseudonym, normalized=pseudonym, spans=[])
            ranking.refresh(project, sorted({label.document_id for label in of_project}))
    return len(found) + _erase_from_claims(name, pseudonym)


def _erase_from_claims(name: str, pseudonym: str) -> int:
    """Leave the pseudonym alone; in how many claims the name stood."""
    whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    changed = []
    for row in mentioning(name):
        before = row.name, row.comment
        row.name = "" if row.name.casefold() == name.casefold() else row.name
        row.comment = whole.sub(pseudonym, row.comment)[: Claim._meta.get_field("comment").max_length]
        if before != (row.name, row.comment):
            changed.append(row)
    Claim.objects.bulk_update(changed, ["name", "comment"], batch_size=BATCH)
    return len(changed)


def _quotes(row: ClaimImport, name: str) -> bool:
    """Whether the table holds the name as a whole cell, or a remark quotes it."""
    if ClaimRemark.objects.filter(claim_import=row, text__iexact=name).exists():
        return True
    if any(cell.strip().casefold() == name.casefold() for line in row.first_lines for cell in line):
        return True
    try:
        lines = open_table(storage.fetch(row.file)).lines() if row.file else iter(())
        return any(cell.text.strip().casefold() == name.casefold() for line in lines for cell in line.cells)
    except (OSError, UnreadableTable):
        return False
