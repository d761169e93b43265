"""Sentences of this stage for people: advice on a run and issues of its labels."""

from __future__ import annotations

import math
from dataclasses import asdict

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain import label_sources
from extraction.domain.json_types import JsonObject
from extraction.domain.learning.label_audit import ErrorKind, IssueReason
from extraction.services import figures
from extraction.services.training import snapshots
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

_REASONS = {
    IssueReason.CONTRADICTED: gettext_lazy("contradicted by the student"),
    IssueReason.MALFORMED: gettext_lazy("not of the field's type"),
    IssueReason.AMBIGUOUS: gettext_lazy("day or month first?"),
    IssueReason.UNFOUND: gettext_lazy("not found on the page"),
    IssueReason.UNSURE: gettext_lazy("doubted by its own source, so counted half"),
}
_WHY = {
    IssueReason.MALFORMED: gettext_lazy("It is not a value of the field's type."),
    IssueReason.AMBIGUOUS: gettext_lazy("Day or month first? Its order is not known."),
    IssueReason.UNFOUND: gettext_lazy("It was not found on the page, so it taught nothing."),
    IssueReason.UNSURE: gettext_lazy("Its own source doubted it, so it counted half."),
}
# What went wrong, as the end of a sentence, and what helps against it.
_ERRORS = {
    ErrorKind.OTHER: (
        gettext_lazy("it took another value of the page"),
        gettext_lazy("Documents in more different layouts help against that."),
    ),
    ErrorKind.MISSED: (
        gettext_lazy("it said that the value is not there"),
        gettext_lazy("More labels of this field help against that."),
    ),
    ErrorKind.INVENTED: (
        gettext_lazy("it found a value where there is none"),
        gettext_lazy("More documents that are labelled as having none help."),
    ),
    ErrorKind.CUT: (
        gettext_lazy("it left out a part of the value"),
        gettext_lazy("See whether the labels agree on where the value begins and ends."),
    ),
    ErrorKind.LONG: (
        gettext_lazy("it took in more than the value"),
        gettext_lazy("See whether the labels agree on where the value begins and ends."),
    ),
    ErrorKind.MISREAD: (
        gettext_lazy("a few characters differ"),
        gettext_lazy("See whether the words were read rightly; the labels may be right."),
    ),
}


def of_choice(choice: str, documents: int) -> str:
    """Labels to learn from, with the number of documents that have any."""
    title = gettext("Best of each field") if choice == snapshots.BEST else gettext(label_sources.find(choice).title)
    counted = ngettext("%(title)s (%(count)s document)", "%(title)s (%(count)s documents)", documents)
    return counted % {"title": title, "count": figures.whole(documents)}


def of_reason(reason: IssueReason) -> str:
    """Why a label is doubted, as a part of a line."""
    return str(_REASONS[reason])


def advice_json(advice: Advice) -> JsonObject:
    """`{"code", "sentence", "data"}`, as programs get it."""
    return {"code": advice.code.value, "sentence": of_advice(advice), "data": asdict(advice)}


def of_advice(advice: Advice) -> str:
    match advice:
        case UnreadDocuments():
            return _unread(advice)
        case UnfoundLabels():
            return _unfound(advice)
        case ContradictedLabels(count):
            return _counted(
                count,
                ngettext(
                    "The student contradicts %(count)s label with 70 %% confidence or more, although it learned from "
                    "labels like it: correct what is wrong and train again.",
                    "The student contradicts %(count)s labels with 70 %% confidence or more, although it learned from "
                    "labels like them: correct what is wrong and train again.",
                    count,
                ),
            )
        case MoreTime(minutes):
            whole = math.ceil(minutes)
            return _counted(
                whole,
                ngettext(
                    "It was still getting better when its time was up: give it more than %(count)s minute.",
                    "It was still getting better when its time was up: give it more than %(count)s minutes.",
                    whole,
                ),
            )
        case WeakestField():
            return _weakest(advice)
        case MoreDocuments():
            return _more_documents(advice)
        case Review(count):
            return _counted(
                count,
                ngettext(
                    "%(count)s document that only a student has read waits for review; the queue brings those first "
                    "of which it is least sure, and these teach it most.",
                    "%(count)s documents that only a student has read wait for review; the queue brings those first "
                    "of which it is least sure, and these teach it most.",
                    count,
                ),
            )


