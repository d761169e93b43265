"""Sentences of this stage for people: what was done to many documents at once, and why not."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from extraction.domain.errors import gettext_noop
from extraction.services import figures

HELD = gettext_noop("{name} is under a legal hold and was not deleted.")
NOTHING_CHOSEN = gettext_noop("No document is chosen: mark some in the list first.")
ACTOR_GONE = gettext_noop("Whoever asked for this has no account any more, so the rest is left as it is.")
UNKNOWN_ACTION = gettext_noop("There is no action {name!r}.")
NOT_CONFIRMED = gettext_noop("Nothing was changed: type {word} to confirm.")
UNKNOWN_SPLIT = gettext_noop("There is no split {name!r}.")
OTHERS_NOW = gettext_noop("Other documents are selected now than when you looked. Look again before you go on.")


def changed_meanwhile(before: int, now: int) -> str:
    """Other documents are selected than when the person looked: documents came or went, or fit the filter no more."""
    if before == now:
        return gettext(OTHERS_NOW)
    sentence = ngettext(
        "You selected %(before)s document; meanwhile there are %(now)s. Look again before you go on.",
        "You selected %(before)s documents; meanwhile there are %(now)s. Look again before you go on.",
        before,
    )
    return sentence % {"before": figures.whole(before), "now": figures.whole(now)}


def deleted(number: int) -> str:
    sentence = ngettext(
        "%(number)s document was deleted with files and labels.",
        "%(number)s documents were deleted with files and labels.",
        number,
    )
    return sentence % {"number": figures.whole(number)}


def kept(number: int) -> str:
    sentence = ngettext(
        "%(number)s document is under a legal hold and stays.",
        "%(number)s documents are under a legal hold and stay.",
        number,
    )
    return sentence % {"number": figures.whole(number)}


def moved(number: int, split: str) -> str:
    sentence = ngettext(
        "%(number)s document is in split %(split)s now.", "%(number)s documents are in split %(split)s now.", number
    )
    return sentence % {"number": figures.whole(number), "split": split}
