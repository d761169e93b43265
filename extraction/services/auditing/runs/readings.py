"""What was read on receipts, kept so that a run looks only at documents of which something changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Max, Min, Sum

from extraction.domain.auditing.values import Receipt
from extraction.domain.errors import gettext_noop
from extraction.domain.field_types import Conventions
from extraction.domain.progress import Progress, check
from extraction.models import Document, Label, Page, Project, ReceiptReading, Source
from extraction.services.auditing import receipts
from extraction.services.labels import conventions

# Raised where the same labels and words lead to another receipt.
VERSION = 2
BATCH = 200
READING = gettext_noop("Looking at receipts")


def refresh(project: Project, numbers: Sequence[int], progress: Progress) -> dict[int, int]:
    """Keys of the present readings by those of their documents. Raises `Cancelled`; what was read by then stays."""
    known, found = conventions.of(project), dict[int, int]()
    for start in range(0, len(numbers), BATCH):
        check(progress)
        progress.report(start, len(numbers), READING)
        found |= _batch(project, numbers[start : start + BATCH], known)
    progress.report(len(numbers), len(numbers), READING)
    return found


def stored(numbers: Sequence[int]) -> Iterator[Receipt]:
    """The receipts of readings by their keys, in any order."""
    for start in range(0, len(numbers), BATCH):
        for row in ReceiptReading.objects.filter(pk__in=numbers[start : start + BATCH]):
            yield row.as_domain()


def _batch(project: Project, numbers: Sequence[int], known: Conventions) -> dict[int, int]:
    keys = _keys(project, numbers, known)
    there = _there(keys)
    stale = [number for number in keys if number not in there]
    if not stale:
        return there
    rows = [
        ReceiptReading(document_id=number, key=keys[number], packed=ReceiptReading.pack(receipt))
        for receipt in receipts.of_documents(project, stale)
        if (number := int(receipt.document)) in keys
    ]
    # Another run may have written some of them meanwhile.
    ReceiptReading.objects.bulk_create(rows, ignore_conflicts=True, batch_size=50)
    return _there(keys)


def _there(keys: Mapping[int, str]) -> dict[int, int]:
    rows = ReceiptReading.objects.filter(document__in=keys).values_list("document_id", "key", "pk")
    return {document: pk for document, key, pk in rows if keys[document] == key}


def _keys(project: Project, numbers: Sequence[int], known: Conventions) -> dict[int, str]:
    """SHA-256 of what a receipt is made of, by document: labels and words are rows that are replaced, never changed."""
    documents = project.documents.filter(pk__in=numbers, state=Document.State.READY)
    names = {pk: rest for pk, *rest in documents.values_list("pk", "sha256", "name", "fingerprint")}
    said = Label.objects.filter(document__in=names).exclude(source=Source.CLAIM).order_by()
    labels = _by_document(said.values_list("document").annotate(Max("pk"), Sum("quality__probability")))
    pages = _by_document(
        Page.objects.filter(document__in=names).order_by().values_list("document").annotate(Min("pk"), Max("pk"))
    )
    shared = [VERSION, project.schema_version_id, project.teacher, str(known)]
    return {
        number: hashlib.sha256(
            json.dumps([shared, names[number], labels.get(number), pages.get(number)], default=str).encode()
        ).hexdigest()
        for number in names
    }


def _by_document(rows: Any) -> dict[int, list[object]]:
    return {number: rest for number, *rest in rows}