def of_sufficiency(sufficiency: Sufficiency) -> list[str]:
    """What to know before a training starts; empty where nothing is in the way of a good student."""
    sentences = []
    if not sufficiency.enough:
        sentence = ngettext(
            "A student learns little from %(count)s labelled document: %(start)s are a start, %(ample)s give the best "
            "results.",
            "A student learns little from %(count)s labelled documents: %(start)s are a start, %(ample)s give the best "
            "results.",
            sufficiency.documents,
        )
        sentences.append(_counted(sufficiency.documents, sentence, start=MINIMUM, ample=AMPLE))
    if sufficiency.thin:
        fields = ", ".join(f"{name} ({figures.whole(count)})" for name, count in sufficiency.thin)
        sentences.append(gettext("Few labels to learn from: %(fields)s.") % {"fields": fields})
    if sufficiency.not_learned:
        sentence = gettext("No student learns %(fields)s: its labels are left out.")
        sentences.append(sentence % {"fields": ", ".join(sufficiency.not_learned)})
    return sentences


def of_issue(issue: DocumentIssue) -> list[str]:
    """A sentence for each reason."""
    return [
        _contradiction(issue) if reason is IssueReason.CONTRADICTED else str(_WHY[reason]) for reason in issue.reasons
    ]


def _unread(advice: UnreadDocuments) -> str:
    sentence = ngettext(
        "On %(count)s document of %(total)s no words were read, so nothing can be learned from them: look at the "
        "scans, or choose the other OCR engine.",
        "On %(count)s documents of %(total)s no words were read, so nothing can be learned from them: look at the "
        "scans, or choose the other OCR engine.",
        advice.count,
    )
    return _counted(advice.count, sentence, total=figures.whole(advice.documents))


def _unfound(advice: UnfoundLabels) -> str:
    if advice.unfound == advice.stated:
        return gettext(
            "No label of %(field)s was found on any page, so the student always says that it is not there: see "
            "whether the words were read, and whether the labels hold what is printed."
        ) % {"field": advice.field}
    sentence = gettext(
        "%(count)s of %(total)s labels of %(field)s were not found on the pages and taught nothing: see whether the "
        "words were read rightly or the labels are wrong."
    )
    return _counted(advice.unfound, sentence, total=figures.whole(advice.stated), field=advice.field)


def _weakest(advice: WeakestField) -> str:
    what, how = _ERRORS[advice.error]
    if advice.wrong == advice.count == 1:
        sentence = gettext(
            "%(field)s is the weakest field (%(anls)s ANLS): %(wrong)s of %(answers)s answers on validation were "
            "wrong, because %(what)s. %(how)s"
        )
    else:
        sentence = gettext(
            "%(field)s is the weakest field (%(anls)s ANLS): %(wrong)s of %(answers)s answers on validation were "
            "wrong, in %(count)s of them because %(what)s. %(how)s"
        )
    return _counted(
        advice.count,
        sentence,
        field=advice.field,
        anls=figures.percent(advice.anls, 0),
        wrong=figures.whole(advice.wrong),
        answers=figures.whole(advice.answers),
        what=what,
        how=how,
    )


def _more_documents(advice: MoreDocuments) -> str:
    if advice.unlabelled:
        label = ngettext("Label %(count)s more document", "Label %(count)s more documents", advice.more)
    else:
        label = ngettext("Add and label %(count)s more document", "Add and label %(count)s more documents", advice.more)
    more = _counted(advice.more, label)
    if advice.gain is None:
        return gettext(
            "%(more)s: with %(documents)s a student still gains from every further one. Train again afterwards, and "
            "this page will tell how much each doubling brings."
        ) % {"more": more, "documents": figures.whole(advice.documents)}
    return gettext(
        "%(more)s: in this project each doubling of the documents has brought about %(points)s points of ANLS so far."
    ) % {"more": more, "points": figures.decimal(100 * advice.gain, 1)}


def _contradiction(issue: DocumentIssue) -> str:
    sure = figures.percent(issue.confidence or 0.0, 0)
    if issue.empty:
        return gettext("The student says that it is not there and is %(sure)s sure.") % {"sure": sure}
    if issue.answer is None:
        return gettext(
            "The student read something else and was %(sure)s sure; the document has been read again since."
        ) % {"sure": sure}
    return gettext("The student reads “%(answer)s” and is %(sure)s sure.") % {"answer": issue.answer, "sure": sure}


def _counted(count: int, sentence: str, **values: object) -> str:
    return sentence % {"count": figures.whole(count), **values}
