"""Where projects stand: what each holds, what waits, and how good the serving model is. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from extraction.domain import costs
from extraction.models import Document, Job, Membership, ModelVersion, Project, Report, Role, User


@dataclass(frozen=True, slots=True)
class Quality:
    """A system in a report: its mean ANLS (0–1), its speed, and dollars for reading a year's documents at usual prices.

    `kind` is `teacher`, `student` or `rules`.
    """

    name: str
    kind: str
    mean_anls: float
    documents_per_second: float | None
    yearly: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One project as the lists show it. Counts are of documents; `jobs` counts active work by kind."""

    project: Project
    role: str
    states: Mapping[str, int] = field(default_factory=dict)
    reviews: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, int] = field(default_factory=dict)
    model: ModelVersion | None = None
    report: Report | None = None

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
    def qualities(self) -> list[Quality]:
        """The systems of the latest finished report, in its order."""
        value = self.report.value if self.report else {}
        usage = costs.usage_of(value.get("teacher_usage", {}))
        return [_quality(row, usage) for row in value.get("systems", [])]

    @property
    def teacher(self) -> Quality | None:
        return self._first("teacher")

    @property
    def student(self) -> Quality | None:
        return self._first("student")

    @property
    def compared(self) -> tuple[Quality | None, Quality | None]:
        """The serving student and its teacher, as far as the report knows them."""
        return self.student, self.teacher

    def _first(self, kind: str) -> Quality | None:
        return next((quality for quality in self.qualities if quality.kind == kind), None)


def _quality(row: Mapping[str, Any], usage: costs.Usage) -> Quality:
    cost = costs.yearly(row, costs.USUAL, usage, costs.Lineage())
    reading = None if cost is None else cost.reading
    return Quality(row["name"], row["kind"], row["mean_anls"], row["documents_per_second"], reading)


def standings(user: User) -> list[Standing]:
    """The projects that a user may see, by name; a superuser is shown as the owner of all."""
    roles = dict(Membership.objects.filter(user=user).values_list("project_id", "role"))
    projects = Project.objects.all() if user.is_superuser else Project.objects.filter(pk__in=roles)
    if user.is_superuser:
        roles = defaultdict(lambda: Role.OWNER)
    return _standings(list(projects.order_by("name", "pk")), roles)


def standing(project: Project, role: str) -> Standing:
    return _standings([project], {project.pk: role})[0]


def _standings(projects: list[Project], roles: Mapping[int, str]) -> list[Standing]:
    keys = [project.pk for project in projects]
    documents = Document.objects.filter(project__in=keys)
    states, reviews = _counts(documents, "state"), _counts(documents, "review")
    jobs = _counts(Job.objects.filter(project__in=keys, state__in=Job.ACTIVE), "kind")
    serving = ModelVersion.objects.filter(project__in=keys, stage=ModelVersion.Stage.PRODUCTION)
    models = {model.project_id: model for model in serving}
    reports = _latest_reports(keys)
    return [
        Standing(
            project,
            roles[project.pk],
            states[project.pk],
            reviews[project.pk],
            jobs[project.pk],
            models.get(project.pk),
            reports.get(project.pk),
        )
        for project in projects
    ]


def _counts(rows: Any, column: str) -> dict[int, dict[str, int]]:
    """How many rows have each value of `column`, by project; the indexes of these tables cover it."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for project, value, count in rows.order_by().values_list("project_id", column).annotate(Count("pk")):
        counted[project][value] = count
    return counted


def _latest_reports(projects: Iterable[int]) -> dict[int, Report]:
    finished = Report.objects.filter(project=OuterRef("pk")).exclude(value={}).order_by("-pk").values("pk")[:1]
    latest = Project.objects.filter(pk__in=list(projects)).annotate(report=Subquery(finished)).values("report")
    return {report.project_id: report for report in Report.objects.filter(pk__in=latest)}
