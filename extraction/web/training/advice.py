"""What would help a student most next: computed from what its run kept, said only where it can be told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from extraction.models import Document, Project, Source, Split, TrainingRun

MOST = 4
# Shares of the labels, points of ANLS and documents from which something is worth saying.
MANY_UNFOUND, GOOD_ENOUGH, A_POINT = 0.1, 0.95, 0.005
FEW_DOCUMENTS = 200
# Two runs tell what more documents bring where one learned from so many times as many as the other.
FURTHER = 1.3
MISTAKES = {
    "other": ("it took another value of the page", "Documents in more different layouts help against that."),
    "missed": ("it said that the value is not there", "More labels of this field help against that."),
    "invented": ("it found a value where there is none", "More documents that are labelled as having none help."),
    "cut": ("it left out a part of the value", "See whether the labels agree on where the value begins and ends."),
    "long": ("it took in more than the value", "See whether the labels agree on where the value begins and ends."),
    "misread": ("a few characters differ", "See whether the words were read rightly; the labels may be right."),
}


@dataclass(frozen=True, slots=True)
class Advice:
    """`page` names the page that the button leads to, `query` what is added to its address."""

    sentence: str
    page: str = ""
    query: str = ""
    button: str = ""


def advice(run: TrainingRun, project: Project) -> list[Advice]:
    """What to do next, the most promising first; empty where the run kept no account of itself."""
    if not run.account:
        return []
    found = [
        piece
        for say in (_unread, _unfound, _contradicted, _time, _weakest, _documents, _waiting)
        for piece in say(run, project, run.account)
    ]
    return found[:MOST]


def _unread(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    if count := account["without_words"]:
        yield Advice(
            f"On {_count(count, 'document')} of {account['documents']:,} no words were read, so nothing can be learned "
            "from them: look at the scans, or choose the other OCR engine.",
            "documents",
            "?focus=0",
            "See blurred documents",
        )


def _unfound(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    for name, count in account["fields"].items():
        stated = count["found"] + count["unfound"]
        if stated and not count["found"]:
            yield Advice(
                f"No label of {name} was found on any page, so the student always says that it is not there: see "
                "whether the words were read, and whether the labels hold what is printed.",
                query="#distrusted",
                button="See the labels",
            )
        elif count["unfound"] > MANY_UNFOUND * stated:
            yield Advice(
                f"{count['unfound']:,} of {stated:,} labels of {name} were not found on the pages and taught nothing: "
                "see whether the words were read rightly or the labels are wrong.",
                query="#distrusted",
                button="See the labels",
            )


def _contradicted(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    if count := account["reasons"].get("contradicted", 0):
        yield Advice(
            f"The student contradicts {_count(count, 'label')} with 70 % confidence or more, although it learned from "
            "labels like them: correct what is wrong and train again.",
            query="#distrusted",
            button="See the labels",
        )


def _time(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    looks = [point["anls"] for point in run.curve if point["anls"] is not None]
    epochs = account.get("epochs")
    if epochs and epochs["done"] < epochs["planned"] and len(looks) > 1 and looks[-1] == max(looks):
        yield Advice(
            f"It was still getting better when its time was up: give it more than {run.minutes:g} minutes.",
            "training",
            button="Start a run",
        )


def _weakest(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    fields = (run.validation or {}).get("fields", {})
    if not fields:
        return
    name = min(fields, key=lambda field: float(fields[field]["anls"]))
    kinds = account["mistakes"].get(name, {})
    if fields[name]["anls"] >= GOOD_ENOUGH or not kinds:
        return
    worst = max(kinds, key=lambda kind: int(kinds[kind]))
    what, how = MISTAKES[worst]
    wrong = sum(kinds.values())
    share = "" if wrong == kinds[worst] == 1 else f" in {kinds[worst]:,} of them"
    sentence = (
        f"{name} is the weakest field (ANLS {fields[name]['anls']:.2f}): {wrong:,} of {fields[name]['n']:,} answers on "
        f"validation were wrong,{share} because {what}. {how}"
    )
    # Without such a split, training documents were held out, which no list shows.
    if project.documents.filter(split=Split.VALIDATION).exists():
        yield Advice(sentence, "documents", "?split=validation", "See validation documents")
    else:
        yield Advice(sentence)


def _documents(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    if not run.validation:
        return
    here, unlabelled = account["documents"], _unlabelled(project)
    more = min(max(here, 10), unlabelled) or max(here, 10)
    label = f"{'Label' if unlabelled else 'Add and label'} {_count(more, 'more document')}"
    gain = doubling(measured(run, project))
    if gain is not None and gain >= A_POINT:
        sentence = (
            f"{label}: in this project each doubling of the documents has brought about "
            f"{100 * gain:.1f} points of ANLS so far."
        )
    elif gain is None and here < FEW_DOCUMENTS:
        sentence = (
            f"{label}: with {here:,} a student still gains from every further one. Train "
            "again afterwards, and this page will tell how much each doubling brings."
        )
    else:
        return
    if unlabelled:
        yield Advice(sentence, "teacher", button="Go to the teacher")
    else:
        yield Advice(sentence, "documents", button="Add documents")


def _waiting(run: TrainingRun, project: Project, account: Mapping[str, Any]) -> Iterator[Advice]:
    waiting = project.documents.filter(review=Document.Review.WAITING, state=Document.State.READY)
    if count := waiting.filter(source=Source.STUDENT).count():
        yield Advice(
            f"{_count(count, 'document')} that only a student has read {'waits' if count == 1 else 'wait'} for review; "
            "the queue brings those first of which it is least sure, and these teach it most.",
            "review",
            button="Review",
        )


def measured(run: TrainingRun, project: Project) -> list[tuple[int, float]]:
    """Documents learned from and mean ANLS on validation of the project's runs on the same kind of labels."""
    rows = project.training_runs.filter(labels=run.labels, account__isnull=False, validation__isnull=False)
    found: list[tuple[Any, Any]] = list(rows.order_by("pk").values_list("account", "validation"))
    return [(held["documents"], scored["mean_anls"]) for held, scored in found if held["documents"] and scored]


def doubling(points: Sequence[tuple[int, float]]) -> float | None:
    """What each doubling of the documents brought, by least squares; `None` where the runs cannot tell."""
    counts = [count for count, _ in points]
    if not counts or max(counts) < FURTHER * min(counts):
        return None
    steps = [math.log2(count) for count in counts]
    middle, height = fmean(steps), fmean(score for _, score in points)
    rise = sum((step - middle) * (score - height) for step, (_, score) in zip(steps, points, strict=True))
    return rise / sum((step - middle) ** 2 for step in steps)


def _unlabelled(project: Project) -> int:
    return int(project.documents.filter(review=Document.Review.UNLABELLED, state=Document.State.READY).count())


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
