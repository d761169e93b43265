"""What is stored of an audit reads back as it was."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extraction.domain.auditing.finding import Evidence, Finding, Severity
from extraction.domain.auditing.matching import Match, MatchBy
from extraction.domain.auditing.policy import CheckSetting, Forbidden, Limit, Per, Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.auditing.values import (
    AmountKind,
    Candidate,
    Claim,
    PrintedAmount,
    Reading,
    Receipt,
    ReceiptRow,
)
from extraction.domain.pages import Box, PageBox
from tests.domain.auditing.cases import claim, receipt

AMOUNTS = st.decimals("-1e9", "1e9", allow_nan=False, places=3)
DAYS = st.dates()
SHARES = st.floats(0, 1)
BOXES = st.lists(st.builds(PageBox, st.integers(0, 9), st.builds(Box, SHARES, SHARES, SHARES, SHARES)), max_size=2).map(
    tuple
)


def readings(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    candidates = st.builds(Candidate, values, SHARES, BOXES)
    return st.none() | st.builds(Reading, candidates, st.lists(candidates, max_size=2).map(tuple))


CLAIMS = st.builds(
    Claim, st.text(), AMOUNTS, st.just("EUR"), st.text(), date=st.none() | DAYS, attendees=st.none() | st.integers(1, 9)
)
RECEIPTS = st.builds(
    Receipt,
    st.text(),
    names=st.lists(st.text(), max_size=2).map(tuple),
    numbers=st.lists(st.integers(0, 2**31), max_size=3).map(tuple),
    merchant=readings(st.text()),
    amount=readings(AMOUNTS),
    date=readings(DAYS),
    printed=st.lists(st.builds(PrintedAmount, AMOUNTS, st.sampled_from(AmountKind), BOXES), max_size=2).map(tuple),
    rows=st.lists(
        st.builds(ReceiptRow, st.text(), st.none() | AMOUNTS, st.none() | AMOUNTS, SHARES, BOXES), max_size=2
    ).map(tuple),
)
POLICIES = st.builds(
    Policy,
    checks=st.dictionaries(
        st.text(),
        st.builds(CheckSetting, st.sampled_from(Severity), st.dictionaries(st.text(), AMOUNTS, max_size=2)),
        max_size=2,
    ),
    limits=st.lists(st.builds(Limit, AMOUNTS, st.sampled_from(Per), st.text()), max_size=2).map(tuple),
    forbidden=st.lists(st.builds(Forbidden, st.text(), st.lists(st.text(), max_size=2).map(tuple)), max_size=2).map(
        tuple
    ),
    holidays=st.lists(DAYS, max_size=2).map(tuple),
    rates=st.lists(st.builds(Rate, st.text(), AMOUNTS, st.none() | DAYS), max_size=2).map(tuple),
    threshold=SHARES,
)
FINDINGS = st.builds(
    Finding,
    st.text(),
    st.integers(1, 9),
    st.sampled_from(Severity),
    st.lists(st.text(), min_size=1, max_size=3).map(tuple),
    st.text(),
    SHARES,
    st.none() | AMOUNTS,
    st.just("EUR"),
    evidence=st.lists(st.builds(Evidence, st.text(), st.text(), BOXES), max_size=2).map(tuple),
    facts=st.dictionaries(st.text(), st.none() | st.text() | st.integers(), max_size=3),
    doubtful=st.booleans(),
)


@given(st.one_of(CLAIMS, RECEIPTS, POLICIES, FINDINGS))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_values_read_back_as_they_were(value: Claim | Receipt | Policy | Finding) -> None:
    stored = json.loads(json.dumps(value.to_json()))
    assert type(value).from_json(stored) == value


def test_a_match_reads_back() -> None:
    match = Match("1", "a", MatchBy.VALUES, 0.75)
    assert Match.from_json(json.loads(json.dumps(match.to_json()))) == match


def test_a_policy_of_few_settings_has_the_others_by_default() -> None:
    assert Policy.from_json({"base": "MYR"}) == Policy(base="MYR")


def test_a_finding_is_known_again_whatever_it_costs_now() -> None:
    one = Finding("limit", 1, Severity.REVIEW, ("7", "5", "6"), "", 1.0, Decimal(3), "EUR", "day")
    other = Finding("limit", 2, Severity.BLOCK, ("7", "6", "5"), "", 0.8, Decimal(9), "EUR", "day", facts={"date": "x"})
    assert one.key == other.key
    assert one.key != Finding("limit", 1, Severity.REVIEW, ("6", "5", "7"), "", 1.0, Decimal(3), "EUR", "day").key


def test_the_expected_loss_of_an_unknown_amount_is_none() -> None:
    unknown = Finding("limit", 1, Severity.REVIEW, ("7",), "", 0.5, None, "EUR")
    known = Finding("limit", 1, Severity.REVIEW, ("7",), "", 0.5, Decimal("3.10"), "EUR")
    assert (unknown.expected_loss, known.expected_loss) == (0, Decimal("1.55"))


def test_what_readings_lack_to_certainty_is_unknown() -> None:
    reading = Reading(Candidate(datetime.date(2026, 1, 2), 0.7), (Candidate(datetime.date(2026, 2, 1), 0.2),))
    assert round(reading.unknown, 6) == 0.1
    assert reading.probability_that(lambda day: day.month < 3) == 0.7 + 0.2


def test_samples_of_these_tests_are_values() -> None:
    assert Receipt.from_json(receipt().to_json()) == receipt()
    assert Claim.from_json(claim().to_json()) == claim()
