"""Sentences of this stage for people: advice on a run and issues of its labels."""

from __future__ import annotations

import math
from dataclasses import asdict

from extraction.domain.json_types import JsonObject
from extraction.domain.learning.label_audit import ErrorKind, IssueReason
from extraction.services.training.advice import (
    Advice,
    ContradictedLabels,
    MoreDocuments,
    MoreTime,
    Review,
    UnfoundLabels,
    UnreadDocuments,
    WeakestField,
)
from extraction.services.training.label_audit import DocumentIssue
from extraction.services.training.sufficiency import AMPLE, MINIMUM, Sufficiency

REASONS = {
    IssueReason.CONTRADICTED: "contradicted by the student",
    IssueReason.MALFORMED: "not of the field's type",
    IssueReason.AMBIGUOUS: "day or month first?",
    IssueReason.UNFOUND: "not found on the page",
    IssueReason.UNSURE: "doubted by its own source, so counted half",
}
_WHY = {
    IssueReason.MALFORMED: "It is not a value of the field's type.",
    IssueReason.AMBIGUOUS: "Day or month first? Its order is not known.",
    IssueReason.UNFOUND: "It was not found on the page, so it taught nothing.",
    IssueReason.UNSURE: "Its own source doubted it, so it counted half.",
}
# What went wrong, and what helps against it.
_ERRORS = {
    ErrorKind.OTHER: ("it took another value of the page", "Documents in more different layouts help against that."),
    ErrorKind.MISSED: ("it said that the value is not there", "More labels of this field help against that."),
    ErrorKind.INVENTED: (
        "it found a value where there is none",
        "More documents that are labelled as having none help.",
    ),
    ErrorKind.CUT: (
        "it left out a part of the value",
        "See whether the labels agree on where the value begins and ends.",
    ),
    ErrorKind.LONG: (
        "it took in more than the value",
        "See whether the labels agree on where the value begins and ends.",
    ),
    ErrorKind.MISREAD: (
        "a few characters differ",
        "See whether the words were read rightly; the labels may be right.",
    ),
}


def advice_json(advice: Advice) -> JsonObject:
    """`{"code", "sentence", "data"}`, as programs get it."""
    return {"code": advice.code.value, "sentence": of_advice(advice), "data": asdict(advice)}


def of_advice(advice: Advice) -> str:
    match advice:
        case UnreadDocuments(count, documents):
            return (
                f"On {_count(count, 'document')} of {documents:,} no words were read, so nothing can be learned "
                "from them: look at the scans, or choose the other OCR engine."
            )
        case UnfoundLabels():
            return _unfound(advice)
        case ContradictedLabels(count):
            return (
                f"The student contradicts {_count(count, 'label')} with 70 % confidence or more, although it learned "
                "from labels like them: correct what is wrong and train again."
            )
        case MoreTime(minutes):
            return f"It was still getting better when its time was up: give it more than {_minutes(minutes)}."
        case WeakestField():
            return _weakest(advice)
        case MoreDocuments():
            return _more_documents(advice)
        case Review(count):
            return (
                f"{_count(count, 'document')} that only a student has read {'waits' if count == 1 else 'wait'} for "
                "review; the queue brings those first of which it is least sure, and these teach it most."
            )


def of_sufficiency(sufficiency: Sufficiency) -> list[str]:
    """What to know before a training starts; empty where nothing is in the way of a good student."""
    sentences = []
    if not sufficiency.enough:
        sentences.append(
            f"A student learns little from {_count(sufficiency.documents, 'labelled document')}: {MINIMUM} are a "
            f"start, {AMPLE} give the best results."
        )
    if sufficiency.thin:
        fields = ", ".join(f"{name} ({count:,})" for name, count in sufficiency.thin)
        sentences.append(f"Few labels to learn from: {fields}.")
    if sufficiency.not_learned:
        sentences.append(f"No student learns {', '.join(sufficiency.not_learned)}: its labels are left out.")
    return sentences


def of_issue(issue: DocumentIssue) -> list[str]:
    """A sentence for each reason."""
    return [_contradiction(issue) if reason is IssueReason.CONTRADICTED else _WHY[reason] for reason in issue.reasons]


def _unfound(advice: UnfoundLabels) -> str:
    if advice.unfound == advice.stated:
        return (
            f"No label of {advice.field} was found on any page, so the student always says that it is not there: see "
            "whether the words were read, and whether the labels hold what is printed."
        )
    return (
        f"{advice.unfound:,} of {advice.stated:,} labels of {advice.field} were not found on the pages and taught "
        "nothing: see whether the words were read rightly or the labels are wrong."
    )


def _weakest(advice: WeakestField) -> str:
    what, how = _ERRORS[advice.error]
    part = "" if advice.wrong == advice.count == 1 else f" in {advice.count:,} of them"
    return (
        f"{advice.field} is the weakest field ({100 * advice.anls:.0f} % ANLS): {advice.wrong:,} of "
        f"{advice.answers:,} answers on validation were wrong,{part} because {what}. {how}"
    )


def _more_documents(advice: MoreDocuments) -> str:
    label = f"{'Label' if advice.unlabelled else 'Add and label'} {_count(advice.more, 'more document')}"
    if advice.gain is None:
        return (
            f"{label}: with {advice.documents:,} a student still gains from every further one. Train "
            "again afterwards, and this page will tell how much each doubling brings."
        )
    return (
        f"{label}: in this project each doubling of the documents has brought about "
        f"{100 * advice.gain:.1f} points of ANLS so far."
    )


def _contradiction(issue: DocumentIssue) -> str:
    sure = f"{100 * (issue.confidence or 0.0):.0f} % sure"
    if issue.empty:
        return f"The student says that it is not there and is {sure}."
    if issue.answer is None:
        return f"The student read something else and was {sure}; the document has been read again since."
    return f"The student reads “{issue.answer}” and is {sure}."


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _minutes(minutes: float) -> str:
    return _count(math.ceil(minutes), "minute")
