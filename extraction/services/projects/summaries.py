"""Summaries of projects: what each holds, what waits, and how good the serving model is. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery

from extraction.domain.results import costs
from extraction.domain.results.costs import Effort, Usage
from extraction.domain.results.reports import ReportedSystem
from extraction.models import Document, Job, Membership, ModelVersion, Project, Report, Role, User

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class SystemQuality:
    """A system in a report: its mean ANLS (0–1), its speed, and dollars for reading a year's documents at usual prices.

    `kind` is `teacher`, `student` or `rules`.
    """

    name: str
    kind: str
    mean_anls: float
    documents_per_second: float | None
    yearly: Decimal | None


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """One project as the lists show it.

    `states` and `reviews` count documents, `jobs` active work by kind. `report` is the latest finished one, `note` says
    what it compared with, `qualities` are its systems in its order.
    """

    project: Project
    role: str
    states: Mapping[str, int] = field(default_factory=dict)
    reviews: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, int] = field(default_factory=dict)
    model: ModelVersion | None = None
    report: Report | None = None
    note: str = ""
    qualities: tuple[SystemQuality, ...] = ()

    @property
    def documents(self) -> int:
        return sum(self.states.values())

    @property
    def queued(self) -> int:
        return self.states.get(Document.State.QUEUED, 0)

    @property
    def failed(self) -> int:
        return self.states.get(Document.State.FAILED, 0)

    @property
    def unlabelled(self) -> int:
        return self.reviews.get(Document.Review.UNLABELLED, 0)

    @property
    def waiting(self) -> int:
        return self.reviews.get(Document.Review.WAITING, 0)

    @property
    def accepted(self) -> int:
        return self.reviews.get(Document.Review.ACCEPTED, 0)

    @property
    def training(self) -> bool:
        return bool(self.jobs.get("train"))

    @property
    def labelling(self) -> bool:
        return bool(self.jobs.get("label"))

    @property
    def compared(self) -> tuple[SystemQuality | None, SystemQuality | None]:
        """The student and its teacher, as far as the report compares them."""
        return self._first("student"), self._first("teacher")

    def _first(self, kind: str) -> SystemQuality | None:
        return next((quality for quality in self.qualities if quality.kind == kind), None)


def summaries_for(user: User) -> list[ProjectSummary]:
    """The projects that a user may see, by name; a superuser is shown as the owner of all."""
    roles = dict(Membership.objects.filter(user=user).values_list("project_id", "role"))
    projects = Project.objects.all() if user.is_superuser else Project.objects.filter(pk__in=roles)
    if user.is_superuser:
        roles = defaultdict(lambda: Role.OWNER)
    return _summaries(list(projects.order_by("name", "pk")), roles)


def summary_of(project: Project, role: str) -> ProjectSummary:
    return _summaries([project], {project.pk: role})[0]


def _summaries(projects: list[Project], roles: Mapping[int, str]) -> list[ProjectSummary]:
    keys = [project.pk for project in projects]
    documents = Document.objects.filter(project__in=keys)
    states, reviews = _counts(documents, "state"), _counts(documents, "review")
    jobs = _counts(Job.objects.filter(project__in=keys, state__in=Job.ACTIVE), "kind")
    serving = ModelVersion.objects.filter(project__in=keys, stage=ModelVersion.Stage.PRODUCTION)
    models = {model.project_id: model for model in serving}
    reports = _latest_reports(keys)
    summaries = []
    for project in projects:
        report = reports.get(project.pk)
        value = report.as_domain() if report else None
        summaries.append(
            ProjectSummary(
                project=project,
                role=roles[project.pk],
                states=states[project.pk],
                reviews=reviews[project.pk],
                jobs=jobs[project.pk],
                model=models.get(project.pk),
                report=report,
                note=value.note if value else "",
                qualities=tuple(_quality(system, value.teacher_usage) for system in value.systems) if value else (),
            )
        )
    return summaries


def _quality(system: ReportedSystem, usage: Usage) -> SystemQuality:
    cost = costs.yearly(system.kind, costs.USUAL, Effort(system.documents_per_second, usage))
    return SystemQuality(
        name=system.name,
        kind=system.kind,
        mean_anls=system.scores.mean_anls,
        documents_per_second=system.documents_per_second,
        yearly=None if cost is None else cost.reading,
    )


def _counts(rows: QuerySet[Row], column: str) -> dict[int, dict[str, int]]:
    """The number of rows with each value of `column`, by project; the indexes of these tables cover it."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for project, value, count in rows.order_by().values_list("project_id", column).annotate(Count("pk")):
        counts[project][value] = count
    return counts


def _latest_reports(projects: Iterable[int]) -> dict[int, Report]:
    finished = Report.objects.filter(project=OuterRef("pk")).exclude(value={}).order_by("-pk").values("pk")[:1]
    latest = Project.objects.filter(pk__in=list(projects)).annotate(report=Subquery(finished)).values("report")
    return {report.project_id: report for report in Report.objects.filter(pk__in=latest)}
