"""What is wrong with a policy, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from extraction.domain.auditing.policy import Problem, ProblemCode
from extraction.domain.errors import filled, gettext_noop

SENTENCES: Mapping[ProblemCode, str] = {
    ProblemCode.UNKNOWN_CHECK: gettext_noop("There is no check named {place!r}."),
    ProblemCode.UNKNOWN_TOLERANCE: gettext_noop("There is no tolerance {place!r}."),
    ProblemCode.TOLERANCE_OUT_OF_RANGE: gettext_noop("{place!r} cannot be {value!r}."),
    ProblemCode.OUT_OF_RANGE: gettext_noop("{place!r} cannot be {value!r}."),
    ProblemCode.UNKNOWN_CURRENCY: gettext_noop("{value!r} is no code of a currency, such as EUR."),
    ProblemCode.RATE_OF_BASE: gettext_noop("The base currency has a rate other than 1: {value!r}."),
    ProblemCode.RATE_NOT_POSITIVE: gettext_noop("A rate of exchange must be above 0, not {value!r} ({place!r})."),
    ProblemCode.RATE_TWICE: gettext_noop("{place!r} has two rates for one day."),
    ProblemCode.LIMIT_NOT_POSITIVE: gettext_noop("A limit must be above 0, not {value!r} ({place!r})."),
    ProblemCode.LIMIT_TWICE: gettext_noop("Two limits are for the same: {place!r}."),
    ProblemCode.LIMIT_NEVER_REACHED: gettext_noop(
        "The limit {place!r} of {value!r} is never reached: a wider one is lower."
    ),
    ProblemCode.PROBABILITY_OUT_OF_RANGE: gettext_noop("{place!r} must be between 0 and 1, not {value!r}."),
    ProblemCode.THRESHOLD_BELOW_LEAST: gettext_noop(
        "Findings cannot be held against a claim from a lower probability on than they are told from."
    ),
    ProblemCode.EMPTY_WORD: gettext_noop("The forbidden articles {place!r} have no word, or an empty one."),
    ProblemCode.WORD_ALLOWED: gettext_noop("{value!r} is forbidden as {place!r} and allowed at once."),
    ProblemCode.NO_WEEKDAY: gettext_noop("Days of the weekend count from 0 for Monday to 6, not {value!r}."),
}


def sentence(problem: Problem) -> str:
    """One sentence, in English; pages translate it."""
    return filled(SENTENCES[problem.code], place=problem.place, value=problem.value)
