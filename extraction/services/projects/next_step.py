"""The steps from fields to use: which are done, and the next one for a member of a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from extraction.models import Role
from extraction.services.projects.summaries import Lacking, ProjectSummary

# A few reviewed documents are enough to see what a first student makes of them.
REVIEWED_ENOUGH = 10
# Labels that a few documents lack, such as those that a teacher refused, keep nobody from going on.
FEW = 0.1


class Page(StrEnum):
    """Pages on which steps are done or watched; the values are names of URLs."""

    FIELDS = "fields"
    DOCUMENTS = "documents"
    TEACHER = "teacher"
    REVIEW = "review"
    TRAINING = "training"
    MODELS = "models"
    API = "api"


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    page: Page
    field: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step with what there is to do in it for people; `links` are empty where there is only something to wait for.

    `idle`: it is not done, and there is nothing to do in it now, so it keeps nobody from the steps that follow.
    """

    name: str
    page: Page
    done: bool
    title: str = ""
    sentence: str = ""
    links: tuple[Link, ...] = ()
    current: bool = False
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps in their order, and the next of them, which says so itself where nothing is left."""

    steps: tuple[Step, ...]
    next: Step

    @property
    def number(self) -> int:
        """The place of the next step; the last one where all are done."""
        return next((place for place, step in enumerate(self.steps, 1) if step.current), len(self.steps))


def steps_of(summary: ProjectSummary) -> Steps:
    """The steps for a member with the summary's role. The first open one is next, then what is left of earlier ones."""
    role = Role(summary.role)
    builders: tuple[Callable[[ProjectSummary, Role], Step], ...] = (
        _fields, _documents, labels_step, _review, _training, _promotion, _use,
    )  # fmt: skip
    steps = tuple(build(summary, role) for build in builders)
    following = next((step for step in steps if not (step.done or step.idle)), None) or _rest(summary, steps)
    return Steps(
        tuple(replace(step, current=following is not None and step.name == following.name) for step in steps),
        following
        or Step("", Page.DOCUMENTS, True, "Everything is done", "Add documents, or train again on more labels."),
    )


def _rest(summary: ProjectSummary, steps: tuple[Step, ...]) -> Step | None:
    """What is left to label or to review in a project that is in use."""
    left = {"Labels": bool(summary.lacking), "Review": bool(summary.waiting)}
    return next((step for step in steps if left.get(step.name)), None)


def _fields(summary: ProjectSummary, role: Role) -> Step:
    done = summary.project.schema_version is not None
    links = (Link("Write the fields", Page.FIELDS),) if role.includes(Role.OWNER) else ()
    return Step("Fields", Page.FIELDS, done, "Say what to read", "Fields name the values of each document.", links)


def _documents(summary: ProjectSummary, role: Role) -> Step:
    if summary.documents and summary.queued == summary.documents:
        sentence = "Labels come as soon as the first ones are read."
        watch = (Link("Watch", Page.DOCUMENTS),)
        return Step("Documents", Page.DOCUMENTS, False, "Documents are being read", sentence, watch)
    step = Step("Documents", Page.DOCUMENTS, bool(summary.ready), "Add documents")
    if not role.includes(Role.REVIEWER):
        return replace(step, title="No documents yet", sentence="An owner or reviewer of the project can add some.")
    sentence = "Drop receipts, invoices or forms, also whole folders."
    return replace(step, sentence=sentence, links=(Link("Add documents", Page.DOCUMENTS),))


