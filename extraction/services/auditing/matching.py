"""Receipts for the claims of a project: named ones first, the rest by what was read on the documents.

What people chose stays; everything else is found anew each time, so that a document that came later finds its claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction

from extraction.domain.auditing import matching as domain
from extraction.domain.auditing.matching import Match as Found
from extraction.domain.auditing.matching import MatchBy
from extraction.domain.auditing.values import Receipt
from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress, check
from extraction.models import Claim, Document, Match, Project
from extraction.services.auditing import policies, receipts, unread

# Rows of one statement.
BATCH = 400
READING = gettext_noop("Looking at documents")
MATCHING = gettext_noop("Matching claims")


def run(project_id: int, progress: Progress) -> None:
    """Match the claims of a project; the work of a job. Raises `Cancelled`; nothing is stored before all is known."""
    project = Project.objects.select_related("schema_version").filter(pk=project_id).first()
    if project is None:
        return
    rows = list(Claim.objects.filter(project=project, withdrawn=False).order_by("pk"))
    found = _found(project, rows, progress)
    progress.report(0, 0, MATCHING)
    check(progress)
    _store(project, {row.pk: found.get(_key(row)) for row in rows if row.match != Match.PERSON})


def _key(row: Claim) -> str:
    return row.as_domain().reference


def _found(project: Project, rows: Sequence[Claim], progress: Progress) -> Mapping[str, Found]:
    """The receipts of the claims that people did not decide, by the keys of the claims."""
    by_hand = [row for row in rows if row.match == Match.PERSON]
    chosen = {str(row.document_id) for row in by_hand if row.document_id}
    claims = [row.as_domain() for row in rows if row.match != Match.PERSON]
    if not claims:
        return {}
    policy = policies.current(project)
    named = domain.match(claims, list(_names(project)), policy)
    found = {each.claim: each for each in named.matches}
    left = [claim for claim in claims if claim.reference not in found]
    free = [int(number) for number in named.documents if number not in chosen]
    if left and free:
        read = list(_read(project, free, progress))
        found |= {each.claim: each for each in domain.match(left, read, policy).matches}
    return found


def _names(project: Project) -> Iterator[Receipt]:
    """The documents with nothing but their names."""
    rows = project.documents.order_by("pk").values_list("pk", "sha256", "name")
    return (Receipt(str(number), sha256, name) for number, sha256, name in rows.iterator())


def _read(project: Project, numbers: Sequence[int], progress: Progress) -> Iterator[Receipt]:
    """The documents with what was read on them."""
    ready = set(project.documents.filter(state=Document.State.READY).values_list("pk", flat=True))
    wanted = [number for number in numbers if number in ready]
    unread.read(project, wanted, progress)
    for done, receipt in enumerate(receipts.of_documents(project, wanted)):
        if done % receipts.BATCH == 0:
            progress.report(done, len(wanted), READING)
            check(progress)
        yield receipt


def _store(project: Project, found: Mapping[int, Found | None]) -> None:
    """Write the matches that are new or changed. What a person chose meanwhile stays, and of two claims that were to
    have one document by its values the one that was there first."""
    with transaction.atomic():
        # Of two matchings one stores after the other, from what the first has written.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        held = list(Claim.objects.select_for_update().filter(project=project, withdrawn=False).order_by("pk"))
        there = set(project.documents.values_list("pk", flat=True))
        taken = {row.document_id for row in held if row.match == Match.PERSON and row.document_id}
        changed = []
        for row in held:
            if row.pk not in found or row.match == Match.PERSON:
                continue
            match = found[row.pk]
            document = int(match.document) if match else None
            if document not in there or (match and match.by is MatchBy.VALUES and document in taken):
                match, document = None, None
            if document is not None:
                taken.add(document)
            before = row.document_id, row.match, row.probability
            row.document_id = document
            row.match = Match(match.by.value) if match else Match.NONE
            row.probability = match.probability if match else None
            if before != (row.document_id, row.match, row.probability):
                changed.append(row)
        Claim.objects.bulk_update(changed, ["document", "match", "probability"], batch_size=BATCH)
