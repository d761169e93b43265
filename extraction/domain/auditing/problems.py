"""What makes a policy unusable, or contradicts itself in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from extraction.domain.auditing.checks import registry
from extraction.domain.auditing.money import LARGEST, is_currency
from extraction.domain.auditing.policy import Per, Policy, Problem, ProblemCode
from extraction.domain.field_types.readers.texts import alike

# The least positive number, and the largest rate, that amounts are counted with: products stay exact.
LEAST, LARGEST_RATE = Decimal(10) ** -10, Decimal(10) ** 10
# Each limit holds for a part of what the next one is for.
NARROW_TO_WIDE = (Per.ATTENDEE, Per.CLAIM, Per.DAY)


def problems(policy: Policy) -> list[Problem]:
    """All of them, in the order in which a policy names its settings; none for one that can be used."""
    return [*_checks(policy), *_shares(policy), *_limits(policy), *_words(policy), *_days(policy), *_money(policy)]


def _checks(policy: Policy) -> Iterator[Problem]:
    known = {check.name: check for check in registry.known()}
    for name, setting in policy.checks.items():
        if name not in known:
            yield Problem(ProblemCode.UNKNOWN_CHECK, name)
            continue
        declared = {tolerance.name: tolerance for tolerance in known[name].tolerances}
        for key, value in setting.tolerances.items():
            place = f"{name}.{key}"
            if key not in declared:
                yield Problem(ProblemCode.UNKNOWN_TOLERANCE, place)
            elif not _is_countable(value, declared[key].most) or value < declared[key].least:
                yield Problem(ProblemCode.TOLERANCE_OUT_OF_RANGE, place, str(value))


def _is_countable(value: Decimal, most: Decimal) -> bool:
    """Whether it is a number up to `most` that can be written with all its decimals."""
    return value.is_finite() and value <= most and (not value or abs(value) >= LEAST)


def _shares(policy: Policy) -> Iterator[Problem]:
    for name in ("threshold", "least", "violations"):
        if not 0 < getattr(policy, name) < 1:
            yield Problem(ProblemCode.PROBABILITY_OUT_OF_RANGE, name, str(getattr(policy, name)))
    if policy.threshold < policy.least:
        yield Problem(ProblemCode.THRESHOLD_BELOW_LEAST, "threshold", str(policy.threshold))


def _limits(policy: Policy) -> Iterator[Problem]:
    by_category: dict[str, dict[Per, Decimal]] = defaultdict(dict)
    for limit in policy.limits:
        place, known = f"{limit.category}/{limit.per.value}", by_category[alike(limit.category)]
        if not limit.amount.is_finite() or limit.amount <= 0:
            yield Problem(ProblemCode.LIMIT_NOT_POSITIVE, place, str(limit.amount))
        elif not _is_countable(limit.amount, LARGEST):
            yield Problem(ProblemCode.OUT_OF_RANGE, place, str(limit.amount))
        elif limit.per in known:
            yield Problem(ProblemCode.LIMIT_TWICE, place, str(limit.amount))
        else:
            known[limit.per] = limit.amount
    for category, limits in by_category.items():
        for narrow, wide in combinations(NARROW_TO_WIDE, 2):
            if narrow in limits and wide in limits and limits[narrow] > limits[wide]:
                yield Problem(ProblemCode.LIMIT_NEVER_REACHED, f"{category}/{narrow.value}", str(limits[narrow]))


def _words(policy: Policy) -> Iterator[Problem]:
    for kind in policy.forbidden:
        words = [alike(word) for word in kind.words]
        allowed = {alike(word) for word in kind.exceptions}
        if not words or any(not word.strip("* ") for word in (*words, *allowed)):
            yield Problem(ProblemCode.EMPTY_WORD, kind.kind)
        for word in words:
            if word in allowed:
                yield Problem(ProblemCode.WORD_ALLOWED, kind.kind, word)


def _days(policy: Policy) -> Iterator[Problem]:
    for day in policy.weekend:
        if day not in range(7):
            yield Problem(ProblemCode.NO_WEEKDAY, "weekend", str(day))


def _money(policy: Policy) -> Iterator[Problem]:
    for place in ("base", "local"):
        code = getattr(policy, place)
        if (code or place == "base") and not is_currency(code):
            yield Problem(ProblemCode.UNKNOWN_CURRENCY, place, code)
    for rate in policy.rates:
        place = f"rates.{rate.currency}"
        if not is_currency(rate.currency):
            yield Problem(ProblemCode.UNKNOWN_CURRENCY, "rates", rate.currency)
        elif not rate.value.is_finite() or rate.value <= 0:
            yield Problem(ProblemCode.RATE_NOT_POSITIVE, place, str(rate.value))
        elif not _is_countable(rate.value, LARGEST_RATE):
            yield Problem(ProblemCode.OUT_OF_RANGE, place, str(rate.value))
        elif rate.currency == policy.base and rate.value != 1:
            yield Problem(ProblemCode.RATE_OF_BASE, place, str(rate.value))
    for (currency, day), count in Counter((rate.currency, rate.day) for rate in policy.rates).items():
        if count > 1:
            yield Problem(ProblemCode.RATE_TWICE, f"rates.{currency}", day.isoformat() if day else "")
