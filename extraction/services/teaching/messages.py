"""Sentences of this stage for people."""

from __future__ import annotations

from decimal import Decimal

from extraction.models import LabelRun

MAX_LENGTH = 300


def consent(provider: str) -> str:
    """The sentence to agree to before pictures go to `provider`, named for people."""
    return f"The pictures of the documents leave this machine and go to {provider}."


def nothing_to_label(documents: int, read: int) -> str:
    """Why a teacher would label nothing in a project with so many documents, so many of them read."""
    if not documents:
        return "There is no document yet."
    if not read:
        return "No document was read yet."
    return "This teacher has nothing to add: each document that was read has its labels for the fields that it answers."


def rules_instead(error: str) -> str:
    return f"{error} The rules suggested these fields."


def cannot_suggest(teacher: str) -> str:
    return f"{teacher} cannot suggest fields; the rules did."


def stopped(run: LabelRun) -> str:
    """Why a run ended before its last document; empty where it did not. Runs of older versions stored the sentence."""
    match run.stop_reason:
        case LabelRun.StopReason.BUDGET:
            return _budget(run.budget_usd or Decimal(0), run.stop_spent or Decimal(0), run.stop_each or Decimal(0))
        case LabelRun.StopReason.NO_ANSWERS:
            return f"{run.stop_documents} documents in a row got no answer. {run.stop_error}"[:MAX_LENGTH]
        case LabelRun.StopReason.REJECTED:
            return run.stop_error[:MAX_LENGTH]
        case _:
            return run.stopped_because


def _budget(budget: Decimal, spent: Decimal, each: Decimal) -> str:
    return (
        f"The budget of {_dollars(budget)} is used up: {_dollars(spent)} were spent, "
        f"and one more document costs about {_dollars(each)}."
    )


def _dollars(amount: Decimal) -> str:
    return "$" + f"{amount:.4f}".rstrip("0").rstrip(".")
