"""The steps from fields to use: which are done, and the next one for a member of a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from django.utils.translation import gettext, ngettext, pgettext

from extraction.domain.errors import gettext_noop
from extraction.models import Role, Roles
from extraction.services import figures
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


class Name(Enum):
    """The steps; the values are their titles."""

    FIELDS = gettext_noop("Fields")
    DOCUMENTS = gettext_noop("Documents")
    LABELS = gettext_noop("Labels")
    REVIEW = gettext_noop("Review")
    TRAINING = gettext_noop("Training")
    PROMOTION = gettext_noop("Promotion")
    USE = gettext_noop("Use")
    NONE = ""


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

    name: Name
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
    """The steps for a member with the summary's roles. The first open one is next, then what is left of earlier."""
    builders: tuple[Callable[[ProjectSummary, Roles], Step], ...] = (
        _fields, _documents, labels_step, _review, _training, _promotion, _use,
    )  # fmt: skip
    steps = tuple(build(summary, summary.roles) for build in builders)
    following = next((step for step in steps if not (step.done or step.idle)), None) or _rest(summary, steps)
    return Steps(
        tuple(replace(step, current=following is not None and step.name == following.name) for step in steps),
        following
        or Step(
            Name.NONE,
            Page.DOCUMENTS,
            True,
            gettext("Everything is done"),
            gettext("Add documents, or train again on more labels."),
        ),
    )


def _rest(summary: ProjectSummary, steps: tuple[Step, ...]) -> Step | None:
    """What is left to label or to review in a project that is in use."""
    left = {Name.LABELS: bool(summary.lacking), Name.REVIEW: bool(summary.waiting)}
    return next((step for step in steps if left.get(step.name)), None)


def _fields(summary: ProjectSummary, roles: Roles) -> Step:
    done = summary.project.schema_version is not None
    links = (Link(gettext("Write the fields"), Page.FIELDS),) if roles.includes(Role.OWNER) else ()
    return Step(
        Name.FIELDS,
        Page.FIELDS,
        done,
        gettext("Say what to read"),
        gettext("Fields name the values of each document."),
        links,
    )


def _documents(summary: ProjectSummary, roles: Roles) -> Step:
    if summary.documents and summary.queued == summary.documents:
        sentence = gettext("Labels come as soon as the first ones are read.")
        watch = (Link(gettext("Watch"), Page.DOCUMENTS),)
        return Step(Name.DOCUMENTS, Page.DOCUMENTS, False, gettext("Documents are being read"), sentence, watch)
    step = Step(Name.DOCUMENTS, Page.DOCUMENTS, bool(summary.ready), gettext("Add documents"))
    if not roles.includes(Role.REVIEWER):
        return replace(
            step,
            title=gettext("No documents yet"),
            sentence=gettext("An owner or reviewer of the project can add some."),
        )
    sentence = gettext("Drop receipts, invoices or forms, also whole folders.")
    return replace(step, sentence=sentence, links=(Link(gettext("Add documents"), Page.DOCUMENTS),))


def labels_step(summary: ProjectSummary, roles: Roles) -> Step:
    """What is left to label; the step counts as done while few documents lack a label."""
    many = any(each.documents > FEW * summary.ready for each in _blocking(summary))
    done = bool(summary.ready) and not many and not summary.labelling
    step = Step(Name.LABELS, Page.TEACHER, done, work(summary))
    if summary.labelling:
        sentence = gettext("It labels the fields that documents lack.")
        return replace(
            step,
            title=gettext("The teacher is at work"),
            sentence=sentence,
            links=(Link(gettext("Watch"), Page.TEACHER),),
        )
    if not summary.lacking:
        return step
    first = summary.lacking[0]
    by_hand = Link(gettext("Label by hand"), Page.REVIEW, first.field)
    if roles.includes(Role.OWNER) and first.answered:
        sentence = gettext("A teacher writes first labels, which people then correct and a student learns from.")
        return replace(step, sentence=sentence, links=(Link(gettext("Choose a teacher"), Page.TEACHER), by_hand))
    if roles.includes(Role.REVIEWER):
        sentence = "" if first.answered else gettext("No teacher that is set up here answers for this field.")
        return replace(step, sentence=sentence, links=(by_hand,))
    return replace(step, sentence=gettext("An owner or reviewer of the project can see to that."))


