"""Systems that can be evaluated, and the registry of their kinds.

A kind finds its system by a name of the contract (`teacher`, `rules`, `claim`, a teacher that left labels, a model)
and says which of its systems a report compares. A kind that is not paid as a local system gets a formula in
`domain.results.costs` as well.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.domain.results.costs import Lineage
from extraction.models import Label, ModelVersion, Project, Source
from extraction.services.errors import NotFound
from extraction.services.labels import conventions, ranking
from extraction.services.reports.corpus import Batch, Corpus
from extraction.services.reports.tables import pace, stored
from extraction.services.serving import registry

LISTED = 20  # students to choose from

Fields = dict[str, FieldValue]
Answers = dict[int, Fields]


@dataclass(frozen=True, slots=True)
class System:
    """A source of answers: those that were `recorded` for a batch, and where it `asks`, those of `predict` for the
    other documents. `predict` is missing where answers cannot be given afresh; else the system is timed by it."""

    name: str
    kind: str
    recorded: Callable[[Batch], Answers] | None = None
    predict: Callable[[Sequence[Page]], Fields] | None = None
    asks: bool = False

    def answers(self, batch: Batch, progress: Progress) -> Answers:
        """By document. Raises `Cancelled`."""
        given = self.recorded(batch) if self.recorded else {}
        if self.asks and self.predict:
            for pk in batch.documents:
                check(progress)
                if pk not in given:
                    given[pk] = self.predict(batch.pages(pk))
        return given


class SystemKind(ABC):
    """A kind of system; `name` is what reports store."""

    name: ClassVar[str]

    @abstractmethod
    def find(self, corpus: Corpus, name: str) -> System | None:
        """The system of this kind that is called `name`, if there is one.

        Raises `NotFound` where `name` is the kind's own and the project lacks such a system.
        """

    def compared(self, corpus: Corpus) -> System | None:
        """The system that a report compares; none by default."""
        return None

    def lineage(self, project: Project, name: str) -> Lineage:
        """One-time effort for the system called `name`; none by default."""
        return Lineage()


class TeacherKind(SystemKind):
    """A teacher, by the labels that it left. The project's is compared; rules in that role are also timed."""

    name = "teacher"

    def find(self, corpus: Corpus, name: str) -> System | None:
        own = name == self.name
        teacher = corpus.project.teacher if own else name
        if own and not teacher:
            raise NotFound(gettext_noop("Project {project} has no teacher labels yet."), project=corpus.project)
        labels = Label.objects.filter(document__project=corpus.project, source=Source.TEACHER, teacher=teacher)
        if labels.exists():
            return System(teacher, self.name, recorded=_recorded(Source.TEACHER, teacher))
        if own:
            raise NotFound(
                gettext_noop("Project {project} has no labels of its teacher {teacher} yet."),
                project=corpus.project,
                teacher=teacher,
            )
        return None

    def compared(self, corpus: Corpus) -> System | None:
        if not corpus.project.teacher:
            return None
        system = self.find(corpus, self.name)
        if system is not None and system.name == RulesKind.name:
            return replace(system, predict=_rules(corpus.project))
        return system


class StudentKind(SystemKind):
    """A model version. The serving one is compared."""

    name = "student"

    def find(self, corpus: Corpus, name: str) -> System | None:
        model = corpus.project.model_versions.filter(name=name).first()
        return None if model is None else self._system(corpus, model)

    def compared(self, corpus: Corpus) -> System | None:
        model = registry.serving(corpus.project)
        return None if model is None else self._system(corpus, model)

    def lineage(self, project: Project, name: str) -> Lineage:
        """Labelled documents, training and review time; nothing for a model that is gone."""
        model = project.model_versions.select_related("run__snapshot").filter(name=name).first()
        if model is None:
            return Lineage()
        learned = {item.document for item in model.run.snapshot.documents} if model.run.snapshot else set()
        return Lineage(len(learned), model.run.seconds or 0.0, pace.review_seconds(project, learned))

    def _system(self, corpus: Corpus, model: ModelVersion) -> System:
        """Raises `Conflict` where its files cannot be used; by stored answers it is compared without them."""
        recorded = partial(stored.answers, model) if corpus.stored else None
        if recorded and not registry.files(model):
            return System(model.name, self.name, recorded)
        return System(model.name, self.name, recorded, registry.predictor(model).predict, asks=True)


class RulesKind(SystemKind):
    """The built-in rules, asked afresh. Compared unless they are the teacher, which stands in the report already."""

    name = "rules"

    def find(self, corpus: Corpus, name: str) -> System | None:
        return System(self.name, self.name, predict=_rules(corpus.project), asks=True) if name == self.name else None

    def compared(self, corpus: Corpus) -> System | None:
        return None if corpus.project.teacher == self.name else self.find(corpus, self.name)


