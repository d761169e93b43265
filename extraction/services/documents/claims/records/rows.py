"""Claims as rows: what identifies one, and storing many so that doing it again changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.auditing import values as domain
from extraction.models import Claim, ClaimImport, Project, User
from extraction.services import pseudonyms

# Rows and keys of one statement.
BATCH = 400


@dataclass(frozen=True, slots=True)
class Record:
    """A claim to store, with the employee's name in `claim`; `line` is the one of the import that it came from."""

    claim: domain.Claim
    key: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The row of a record: made by it (`new`), there already, or there under the same reference with other values
    (`differs`)."""

    record: Record
    row: Claim
    new: bool
    differs: bool


class Keys:
    """Keys of claims in the order of a table. Without references equal claims are told apart by their number, so that
    two equal lines are two claims, and the same table again has the same keys."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def of(self, claim: domain.Claim) -> str:
        if claim.reference:
            return _digest("reference", claim.reference.casefold())
        content = content_of(claim, pseudonyms.kept(claim.employee))
        self._counts[content] += 1
        return _digest(content, str(self._counts[content]))


def content_of(claim: domain.Claim, employee: str) -> str:
    """SHA-256 of all that was typed, with the pseudonym of the employee."""
    amount = f"{claim.amount:f}"
    amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
    texts = (claim.report, claim.merchant, claim.category, claim.payment, claim.file, claim.comment)
    date = claim.date.isoformat() if claim.date else ""
    return _digest(employee, amount, claim.currency, date, str(claim.attendees or ""), *texts)


def store(
    project: Project,
    records: Sequence[Record],
    *,
    names: bool = False,
    claim_import: ClaimImport | None = None,
    author: User | None = None,
) -> list[Stored]:
    """Store the records in the caller's transaction; of those with one key the first. A claim that was taken back and
    said the same counts again, with the employee's name as `names` says: whether to keep it."""
    rows = _rows(project, {record.key for record in records})
    stored, made, revived = list[Stored](), list[Claim](), list[Claim]()
    for record in records:
        row = rows.get(record.key)
        same = row is not None and _says(row, record)
        if row is None or (row.withdrawn and not same):
            row = rows[record.key] = _row(project, record, names, claim_import, author)
            made.append(row)
            stored.append(Stored(record, row, True, False))
            continue
        stored.append(Stored(record, row, row.withdrawn, not same))
        if row.withdrawn:
            row.withdrawn, row.claim_import, row.line = False, claim_import, record.line
            row.name = _name(record, row.employee, names)
            revived.append(row)
    Claim.objects.bulk_create(made, batch_size=BATCH)
    Claim.objects.bulk_update(revived, ["withdrawn", "claim_import", "line", "name"], batch_size=BATCH)
    return stored


def _rows(project: Project, keys: set[str]) -> dict[str, Claim]:
    """By key the claim that counts, else the last one that was taken back."""
    listed, found = sorted(keys), dict[str, Claim]()
    for start in range(0, len(listed), BATCH):
        rows = Claim.objects.filter(project=project, key__in=listed[start : start + BATCH])
        found |= {row.key: row for row in rows.order_by("-withdrawn", "pk")}
    return found


def _says(row: Claim, record: Record) -> bool:
    """Whether the row says all that the record says."""
    return content_of(row.as_domain(), row.employee) == content_of(record.claim, pseudonyms.kept(record.claim.employee))


def _row(project: Project, record: Record, names: bool, claim_import: ClaimImport | None, author: User | None) -> Claim:
    claim, employee = record.claim, pseudonyms.kept(record.claim.employee)
    return Claim(
        project=project,
        key=record.key,
        reference=claim.reference,
        employee=employee,
        name=_name(record, employee, names),
        report=claim.report,
        merchant=claim.merchant,
        amount=claim.amount,
        currency=claim.currency,
        date=claim.date,
        category=claim.category,
        attendees=claim.attendees,
        payment=claim.payment,
        file=claim.file,
        comment=claim.comment,
        claim_import=claim_import,
        line=record.line,
        author=author,
    )


def _name(record: Record, employee: str, names: bool) -> str:
    """The name to keep beside the pseudonym; empty where names are not kept, and of a pseudonym."""
    return record.claim.employee if names and record.claim.employee != employee else ""


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