def labels_step(summary: ProjectSummary, role: Role) -> Step:
    """What is left to label; the step counts as done while few documents lack a label."""
    many = any(each.documents > FEW * summary.ready for each in _blocking(summary))
    done = bool(summary.ready) and not many and not summary.labelling
    step = Step("Labels", Page.TEACHER, done, work(summary))
    if summary.labelling:
        sentence = "It labels the fields that documents lack."
        return replace(step, title="The teacher is at work", sentence=sentence, links=(Link("Watch", Page.TEACHER),))
    if not summary.lacking:
        return step
    first = summary.lacking[0]
    by_hand = Link("Label by hand", Page.REVIEW, first.field)
    if role.includes(Role.OWNER) and first.answered:
        sentence = "A teacher writes first labels, which people then correct and a student learns from."
        return replace(step, sentence=sentence, links=(Link("Choose a teacher", Page.TEACHER), by_hand))
    if role.includes(Role.REVIEWER):
        sentence = "" if first.answered else "No teacher that is set up here answers for this field."
        return replace(step, sentence=sentence, links=(by_hand,))
    return replace(step, sentence="An owner or reviewer of the project can see to that.")


def _blocking(summary: ProjectSummary) -> tuple[Lacking, ...]:
    """The fields without which there is no going on: a field that only people can fill in waits for the end, unless
    there are no others."""
    answered = tuple(each for each in summary.lacking if each.answered)
    return summary.lacking if len(summary.lacking) == len(summary.project.schema.fields) else answered


def work(summary: ProjectSummary) -> str:
    """What is to be labelled, counted by document and field: `Label due_date on 11 documents`."""
    if not summary.lacking:
        return "All documents have labels"
    most = summary.lacking[0]
    if len(summary.lacking) == len(summary.project.schema.fields) and _equal(summary.lacking):
        return f"Label {_documents_of(most.documents)}"
    others = len(summary.lacking) - 1
    more = f", and {others} more field{'s' if others > 1 else ''}" if others else ""
    return f"Label {most.field} on {_documents_of(most.documents)}{more}"


def _equal(lacking: tuple[Lacking, ...]) -> bool:
    return len({each.documents for each in lacking}) == 1


def _documents_of(count: int) -> str:
    return f"{count:,} document{'' if count == 1 else 's'}"


def _review(summary: ProjectSummary, role: Role) -> Step:
    """Done by what people decided: that truth accepted documents is nobody's review."""
    done = bool(summary.reviewed) and (not summary.waiting or summary.reviewed >= REVIEWED_ENOUGH)
    step = Step("Review", Page.REVIEW, done, f"Review {_documents_of(summary.waiting)}", idle=not summary.waiting)
    if not role.includes(Role.REVIEWER):
        sentence = "A reviewer or owner of the project can go through them."
        waiting = f"{_documents_of(summary.waiting)} {'waits' if summary.waiting == 1 else 'wait'} for review"
        return replace(step, page=Page.DOCUMENTS, title=waiting, sentence=sentence)
    sentence = "Correct and accept labels, so that quality can be measured against them."
    return replace(step, sentence=sentence, links=(Link("Review", Page.REVIEW),))


def _training(summary: ProjectSummary, role: Role) -> Step:
    step = Step("Training", Page.TRAINING, bool(summary.trained) and not summary.training, "Train a student")
    if summary.training:
        sentence = "Its curves show how it comes along."
        watch = (Link("Watch", Page.TRAINING),)
        return replace(step, title="A student is being trained", sentence=sentence, links=watch)
    if not role.includes(Role.OWNER):
        return replace(step, title="No student yet", sentence="An owner of the project can train one.")
    sentence = "It learns from the labels and answers without the teacher."
    return replace(step, sentence=sentence, links=(Link("Train", Page.TRAINING),))


def _promotion(summary: ProjectSummary, role: Role) -> Step:
    step = Step("Promotion", Page.MODELS, summary.model is not None, f"Promote {summary.trained or 'a student'}")
    if not role.includes(Role.OWNER):
        return replace(step, title="No student serves yet", sentence="An owner of the project can promote one.")
    sentence = "The promoted student answers programs and reads new documents."
    return replace(step, sentence=sentence, links=(Link("Promote", Page.MODELS),))


def _use(summary: ProjectSummary, role: Role) -> Step:
    sentence = "A program sends files with a token and gets the fields back."
    links = (Link("Make a token", Page.API),)
    return Step("Use", Page.API, bool(summary.tokens), "Use it from a program", sentence, links)
