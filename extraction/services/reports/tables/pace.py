"""How long people took to review, as far as the times of their decisions tell."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from itertools import pairwise
from statistics import median

from extraction.models import Project

# A decision that came sooner was one about many documents at once, one that came later followed a pause.
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(minutes=10)
FEWEST = 5


def review_seconds(project: Project, documents: Collection[int]) -> float | None:
    """Seconds for those of `documents` that somebody reviewed: the median time from one decision of a reviewer to the
    next, times their number. `None` where fewer than `FEWEST` such times are known; one query."""
    rows = project.documents.exclude(reviewed=None).exclude(reviewer=None).order_by("reviewer", "reviewed")
    decisions = [(pk, who, at) for pk, who, at in rows.values_list("pk", "reviewer", "reviewed") if at is not None]
    gaps = [
        (later - earlier).total_seconds()
        for (_, one, earlier), (_, other, later) in pairwise(decisions)
        if one == other and SHORTEST <= later - earlier <= LONGEST
    ]
    if len(gaps) < FEWEST:
        return None
    reviewed = {pk for pk, _, _ in decisions}.intersection(documents)
    return round(median(gaps) * len(reviewed), 1)
