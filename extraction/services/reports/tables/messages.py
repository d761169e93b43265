"""Sentences about a report's summary, its parts and its recounts, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.evaluation.tables.agreement import Agreement
from extraction.domain.evaluation.tables.partitions import (
    FREQUENT,
    OTHERS,
    UNKNOWN,
    Partition,
    PartitionKind,
    SeenPart,
    VendorPart,
)
from extraction.domain.results.provenance import Recount, RecountState
from extraction.models import Document
from extraction.services import figures
from extraction.services.reports import messages
from extraction.services.reports.tables.summary import Saving, Summary, WeakPart
from extraction.services.reports.verdict import Standing, Verdict

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_TITLES: Mapping[PartitionKind, _StrPromise] = {
    PartitionKind.VENDORS: gettext_lazy("Frequent and rare vendors"),
    PartitionKind.SEEN: gettext_lazy("Vendors seen and not seen in the training of %(student)s"),
    PartitionKind.FOCUS: gettext_lazy("Focus of the picture"),
    PartitionKind.LANGUAGE: gettext_lazy("Language"),
    PartitionKind.ORIGIN: gettext_lazy("Source of the document"),
    PartitionKind.MEDIA_TYPE: gettext_lazy("Type of the file"),
}
_PARTS: Mapping[tuple[PartitionKind, str], _StrPromise] = {
    (PartitionKind.VENDORS, VendorPart.FREQUENT): gettext_lazy("frequent vendors"),
    (PartitionKind.VENDORS, VendorPart.RARE): gettext_lazy("rare vendors"),
    (PartitionKind.SEEN, SeenPart.SEEN): gettext_lazy("vendors seen in training"),
    (PartitionKind.SEEN, SeenPart.UNSEEN): gettext_lazy("vendors not seen in training"),
}
_RECOUNTS: Mapping[RecountState, _StrPromise] = {
    RecountState.SAME: gettext_lazy("Computed again by %(code)s: the numbers are the same."),
    RecountState.DIFFERENT: gettext_lazy("Computed again by %(code)s: the numbers differ at %(places)s."),
}


def of_partition(partition: Partition) -> str:
    return str(_TITLES[partition.kind]) % {"student": partition.of}


def of_partition_hint(partition: Partition) -> str:
    """How its parts are told apart, where that is not plain."""
    match partition.kind:
        case PartitionKind.VENDORS:
            return gettext("A vendor with %(number)s labelled documents or more is frequent.") % {"number": FREQUENT}
        case PartitionKind.FOCUS:
            return gettext("Variance of the Laplacian of the least sharp page: the more, the sharper.")
        case _:
            return ""


def of_part(kind: PartitionKind, key: str) -> str:
    if key == UNKNOWN:
        return gettext("not known")
    if key == OTHERS:
        return gettext("others")
    if (kind, key) in _PARTS:
        return str(_PARTS[kind, key])
    if kind is PartitionKind.FOCUS:
        return _band(key)
    if kind is PartitionKind.ORIGIN and key in Document.Origin.values:
        return str(Document.Origin(key).label)
    return key


def _band(key: str) -> str:
    low, _, high = key.partition("-")
    if not high:
        return gettext("from %(low)s on") % {"low": figures.whole(int(low))}
    if low == "0":
        return gettext("below %(high)s") % {"high": figures.whole(int(high))}
    return gettext("%(low)s to %(high)s") % {"low": figures.whole(int(low)), "high": figures.whole(int(high))}


def good_enough(summary: Summary) -> list[str]:
    """Whether the student is good enough: the answer, then its grounds."""
    name, verdict = summary.student.name, summary.verdict
    if summary.agreement:
        return [
            gettext(
                "That cannot be said: nothing is reviewed, so the figures say how far systems agree with the teacher."
            )
        ]
    whole = gettext("%(student)s reads %(share)s of the documents with every field right.")
    shares = whole % {"student": name, "share": figures.percent(summary.student.scores.all_fields)}
    if verdict is None:
        return [gettext("There is no teacher in this report to compare it with."), shares]
    return [_standing(verdict), shares, messages.of_verdict(verdict)]


def _standing(verdict: Verdict) -> str:
    standings = {verdict.mean.standing, verdict.all_fields.standing}
    if Standing.WORSE not in standings:
        return gettext("Yes: %(student)s is at least as good as the teacher.") % {"student": verdict.student}
    if len(standings) > 1:
        return gettext("In part: %(student)s is worse than the teacher by one of two measures.") % {
            "student": verdict.student
        }
    return gettext("Not yet: %(student)s is worse than the teacher.") % {"student": verdict.student}


def saves(saving: Saving | None) -> list[str]:
    """What the student saves in a year."""
    if saving is None:
        return [gettext("That cannot be said: a price or a speed is not known.")]
    values = {
        "saved": figures.dollars(abs(saving.saved), 2),
        "student": figures.dollars(saving.student, 2),
        "teacher": figures.dollars(saving.teacher, 2),
        "each": figures.dollars(saving.student_document),
        "taught": figures.dollars(saving.teacher_document),
    }
    sentences = [
        gettext("%(saved)s in the first year: %(student)s with the student against %(teacher)s with the teacher.")
        % values
        if saving.saved >= 0
        else gettext("Nothing in the first year, it costs %(saved)s more: %(student)s against %(teacher)s.") % values,
        gettext("A document costs %(each)s instead of %(taught)s, with labels, review, training and escalation in it.")
        % values,
    ]
    if saving.after is not None:
        sentence = ngettext(
            "What it took to become is made good after %(count)s document.",
            "What it took to become is made good after %(count)s documents.",
            saving.after,
        )
        sentences.append(sentence % {"count": figures.whole(saving.after)})
    return sentences


def fails(summary: Summary) -> list[str]:
    """Where the student fails."""
    sentences = []
    if summary.weak_fields:
        fields = ", ".join(f"{weak.name} ({figures.percent(weak.anls)})" for weak in summary.weak_fields)
        sentences.append(gettext("Least sure in the fields %(fields)s, by ANLS.") % {"fields": fields})
    else:
        sentences.append(gettext("It answered every field exactly."))
    sentences += [_weak(weak) for weak in summary.weak_parts]
    if summary.errors and (repeated := of_repeated(summary.errors)):
        sentences.append(repeated)
    return sentences


def _weak(weak: WeakPart) -> str:
    sentence = ngettext(
        "Weaker than elsewhere (%(part)s): mean ANLS %(value)s on %(count)s document.",
        "Weaker than elsewhere (%(part)s): mean ANLS %(value)s on %(count)s documents.",
        weak.part.documents,
    )
    part = of_part(weak.kind, weak.part.key)
    if weak.kind not in (PartitionKind.VENDORS, PartitionKind.SEEN):
        part = f"{_TITLES[weak.kind]} {part}"
    return sentence % {
        "part": part,
        "value": figures.percent(weak.score.mean_anls),
        "count": figures.whole(weak.part.documents),
    }


def of_repeated(agreement: Agreement) -> str:
    """Whether a student repeats its teacher's errors; empty where the teacher has none."""
    repeated = agreement.repeated
    if repeated is None:
        return ""
    values = {
        "student": agreement.student,
        "share": figures.percent(repeated.share),
        "hits": figures.whole(repeated.hits),
        "count": figures.whole(repeated.count),
        "chance": figures.percent(agreement.expected),
    }
    if agreement.repeats:
        sentence = gettext(
            "%(student)s repeats %(share)s of the teacher's wrong answers (%(hits)s of %(count)s); "
            "by chance it would be %(chance)s."
        )
    else:
        sentence = gettext(
            "%(student)s repeats the teacher's wrong answers hardly more than by chance: %(hits)s of %(count)s "
            "(%(share)s), by chance %(chance)s."
        )
    return sentence % values


def of_recount(recount: Recount) -> str:
    code = " ".join(filter(None, (recount.code.version, recount.code.commit)))
    if recount.state is RecountState.INCOMPLETE:
        sentence = ngettext(
            "It cannot be computed again: %(count)s document was deleted since.",
            "It cannot be computed again: %(count)s documents were deleted since.",
            recount.deleted,
        )
        return sentence % {"count": figures.whole(recount.deleted)}
    return str(_RECOUNTS[recount.state]) % {"code": code, "places": ", ".join(recount.differences)}
