"""A policy that contradicts itself is told as codes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from extraction.domain.auditing.checks import registry
from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Forbidden, Limit, Per, Policy, ProblemCode
from extraction.domain.auditing.problems import problems
from extraction.domain.auditing.rates import Rate


def setting(**tolerances: str) -> CheckSetting:
    return CheckSetting(Severity.REVIEW, {name: Decimal(value) for name, value in tolerances.items()})


def test_a_policy_that_nobody_changed_can_be_used() -> None:
    assert problems(Policy()) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"checks": {"astrology": setting()}}, ProblemCode.UNKNOWN_CHECK),
        ({"checks": {"tip": setting(least="1")}}, ProblemCode.UNKNOWN_TOLERANCE),
        ({"checks": {"tip": setting(most="-0.1")}}, ProblemCode.TOLERANCE_OUT_OF_RANGE),
        ({"checks": {"tip": setting(most="NaN")}}, ProblemCode.TOLERANCE_OUT_OF_RANGE),
        ({"threshold": 1.5}, ProblemCode.PROBABILITY_OUT_OF_RANGE),
        ({"threshold": 0.05}, ProblemCode.THRESHOLD_BELOW_LEAST),
        ({"base": "euro"}, ProblemCode.UNKNOWN_CURRENCY),
        ({"rates": (Rate("XXA", Decimal(1)),)}, ProblemCode.UNKNOWN_CURRENCY),
        ({"rates": (Rate("USD", Decimal(0)),)}, ProblemCode.RATE_NOT_POSITIVE),
        ({"rates": (Rate("EUR", Decimal(2)),)}, ProblemCode.RATE_OF_BASE),
        ({"rates": (Rate("USD", Decimal(1)), Rate("USD", Decimal(2)))}, ProblemCode.RATE_TWICE),
        ({"limits": (Limit(Decimal(-1), Per.DAY),)}, ProblemCode.LIMIT_NOT_POSITIVE),
        (
            {"limits": (Limit(Decimal(1), Per.DAY, "Meals"), Limit(Decimal(2), Per.DAY, "meals"))},
            ProblemCode.LIMIT_TWICE,
        ),
        ({"limits": (Limit(Decimal(9), Per.CLAIM), Limit(Decimal(2), Per.DAY))}, ProblemCode.LIMIT_NEVER_REACHED),
        ({"limits": (Limit(Decimal(9), Per.ATTENDEE), Limit(Decimal(2), Per.DAY))}, ProblemCode.LIMIT_NEVER_REACHED),
        ({"forbidden": (Forbidden("alcohol", ("beer", "*")),)}, ProblemCode.EMPTY_WORD),
        ({"forbidden": (Forbidden("alcohol", ("Beer",), ("beer",)),)}, ProblemCode.WORD_ALLOWED),
        ({"weekend": (7,)}, ProblemCode.NO_WEEKDAY),
        ({"checks": {"tip": setting(most="1e-999999999")}}, ProblemCode.TOLERANCE_OUT_OF_RANGE),
        ({"rates": (Rate("USD", Decimal("1e50")),)}, ProblemCode.OUT_OF_RANGE),
        ({"rates": (Rate("USD", Decimal("1e-50")),)}, ProblemCode.OUT_OF_RANGE),
        ({"limits": (Limit(Decimal("1e999999999"), Per.DAY),)}, ProblemCode.OUT_OF_RANGE),
    ],
)
def test_contradictions_are_told(changed: dict[str, Any], code: ProblemCode) -> None:
    assert code in [problem.code for problem in problems(replace(Policy(), **changed))]


@pytest.mark.parametrize(
    "value",
    [{"tips": "meals"}, {"tips": [1]}, {"forbidden": [{"kind": "alcohol", "words": "beer", "exceptions": []}]}],
)
def test_a_text_is_no_list_of_its_letters(value: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Policy.from_json(value)


@pytest.mark.parametrize("check", registry.known(), ids=lambda check: check.name)
def test_tolerances_start_within_their_range(check: Any) -> None:
    assert all(each.least <= each.default <= each.most for each in check.tolerances)
    assert len({each.name for each in check.tolerances}) == len(check.tolerances)
