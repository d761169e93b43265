"""Sentences of this stage for people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.errors import gettext_noop
from extraction.domain.label_quality.selection import PickReason
from extraction.engines.teacher.prompting.methods import Method
from extraction.models import LabelRun
from extraction.services import figures
from extraction.services.sentences import translated

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_LENGTH = 300
# What a request asks for, by method.
METHODS: Mapping[str, _StrPromise] = {
    Method.FILL: gettext_lazy("Fill all fields in one request"),
    Method.LIST: gettext_lazy("List every labelled value"),
    Method.SINGLE: gettext_lazy("One field at a time"),
}
ALREADY_SELECTED = gettext_noop(
    "Those that teach most are picked from all documents that lack labels, not from chosen or doubtful ones."
)
CONSENT = gettext_noop("The pictures of the documents leave this machine and go to {provider!s}.")


def consent(provider: str) -> str:
    """The sentence to agree to before pictures go to `provider`, named for people."""
    return CONSENT.format(provider=provider)


def unknown_words(languages: str) -> str:
    """What a teacher without words of these languages is left with."""
    return gettext(
        "It knows no words of these languages of the documents: %(languages)s. There it goes by forms of values, "
        "positions and sums alone and leaves much open."
    ) % {"languages": languages}


def nothing_to_label(documents: int, read: int, on_their_way: int, *, doubtful: bool = False) -> str:
    """Why a teacher would label nothing in a project with so many documents, so many of them read, and so many in
    batches on their way; or nothing of what is doubtful."""
    if not documents:
        return gettext("There is no document yet.")
    if not read:
        return gettext("No document was read yet.")
    if doubtful:
        return gettext("No doubtful first answer is left about which this teacher was not asked yet by this method.")
    if on_their_way:
        return ngettext(
            "%(number)s document is in a batch whose answers are on their way; the others have their labels.",
            "%(number)s documents are in batches whose answers are on their way; the others have their labels.",
            on_their_way,
        ) % {"number": figures.whole(on_their_way)}
    return gettext(
        "This teacher has nothing to add: each document that was read has its labels for the fields that it answers."
    )


def picked(reasons: Mapping[PickReason, int]) -> list[str]:
    """How many documents a run picks for which reason, each a half sentence."""
    return [_picked(reason, number) % {"number": figures.whole(number)} for reason, number in reasons.items()]


def _picked(reason: PickReason, number: int) -> str:
    match reason:
        case PickReason.NEW_LAYOUT:
            return ngettext(
                "%(number)s document of a layout that has no labels yet",
                "%(number)s documents of layouts that have no labels yet",
                number,
            )
        case PickReason.MISTAKES:
            return ngettext(
                "%(number)s document like others on which the student was wrong",
                "%(number)s documents like others on which the student was wrong",
                number,
            )
        case PickReason.UNSURE:
            return ngettext("%(number)s document with unsure fields", "%(number)s documents with unsure fields", number)
        case PickReason.VARIED:
            return ngettext("%(number)s document unlike the others", "%(number)s documents unlike the others", number)
        case PickReason.RANDOM:
            return ngettext("%(number)s document drawn at random", "%(number)s documents drawn at random", number)


# Why one document was picked.
REASONS: Mapping[PickReason, _StrPromise] = {
    PickReason.NEW_LAYOUT: gettext_lazy("new layout"),
    PickReason.MISTAKES: gettext_lazy("like mistakes of the student"),
    PickReason.UNSURE: gettext_lazy("unsure fields"),
    PickReason.VARIED: gettext_lazy("unlike the others"),
    PickReason.RANDOM: gettext_lazy("drawn at random"),
}


def rules_instead(error: str) -> str:
    return gettext_noop("{error!s} The rules suggested these fields.").format(error=error)


def cannot_suggest(teacher: str) -> str:
    return gettext_noop("{teacher} cannot suggest fields; the rules did.").format(teacher=teacher)


def stopped(run: LabelRun) -> str:
    """Why a run ended before its last document; empty where it did not. Runs of older versions stored the sentence."""
    match run.stop_reason:
        case LabelRun.StopReason.BUDGET:
            return _budget(run.budget_usd or Decimal(0), run.stop_spent or Decimal(0), run.stop_each or Decimal(0))
        case LabelRun.StopReason.NO_ANSWERS:
            sentence = gettext("%(number)s documents in a row got no answer.") % {
                "number": figures.whole(run.stop_documents or 0)
            }
            return f"{sentence} {translated(run.stop_error)}"[:MAX_LENGTH]
        case LabelRun.StopReason.INCOMPLETE:
            number = run.stop_documents or 0
            sentence = ngettext(
                "%(number)s document of its batches got no answer; another run asks again.",
                "%(number)s documents of its batches got no answer; another run asks again.",
                number,
            ) % {"number": figures.whole(number)}
            return f"{sentence} {translated(run.stop_error)}".strip()[:MAX_LENGTH]
        case LabelRun.StopReason.REJECTED:
            return translated(run.stop_error)[:MAX_LENGTH]
        case _:
            return run.stopped_because


def _budget(budget: Decimal, spent: Decimal, each: Decimal) -> str:
    return gettext(
        "The budget of %(budget)s is used up: %(spent)s were spent, and one more document costs about %(each)s."
    ) % {"budget": _dollars(budget), "spent": _dollars(spent), "each": _dollars(each)}


def _dollars(amount: Decimal) -> str:
    """To the hundredth of a cent, without zeros at the end."""
    _, _, cents = f"{amount:.4f}".rstrip("0").partition(".")
    return figures.dollars(amount, len(cents))
