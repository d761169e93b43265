"""Claims of a project: added by hand and by programs, listed, joined with their receipts by a person, taken back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from extraction.domain.auditing import values as domain
from extraction.domain.claims.attributes import LONGEST
from extraction.domain.claims.records import DECIMALS, LARGEST, MOST_ATTENDEES
from extraction.domain.field_types.readers import currencies
from extraction.domain.text import storable
from extraction.models import AuditAction, Claim, Document, Finding, Match, Project, User
from extraction.services import pseudonyms
from extraction.services.audit_log import log as audit_log
from extraction.services.auditing import messages
from extraction.services.auditing.findings.leading import lead
from extraction.services.documents.claims.messages import ATTRIBUTES
from extraction.services.documents.claims.records import rows
from extraction.services.documents.claims.records.rows import Keys, Record, Stored
from extraction.services.documents.imports.document_names import DocumentNames
from extraction.services.errors import Conflict, Invalid, NotFound

# Claims that are added by one call.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims; empty: any. `employee` is a name or a pseudonym, `receipt` whether they have one, `since` and
    `until` are days of the expense, both included."""

    search: str = ""
    employee: str = ""
    receipt: bool | None = None
    match: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    def narrow(self, found: QuerySet[Claim]) -> QuerySet[Claim]:
        if self.search:
            texts = ("reference", "merchant", "report", "category", "comment", "file")
            condition = Q()
            for name in texts:
                condition |= Q(**{f"{name}__icontains": self.search})
            found = found.filter(condition)
        if self.employee:
            found = found.filter(employee=pseudonyms.kept(self.employee))
        if self.receipt is not None:
            found = found.filter(document__isnull=not self.receipt)
        if self.match:
            found = found.filter(match=self.match)
        if self.since is not None:
            found = found.filter(date__gte=self.since)
        if self.until is not None:
            found = found.filter(date__lte=self.until)
        return found


def listing(project: Project, condition: Filter = Filter()) -> QuerySet[Claim]:
    """The claims that count, the newest first."""
    found = Claim.objects.filter(project=project, withdrawn=False).select_related("document")
    return condition.narrow(found).order_by("-pk")


def find(project: Project, number: int) -> Claim:
    """Also one that was taken back. Raises `NotFound`."""
    found = Claim.objects.filter(project=project, pk=number)
    row = found.select_related("document", "claim_import", "author", "matcher").first()
    if row is None:
        raise NotFound(messages.NO_CLAIM, number=number)
    return row


def add(project: Project, claims: Sequence[domain.Claim], *, names: bool = False, author: User | None) -> list[Stored]:
    """Add claims that a person or program typed, all of them or none; those that are there already are found again.

    `names`: keep the names of employees. Raises `Invalid`, and `Conflict` for a reference that says something else.
    """
    if not claims:
        raise Invalid(messages.NO_CLAIMS)
    if len(claims) > MOST:
        raise Invalid(messages.TOO_MANY, most=MOST)
    keys = Keys()
    checked = [_checked(claim, number) for number, claim in enumerate(claims, start=1)]
    records = [Record(claim, keys.of(claim)) for claim in checked]
    with transaction.atomic():
        # Of two that add the same the second finds what the first wrote.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        stored = rows.store(project, records, names=names, author=author)
        for number, each in enumerate(stored, start=1):
            if each.differs:
                raise Conflict(messages.OTHER_CLAIM, number=number, reference=each.record.claim.reference)
    return stored


def _checked(claim: domain.Claim, number: int) -> domain.Claim:
    texts = {attribute: storable(getattr(claim, attribute.value)).strip() for attribute in LONGEST}
    for attribute, text in texts.items():
        if len(text) > LONGEST[attribute]:
            raise Invalid(messages.TOO_LONG, number=number, name=ATTRIBUTES[attribute], most=LONGEST[attribute])
    stripped = {attribute.value: text for attribute, text in texts.items()}
    if not stripped["employee"]:
        raise Invalid(messages.NO_EMPLOYEE, number=number)
    if not _is_amount(claim.amount):
        raise Invalid(messages.NO_AMOUNT, number=number)
    currency = claim.currency.strip().upper()
    if currency and currency not in currencies.codes():
        raise Invalid(messages.NO_CURRENCY, number=number, currency=claim.currency)
    if claim.attendees is not None and not 0 < claim.attendees <= MOST_ATTENDEES:
        raise Invalid(messages.NO_COUNT, number=number, most=MOST_ATTENDEES)
    file = storable(claim.file).strip()[:255]
    return domain.Claim(
        amount=claim.amount, currency=currency, date=claim.date, attendees=claim.attendees, file=file, **stripped
    )


