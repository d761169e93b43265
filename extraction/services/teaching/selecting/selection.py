"""The choice of a run's documents: previewed with the estimate, made when the run begins, and kept on its row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from extraction.domain.label_quality.selection import Pick, PickReason, choose, counts
from extraction.domain.progress import Progress
from extraction.models import LabelRun, Project
from extraction.services.documents import layouts
from extraction.services.teaching import missing
from extraction.services.teaching.selecting.gathering import gather

# Documents whose layouts an estimate makes: as many as somebody waits for.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """The questions that a run would ask, and how many documents it would pick for which reason.

    The reasons are not known while documents that an earlier version read lack their layouts."""

    asked: list[missing.Question]
    reasons: Mapping[PickReason, int]


def preview(project: Project, asked: Sequence[missing.Question], limit: int | None) -> Preview:
    """What a run that is started now would pick."""
    if layouts.fill(project, most=AT_ONCE):
        return Preview(missing.first(asked, limit), {})
    picks = _picks(project, asked, limit, project.label_runs.count())
    return Preview(missing.in_order(asked, _documents(picks)), counts(picks))


def decide(run: LabelRun, asked: Sequence[missing.Question], progress: Progress) -> None:
    """Pick the run's documents and keep them on its row, unless that was done before. Raises `Cancelled`."""
    if run.picks is not None:
        return
    layouts.fill(run.project, progress)
    picks = _picks(run.project, asked, run.limit, run.project.label_runs.filter(pk__lt=run.pk).count())
    # What another worker decided stays: it may have asked by it already.
    LabelRun.objects.filter(pk=run.pk, picks__isnull=True).update(picks=[pick.to_json() for pick in picks])
    run.refresh_from_db(fields=["picks"])


def of_run(run: LabelRun, asked: Sequence[missing.Question]) -> list[missing.Question]:
    """Of these questions those about documents that the run picked, in its order."""
    return missing.in_order(asked, _documents(run.picked))


def _picks(project: Project, asked: Sequence[missing.Question], limit: int | None, earlier: int) -> list[Pick]:
    """`earlier` runs of the project make the random ones others each time."""
    known = gather(project, {pk for question in asked for pk in question.documents})
    return choose(known.candidates, known.labelled, limit, f"{project.pk}/{earlier}")


def _documents(picks: Collection[Pick]) -> list[int]:
    return [pick.document for pick in picks]
