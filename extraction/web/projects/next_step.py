"""What a member of a project should do next, in one sentence and one button."""

from dataclasses import dataclass

from extraction.services.projects.summaries import Standing
from extraction.web.access import Access


@dataclass(frozen=True, slots=True)
class Step:
    """`url` names the page that the button leads to; without one there is only something to wait for."""

    title: str
    sentence: str
    url: str = ""
    button: str = ""


def next_step(standing: Standing, access: Access) -> Step:
    steps = (_gather, _label, _review, _train, _report)
    return next(
        (step for find in steps if (step := find(standing, access))),
        Step("Everything is done", "Add documents, or train again when more labels are reviewed."),
    )


def _gather(standing: Standing, access: Access) -> Step | None:
    if not standing.documents:
        if not access.may_review:
            return Step("No documents yet", "An owner or reviewer of the project can add some.")
        return Step(
            "Add documents", "Drop receipts, invoices or forms, also whole folders.", "documents", "Add documents"
        )
    if standing.queued == standing.documents:
        return Step("Documents are being read", "Labels come as soon as the first ones are read.", "documents", "Watch")
    return None


def _label(standing: Standing, access: Access) -> Step | None:
    if standing.labelling:
        return Step("The teacher is at work", "It labels the documents that have no labels yet.", "teacher", "Watch")
    if standing.unlabelled < standing.documents / 2:
        return None
    if not access.may_own:
        return Step("Labels are missing", "An owner of the project can let a teacher write them.")
    sentence = "A teacher writes first labels, which people then correct and a student learns from."
    return Step("Let a teacher label", sentence, "teacher", "Choose a teacher")


def _review(standing: Standing, access: Access) -> Step | None:
    # A few reviewed documents are enough to see what a first student makes of them.
    if standing.model or not standing.waiting or standing.accepted >= 10:
        return None
    if not access.may_review:
        return Step("Labels wait for review", "A reviewer or owner of the project can go through them.")
    sentence = "Correct and accept some labels, so that quality can be measured against them."
    return Step("Review labels", sentence, "review", "Review")


def _train(standing: Standing, access: Access) -> Step | None:
    if standing.training:
        return Step("A student is being trained", "Its curves show how it comes along.", "training", "Watch")
    if standing.model:
        return None
    if not access.may_own:
        return Step("No student serves yet", "An owner of the project can train and promote one.")
    return Step("Train a student", "It learns from the labels and answers without the teacher.", "training", "Train")


def _report(standing: Standing, access: Access) -> Step | None:
    if standing.waiting and access.may_review:
        sentence = "The labels that the systems are least sure of come first."
        return Step("Review labels", sentence, "review", "Review")
    if standing.report is None and access.may_own:
        return Step("Measure it", "A report sets the student beside its teacher.", "reports", "Make a report")
    return None
