"""Lists of findings: filtered, in the order of expected loss, and the next one to decide."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from extraction.domain.auditing.checks import registry
from extraction.models import Finding, FindingState, Project
from extraction.services import pseudonyms
from extraction.services.auditing import messages
from extraction.services.errors import Invalid, NotFound

# What still asks for something.
UNDECIDED = (FindingState.OPEN, FindingState.ASKED)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings; empty: any. `employee` is a name or a pseudonym, `month` a first day. `doubtful`: those that are
    too improbable to be held against anybody, in place of the others."""

    check: str = ""
    state: str = FindingState.OPEN.value
    employee: str = ""
    month: datetime.date | None = None
    doubtful: bool = False

    def narrow(self, found: QuerySet[Finding]) -> QuerySet[Finding]:
        found = found.filter(doubtful=self.doubtful)
        if self.state:
            found = found.filter(state=self.state)
        if self.check:
            found = found.filter(check_name=self.check)
        if self.employee:
            found = found.filter(employee=pseudonyms.kept(self.employee))
        return found.filter(month=self.month) if self.month else found


def chosen(check: str, state: str, employee: str, month: str, *, doubtful: bool = False) -> Filter:
    """The filter of texts that came with a request; raises `Invalid` for a check, state or month that is none."""
    if check and check not in {each.name for each in registry.known()}:
        raise Invalid(messages.NO_CHECK, name=check)
    if state and state not in FindingState.values:
        raise Invalid(messages.NO_STATE, known=", ".join(FindingState.values), state=state)
    try:
        day = datetime.date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        raise Invalid(messages.NO_MONTH, month=month) from None
    return Filter(check, state, employee.strip(), day, doubtful)


def listing(project: Project, condition: Filter) -> QuerySet[Finding]:
    """What the newest run found, the largest expected loss first."""
    found = condition.narrow(Finding.objects.filter(project=project, current=True))
    return found.select_related("claim", "document").order_by("-expected", "pk")


def find(project: Project, number: int) -> Finding:
    """Also one that the newest run does not find. Raises `NotFound`."""
    rows = Finding.objects.filter(project=project, pk=number)
    row = rows.select_related("project", "claim", "document", "run__policy").first()
    if row is None:
        raise NotFound(messages.NO_FINDING, number=number)
    return row


def after(project: Project, row: Finding, condition: Filter) -> Finding | None:
    """The next finding of the list after `row`; from its start again where none follows."""
    rows = listing(project, condition).exclude(pk=row.pk)
    # The first condition follows from the second; the index is searched by it.
    following = rows.filter(
        Q(expected__lte=row.expected), Q(expected__lt=row.expected) | Q(expected=row.expected, pk__gt=row.pk)
    )
    return following.first() or rows.first()
