"""The page of one label run or trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from extraction.domain.label_quality.selection import counts
from extraction.models import LabelRun, Project, Response
from extraction.services.teaching import messages, responses
from extraction.services.teaching.batches import runs as batch_runs
from extraction.services.teaching.batches import summaries
from extraction.services.teaching.results import runs
from extraction.web.access import ProjectRequest, project_view
from extraction.web.numbers import whole

# Trials to compare with.
LISTED = 50
# Answers of a trial are all shown; of a run those that are refused or off the format, as many as can be looked at.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class AnsweredField:
    name: str
    value: str | None
    unsure: bool


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A response with its fields in the order of the schema; none where it was refused or malformed."""

    response: Response
    fields: list[AnsweredField]


@require_safe
@project_view()
def page(request: ProjectRequest, project: Project, run: int) -> HttpResponse:
    """One run: counts, time and costs, its documents, and the answers to inspect."""
    rows = project.label_runs.select_related("job", "prompt_version", "author", "schema_version")
    return shown(request, get_object_or_404(rows, pk=run))


def shown(request: ProjectRequest, row: LabelRun, problem: str = "") -> HttpResponse:
    """The page, which may say what is wrong with a file of answers."""
    answers = row.responses.select_related("document")
    if not row.trial:
        answers = answers.exclude(responses.USABLE)
    context = {
        "run": row,
        "answers": [ShownAnswer(answer, _fields(row, answer)) for answer in answers[:SHOWN]],
        "pace": runs.pace(row),
        "batches": [] if row.delivery == LabelRun.Delivery.DIRECT else summaries.of_run(row),
        "collecting": None if row.delivery == LabelRun.Delivery.DIRECT else batch_runs.collecting_job(row),
        "problem": problem,
        "url": f"{reverse('label_run', args=[row.project.slug, row.pk])}?{request.GET.urlencode()}",
        **({"others": _comparable(row)} if row.trial else _labelled(row, whole(request.GET.get("page", "")) or 1)),
    }
    template = "teaching/label_run.html#live" if request.htmx else "teaching/label_run.html"
    return render(request, template, context, status=400 if problem else 200)


def _fields(run: LabelRun, response: Response) -> list[AnsweredField]:
    """The answers in the order of the fields."""
    answers = responses.answers(response)
    return [
        AnsweredField(name, answers[name].value, answers[name].unsure)
        for name in run.schema_version.as_domain().names
        if name in answers
    ]


def _labelled(row: LabelRun, page: int) -> Mapping[str, object]:
    """What a run that makes labels shows beside its answers; agreement is counted once it has ended."""
    picks = row.picked
    return {
        "picked": messages.picked(counts(picks)),
        "why": {pick.document: pick.reason for pick in picks},
        "documents": runs.documents(row, page),
        "waiting": runs.waiting(row),
        "agreement": None if row.active else runs.agreement(row),
    }


def _comparable(row: LabelRun) -> list[LabelRun]:
    """Other trials of documents that this one asked for, too."""
    sample = set(row.sample or ())
    others = row.project.label_runs.filter(sample__isnull=False).exclude(pk=row.pk).select_related("prompt_version")
    return [other for other in others[:LISTED] if sample & set(other.sample or ())]
