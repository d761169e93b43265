"""Summaries of projects: what each holds, what waits, and how good the serving model is. A fixed number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.conf import settings
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field
from extraction.domain.results import costs
from extraction.domain.results.costs import Effort, Usage
from extraction.domain.results.reports import ReportedSystem
from extraction.engines.teacher import registry
from extraction.models import ApiToken, BestLabel, Document, Job, ModelVersion, Project, Report, Role, Roles, User
from extraction.services.projects import memberships

KINDS = {"teacher": gettext_noop("Teacher"), "student": gettext_noop("Student"), "rules": gettext_noop("Rules")}
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

    @property
    def kind_title(self) -> str:
        return gettext(KINDS.get(self.kind, self.kind))


@dataclass(frozen=True, slots=True)
class Lacking:
    """A field without a label on so many documents that were read and not rejected.

    `answered`: a teacher that is set up here ever answers for such a field; others are for people.
    """

    field: str
    documents: int
    answered: bool


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """One project as the lists show it.

    `states` and `reviews` count documents, `reviewed` those that a person decided about, `ready` those that were read
    and not rejected, `jobs` active work by kind. `lacking` holds the fields with labels to come, the most first.
    `trained` is the name of the newest student, `tokens` the number of tokens of programs. `report`
    is the latest finished one, `note` says what it compared with, `qualities` are its systems in its order.
    """

    project: Project
    roles: Roles
    states: Mapping[str, int] = field(default_factory=dict)
    reviews: Mapping[str, int] = field(default_factory=dict)
    jobs: Mapping[str, int] = field(default_factory=dict)
    reviewed: int = 0
    ready: int = 0
    lacking: tuple[Lacking, ...] = ()
    trained: str = ""
    tokens: int = 0
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
    def role_title(self) -> str:
        return ", ".join(str(role.label) for role in Role if role in self.roles)

    @property
    def may_review(self) -> bool:
        return self.roles.includes(Role.REVIEWER)

    @property
    def compared(self) -> tuple[SystemQuality | None, SystemQuality | None]:
        """The student and its teacher, as far as the report compares them."""
        return self._first("student"), self._first("teacher")

    def _first(self, kind: str) -> SystemQuality | None:
        return next((quality for quality in self.qualities if quality.kind == kind), None)


def summaries_for(user: User) -> list[ProjectSummary]:
    """The projects that a user may see, by name; a superuser is shown as the owner of all."""
    roles: Mapping[int, Roles] = memberships.roles_of(user)
    projects = Project.objects.all() if user.is_superuser else Project.objects.filter(pk__in=roles)
    if user.is_superuser:
        roles = defaultdict(lambda: memberships.OWNERS)
    return _summaries(list(projects.select_related("schema_version").order_by("name", "pk")), roles)


def summary_of(project: Project, roles: Roles) -> ProjectSummary:
    return _summaries([project], {project.pk: roles})[0]


def standing_of(project: Project, roles: Roles) -> ProjectSummary:
    """As `summary_of`, without the report: what the steps of a project need."""
    return _summaries([project], {project.pk: roles}, reports=False)[0]


def _summaries(projects: list[Project], roles: Mapping[int, Roles], *, reports: bool = True) -> list[ProjectSummary]:
    keys = [project.pk for project in projects]
    documents, labelled = _documents(keys), _labelled(keys)
    tokens = _counts(ApiToken.objects.filter(project__in=keys, revoked=None), "project_id")
    jobs = _counts(Job.objects.filter(project__in=keys, state__in=Job.ACTIVE), "kind")
    versions = ModelVersion.objects.filter(project__in=keys).order_by("pk")
    trained = {version.project_id: version.name for version in versions}
    models = {version.project_id: version for version in versions if version.stage == ModelVersion.Stage.PRODUCTION}
    latest = _latest_reports(keys) if reports else {}
    summaries = []
    for project in projects:
        report, counts = latest.get(project.pk), documents[project.pk]
        value = report.as_domain() if report else None
        summaries.append(
            ProjectSummary(
                project=project,
                roles=roles[project.pk],
                states=counts.states,
                reviews=counts.reviews,
                reviewed=counts.reviewed,
                ready=counts.ready,
                lacking=_lacking(project, counts.ready, labelled[project.pk]),
                trained=trained.get(project.pk, ""),
                tokens=sum(tokens[project.pk].values()),
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


@dataclass(slots=True)
class _DocumentCounts:
    states: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    reviewed: int = 0
    ready: int = 0


def _documents(projects: Iterable[int]) -> dict[int, _DocumentCounts]:
    """Documents by project; one query."""
    rows = Document.objects.filter(project__in=projects).order_by().values_list("project_id", "state", "review")
    counts: dict[int, _DocumentCounts] = defaultdict(_DocumentCounts)
    for project, state, review, number, decided in rows.annotate(Count("pk"), Count("reviewed")):
        of_project = counts[project]
        of_project.states[state] += number
        of_project.reviews[review] += number
        if review in (Document.Review.ACCEPTED, Document.Review.REJECTED):
            of_project.reviewed += decided
        if state == Document.State.READY and review != Document.Review.REJECTED:
            of_project.ready += number
    return counts


def _labelled(projects: Sequence[int]) -> dict[int, Counter[str]]:
    """Documents with a label by project and field, of those that were read and not rejected; two queries.

    The others are few: to count and subtract them takes a fraction of the time of looking at every label's document.
    """
    documents = Document.objects.filter(project__in=projects)
    unread_or_rejected = documents.filter(Q(review=Document.Review.REJECTED) | ~Q(state=Document.State.READY))
    others = _counts(BestLabel.objects.filter(document__in=unread_or_rejected), "field")
    labelled = defaultdict[int, Counter[str]](Counter)
    for project, counts in _counts(BestLabel.objects.filter(project__in=projects), "field").items():
        labelled[project] = Counter(counts)
        labelled[project].subtract(others[project])
    return labelled


def _lacking(project: Project, ready: int, labelled: Mapping[str, int]) -> tuple[Lacking, ...]:
    if not ready or project.schema_version is None:
        return ()
    lacking = [
        Lacking(each.name, ready - labelled.get(each.name, 0), _answered(project, each))
        for each in project.schema.fields
        if labelled.get(each.name, 0) < ready
    ]
    return tuple(sorted(lacking, key=lambda each: -each.documents))


def _answered(project: Project, asked: Field) -> bool:
    local = (kind.name for kind in registry.kinds() if not kind.has_models)
    names = {*local, settings.KD_TEACHER} | ({project.teacher} if ":" in project.teacher else set())
    return any(registry.answers(name, asked) for name in names)


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