def _blocking(summary: ProjectSummary) -> tuple[Lacking, ...]:
    """The fields without which there is no going on: a field that only people can fill in waits for the end, unless
    there are no others."""
    answered = tuple(each for each in summary.lacking if each.answered)
    return summary.lacking if len(summary.lacking) == len(summary.project.schema.fields) else answered


def work(summary: ProjectSummary) -> str:
    """What is to be labelled, counted by document and field: `Label due_date on 11 documents`."""
    if not summary.lacking:
        return gettext("All documents have labels")
    most = summary.lacking[0]
    if len(summary.lacking) == len(summary.project.schema.fields) and _equal(summary.lacking):
        sentence = ngettext("Label %(number)s document", "Label %(number)s documents", most.documents)
        return sentence % {"number": figures.whole(most.documents)}
    documents = ngettext("%(number)s document", "%(number)s documents", most.documents)
    values = {"field": most.field, "documents": documents % {"number": figures.whole(most.documents)}}
    others = len(summary.lacking) - 1
    if not others:
        return gettext("Label %(field)s on %(documents)s") % values
    sentence = ngettext(
        "Label %(field)s on %(documents)s, and %(others)s more field",
        "Label %(field)s on %(documents)s, and %(others)s more fields",
        others,
    )
    return sentence % (values | {"others": others})


def _equal(lacking: tuple[Lacking, ...]) -> bool:
    return len({each.documents for each in lacking}) == 1


def _review(summary: ProjectSummary, roles: Roles) -> Step:
    """Done by what people decided: that truth accepted documents is nobody's review."""
    done = bool(summary.reviewed) and (not summary.waiting or summary.reviewed >= REVIEWED_ENOUGH)
    number = {"number": figures.whole(summary.waiting)}
    title = ngettext("Review %(number)s document", "Review %(number)s documents", summary.waiting) % number
    step = Step(Name.REVIEW, Page.REVIEW, done, title, idle=not summary.waiting)
    if not roles.includes(Role.REVIEWER):
        sentence = gettext("A reviewer or owner of the project can go through them.")
        waiting = ngettext(
            "%(number)s document waits for review", "%(number)s documents wait for review", summary.waiting
        )
        return replace(step, page=Page.DOCUMENTS, title=waiting % number, sentence=sentence)
    sentence = gettext("Correct and accept labels, so that quality can be measured against them.")
    return replace(step, sentence=sentence, links=(Link(gettext("Review"), Page.REVIEW),))


def _training(summary: ProjectSummary, roles: Roles) -> Step:
    step = Step(
        Name.TRAINING, Page.TRAINING, bool(summary.trained) and not summary.training, gettext("Train a student")
    )
    if summary.training:
        sentence = gettext("Its curves show how it comes along.")
        watch = (Link(gettext("Watch"), Page.TRAINING),)
        return replace(step, title=gettext("A student is being trained"), sentence=sentence, links=watch)
    if not roles.includes(Role.OWNER):
        return replace(
            step, title=gettext("No student yet"), sentence=gettext("An owner of the project can train one.")
        )
    sentence = gettext("It learns from the labels and answers without the teacher.")
    return replace(step, sentence=sentence, links=(Link(pgettext("verb", "Train"), Page.TRAINING),))


def _promotion(summary: ProjectSummary, roles: Roles) -> Step:
    named = {"name": summary.trained}
    title = gettext("Promote %(name)s") % named if summary.trained else gettext("Promote a student")
    step = Step(Name.PROMOTION, Page.MODELS, summary.model is not None, title)
    if not roles.includes(Role.OWNER):
        return replace(
            step, title=gettext("No student serves yet"), sentence=gettext("An owner of the project can promote one.")
        )
    sentence = gettext("The promoted student answers programs and reads new documents.")
    return replace(step, sentence=sentence, links=(Link(gettext("Promote"), Page.MODELS),))


def _use(summary: ProjectSummary, roles: Roles) -> Step:
    """Done once a program can be answered: its token alone gets no fields back."""
    sentence = gettext("A program sends files with a token and gets the fields back.")
    links = (Link(gettext("Make a token"), Page.API),)
    done = summary.model is not None and bool(summary.tokens)
    return Step(Name.USE, Page.API, done, gettext("Use it from a program"), sentence, links)
