"""Sentences of this stage for people: what was done to many documents at once, and why not."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma

NOTHING_CHOSEN = "No document is chosen: mark some in the list first."
ACTOR_GONE = "Whoever asked for this has no account any more, so the rest is left as it is."


def unknown_action(name: str) -> str:
    return f"There is no action {name!r}."


def not_confirmed(word: str) -> str:
    return f"Nothing was changed: type {word} to confirm."


def unknown_split(name: str) -> str:
    return f"There is no split {name!r}."


def counted(number: int) -> str:
    """`1 document`, `5,000 documents`."""
    return f"{intcomma(number)} document{'' if number == 1 else 's'}"


def changed_meanwhile(before: int, now: int) -> str:
    """Other documents are selected than when the person looked: documents came or went, or fit the filter no more."""
    if before == now:
        return "Other documents are selected now than when you looked. Look again before you go on."
    return f"You selected {counted(before)}; meanwhile it is {intcomma(now)}. Look again before you go on."


def deleted(number: int) -> str:
    return f"{counted(number)} {_were(number)} deleted with files and labels."


def moved(number: int, split: str) -> str:
    return f"{counted(number)} {'is' if number == 1 else 'are'} in split {split} now."


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