def _is_amount(amount: Decimal) -> bool:
    if not amount.is_finite() or abs(amount) >= LARGEST:
        return False
    return -int(amount.normalize().as_tuple().exponent) <= DECIMALS


def link(project: Project, number: int, document: Document | None, *, by: User | None) -> Claim:
    """Say by hand which document is a claim's receipt, or that none is; matching never changes it.

    Raises `NotFound`, and `Conflict` for a claim that was taken back.
    """
    return _match(project, number, document, Match.PERSON, by)


def release(project: Project, number: int) -> Claim:
    """Leave the receipt of a claim to matching again. Raises as `link`."""
    return _match(project, number, None, Match.NONE, None)


def _match(project: Project, number: int, document: Document | None, match: Match, by: User | None) -> Claim:
    with transaction.atomic():
        row = _held(project, number)
        if row.withdrawn:
            raise Conflict(messages.WITHDRAWN)
        changes = {
            "document": {"from": row.document_id, "to": document and document.pk},
            "match": {"from": row.match, "to": match.value},
        }
        row.document, row.match, row.probability, row.matcher = document, match, None, by
        row.save(update_fields=["document", "match", "probability", "matcher"])
        audit_log.record(AuditAction.CLAIM_MATCHED, row, project=project, name=f"#{row.pk}", changes=changes)
    return row


def _held(project: Project, number: int) -> Claim:
    """The row, locked until the end of the transaction. Raises `NotFound`."""
    row = Claim.objects.select_for_update().filter(project=project, pk=number).first()
    if row is None:
        raise NotFound(messages.NO_CLAIM, number=number)
    return row


def on_document_deleting(document: Document, **kwargs: Any) -> None:
    """Leave the claims of a deleted document to matching, also where a person chose it: it says nothing any more."""
    rows = Claim.objects.filter(document=document)
    rows.update(document=None, match=Match.NONE, probability=None, matcher=None)
    # They go with the document; of each claim another finding may count now.
    findings = Finding.objects.filter(document=document)
    left = list(findings.filter(leading=True).values_list("claim", flat=True))
    findings.delete()
    for number in left:
        lead(document.project, number)


def document_named(project: Project, name: str) -> Document:
    """The document that a person means: by number, file name, path or SHA-256. Raises `Invalid`."""
    name = name.strip()
    if name.isascii() and name.isdigit() and len(name) < 19:
        row = project.documents.filter(pk=int(name)).first()
        if row is not None:
            return row
    found = DocumentNames.of(project).find(name)
    if len(found) > 1:
        raise Invalid(messages.SEVERAL_DOCUMENTS, name=name)
    row = project.documents.filter(pk__in=found).first()
    if row is None:
        raise Invalid(messages.NO_DOCUMENT, name=name)
    return row


def withdraw(project: Project, number: int) -> Claim:
    """Take a claim back that was added by hand; nothing is at risk by it any more.

    Raises `NotFound`, and `Conflict` for one of a table.
    """
    with transaction.atomic():
        # First the project, as a run does that stores its findings: it finds none of a claim that was taken back.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        row = _held(project, number)
        if row.claim_import_id is not None:
            raise Conflict(messages.NOT_BY_HAND)
        if not row.withdrawn:
            row.withdrawn = True
            row.save(update_fields=["withdrawn"])
            Finding.objects.filter(claim=row).update(current=False)
            audit_log.record(AuditAction.CLAIM_WITHDRAWN, row, project=project, name=f"#{row.pk}")
    return row


def without_receipt(project: Project) -> QuerySet[Claim]:
    """The claims that have no document, the newest first."""
    return listing(project, Filter(receipt=False))


def unclaimed(project: Project) -> QuerySet[Document]:
    """The documents that were read and that no claim has, the newest first."""
    claimed = Claim.objects.filter(document=OuterRef("pk"), withdrawn=False)
    rows = project.documents.filter(state=Document.State.READY)
    return rows.filter(~Exists(claimed)).order_by("-pk")


def others_of(row: Claim) -> list[Claim]:
    """Other claims with the same document."""
    if row.document_id is None:
        return []
    return list(Claim.objects.filter(document=row.document_id, withdrawn=False).exclude(pk=row.pk).order_by("pk")[:20])