class ClaimKind(SystemKind):
    """The values that claimants typed."""

    name = "claim"

    def find(self, corpus: Corpus, name: str) -> System | None:
        return System(self.name, self.name, recorded=_recorded(Source.CLAIM)) if name == self.name else None


# In the order of a report's rows.
KINDS: dict[str, SystemKind] = {kind.name: kind for kind in (TeacherKind(), StudentKind(), RulesKind(), ClaimKind())}


def find_system(corpus: Corpus, name: str) -> System:
    """The system called `name`; the name of a kind always means that kind. Raises `NotFound`."""
    candidates = [KINDS[name]] if name in KINDS else list(KINDS.values())
    for kind in candidates:
        system = kind.find(corpus, name)
        if system is not None:
            return system
    raise NotFound(gettext_noop("Project {project} has no model named {name!r}."), project=corpus.project, name=name)


def compared_systems(corpus: Corpus, names: Sequence[str] = ()) -> list[System]:
    """The systems of a report: those called `names`, or teacher, student and rules as far as the project has them.

    Raises `NotFound` for an unknown name.
    """
    if not names:
        return [system for kind in KINDS.values() if (system := kind.compared(corpus)) is not None]
    # The teacher goes by its kind and by its own name.
    chosen = {system.name: system for system in (_named(corpus, name) for name in names)}
    order = list(KINDS)
    return sorted(chosen.values(), key=lambda system: order.index(system.kind))


def _named(corpus: Corpus, name: str) -> System:
    """As the kind of that name is compared, which also times rules in the role of the teacher."""
    system = KINDS[name].compared(corpus) if name in KINDS else None
    return system or find_system(corpus, name)


def choices(project: Project) -> list[tuple[str, str]]:
    """Names for `compared_systems` with what they are, in the order of a report; of students the newest and the serving
    one."""
    found = (
        [(TeacherKind.name, gettext("%(name)s, the teacher") % {"name": project.teacher})] if project.teacher else []
    )
    models = list(project.model_versions.filter(forgotten=None)[:LISTED])
    serving = registry.serving(project)
    if serving is not None and serving not in models:
        models.append(serving)
    found += [(model.name, _staged(model)) for model in models]
    found += [(name, name) for name in _other_teachers(project)]
    if project.teacher != RulesKind.name:
        found.append((RulesKind.name, gettext("rules")))
    if Label.objects.filter(document__project=project, source=Source.CLAIM).exists():
        found.append((ClaimKind.name, gettext("claims")))
    return found


def unknown(project: Project, names: Iterable[str]) -> set[str]:
    """Those of the names that no system has which a report may compare; older students are not among `choices`."""
    others = set(names).difference(name for name, _ in choices(project))
    students = project.model_versions.filter(forgotten=None, name__in=others)
    return others.difference(students.values_list("name", flat=True))


def _other_teachers(project: Project) -> list[str]:
    """Teachers, each by each of its methods, that left labels and are neither the project's nor asked afresh."""
    rows = Label.objects.filter(document__project=project, source=Source.TEACHER)
    others = rows.exclude(teacher__in=(project.teacher, RulesKind.name)).order_by("teacher")
    return list(others.values_list("teacher", flat=True).distinct())


def _staged(model: ModelVersion) -> str:
    match model.stage:
        case ModelVersion.Stage.PRODUCTION:
            return gettext("%(name)s, serving") % {"name": model.name}
        case ModelVersion.Stage.ARCHIVED:
            return gettext("%(name)s, archived") % {"name": model.name}
        case _:
            return gettext("%(name)s, candidate") % {"name": model.name}


def usual(project: Project) -> list[str]:
    """Of `choices`, those that a report compares where none are named."""
    model = registry.serving(project)
    fixed = {TeacherKind.name, RulesKind.name, model.name if model else ""}
    return [name for name, _ in choices(project) if name in fixed]


def lineage_of(project: Project, kind: str, name: str) -> Lineage:
    """One-time effort for a system of a stored report, whose kind may no longer be registered."""
    return KINDS[kind].lineage(project, name) if kind in KINDS else Lineage()


def _recorded(source: Source, teacher: str = "") -> Callable[[Batch], Answers]:
    def recorded(batch: Batch) -> Answers:
        labels = ranking.from_source(batch.rows, source, teacher)
        return {pk: {name: label.as_domain() for name, label in rows.items()} for pk, rows in labels.items()}

    return recorded


def _rules(project: Project) -> Callable[[Sequence[Page]], Fields]:
    from extraction.engines.teacher.protocol import Reading
    from extraction.engines.teacher.registry import teacher

    rules, schema, printed = teacher(RulesKind.name), project.schema, conventions.of(project)

    def predict(pages: Sequence[Page]) -> Fields:
        reply = rules.label(Reading(tuple(pages), ()), schema)
        return {
            name: FieldValue(
                answer.value,
                conventions.in_format(schema[name], answer.value, printed, pages),
                answer.confidence,
            )
            for name, answer in reply.answers.items()
        }

    return predict
