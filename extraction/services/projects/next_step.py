"""The next step for a member of a project."""

from dataclasses import dataclass
from enum import StrEnum

from extraction.models import Role
from extraction.services.projects.summaries import ProjectSummary

# A few reviewed documents are enough to see what a first student makes of them.
REVIEWED_ENOUGH = 10


class Action(StrEnum):
    """Something to do or to wait for; `NONE`: there is nothing to do, or another member has to."""

    ADD_DOCUMENTS = "add documents"
    WATCH_READING = "watch reading"
    LABEL = "label"
    WATCH_LABELLING = "watch labelling"
    REVIEW = "review"
    TRAIN = "train"
    WATCH_TRAINING = "watch training"
    REPORT = "report"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """An action with its sentence for people; `button` is empty where there is only something to wait for."""

    action: Action
    title: str
    sentence: str
    button: str = ""


def next_step(summary: ProjectSummary) -> Step:
    """The next step for a member with the summary's role: documents, labels, review, training, report."""
    steps = (_documents, _labels, _first_review, _training, _quality)
    return next(
        (step for find in steps if (step := find(summary, Role(summary.role)))),
        Step(Action.NONE, "Everything is done", "Add documents, or train again when more labels are reviewed."),
    )


def _documents(summary: ProjectSummary, role: Role) -> Step | None:
    if not summary.documents:
        if not role.includes(Role.REVIEWER):
            return Step(Action.NONE, "No documents yet", "An owner or reviewer of the project can add some.")
        sentence = "Drop receipts, invoices or forms, also whole folders."
        return Step(Action.ADD_DOCUMENTS, "Add documents", sentence, "Add documents")
    if summary.queued == summary.documents:
        sentence = "Labels come as soon as the first ones are read."
        return Step(Action.WATCH_READING, "Documents are being read", sentence, "Watch")
    return None


def _labels(summary: ProjectSummary, role: Role) -> Step | None:
    if summary.labelling:
        sentence = "It labels the documents that have no labels yet."
        return Step(Action.WATCH_LABELLING, "The teacher is at work", sentence, "Watch")
    if summary.unlabelled < summary.documents / 2:
        return None
    if not role.includes(Role.OWNER):
        return Step(Action.NONE, "Labels are missing", "An owner of the project can let a teacher write them.")
    sentence = "A teacher writes first labels, which people then correct and a student learns from."
    return Step(Action.LABEL, "Let a teacher label", sentence, "Choose a teacher")


def _first_review(summary: ProjectSummary, role: Role) -> Step | None:
    if summary.model or not summary.waiting or summary.accepted >= REVIEWED_ENOUGH:
        return None
    if not role.includes(Role.REVIEWER):
        sentence = "A reviewer or owner of the project can go through them."
        return Step(Action.NONE, "Labels wait for review", sentence)
    sentence = "Correct and accept some labels, so that quality can be measured against them."
    return Step(Action.REVIEW, "Review labels", sentence, "Review")


def _training(summary: ProjectSummary, role: Role) -> Step | None:
    if summary.training:
        sentence = "Its curves show how it comes along."
        return Step(Action.WATCH_TRAINING, "A student is being trained", sentence, "Watch")
    if summary.model:
        return None
    if not role.includes(Role.OWNER):
        return Step(Action.NONE, "No student serves yet", "An owner of the project can train and promote one.")
    sentence = "It learns from the labels and answers without the teacher."
    return Step(Action.TRAIN, "Train a student", sentence, "Train")


def _quality(summary: ProjectSummary, role: Role) -> Step | None:
    if summary.waiting and role.includes(Role.REVIEWER):
        sentence = "The labels that the systems are least sure of come first."
        return Step(Action.REVIEW, "Review labels", sentence, "Review")
    if summary.report is None and role.includes(Role.OWNER):
        sentence = "A report sets the student beside its teacher."
        return Step(Action.REPORT, "Measure it", sentence, "Make a report")
    return None
