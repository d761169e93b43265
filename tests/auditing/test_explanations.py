"""Every finding has its sentence, in both languages."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from django.utils import translation

from extraction.domain.auditing.checks import registry
from extraction.services.auditing.explanations import SENTENCES, TITLES, sentence, title
from tests.domain.auditing.cases import DAY, audited, claim, receipt

FACTS = {
    "amount": "1234.5",
    "printed": "1000.00",
    "currency": "EUR",
    "printed_currency": "USD",
    "other": "2.00",
    "date": "2026-03-04",
    "today": "2026-03-05",
    "days": 1500,
    "age": 91,
    "weekday": 5,
    "merchant": "Pier",
    "claims": 3,
    "limit": "10",
    "total": "30",
    "people": 2,
    "article": "Beer",
    "kind": "alcohol",
    "base": "EUR",
}


def test_checks_and_sentences_belong_together() -> None:
    assert set(TITLES) == {check.name for check in registry.known()}
    assert set(SENTENCES) == {(check.name, variant) for check in registry.known() for variant in check.variants}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_place_is_filled(language: str) -> None:
    with translation.override(language):
        for check, variant in SENTENCES:
            told = sentence(check, variant, FACTS, "EUR")
            assert told
            assert "%" not in told
            assert "  " not in told
            assert title(check)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1,234.50 EUR are claimed, the receipt says 1,000.00 USD."),
        ("de", "1.234,50 EUR sind eingereicht, auf dem Beleg stehen 1.000,00 USD."),
    ],
)
def test_numbers_are_those_of_the_reader(language: str, told: str) -> None:
    with translation.override(language):
        assert sentence("claimed_more", "", FACTS, "EUR") == told


def test_a_real_finding_is_told_with_its_numbers() -> None:
    [finding] = audited([claim(date=DAY + datetime.timedelta(days=9))], [receipt()])
    told = sentence(finding.check, finding.variant, finding.facts, finding.currency)
    assert re.findall(r"\d+ days", told) == ["9 days"]
    [finding] = audited([claim("21.50")], [receipt("12.50")])
    told = sentence(finding.check, finding.variant, finding.facts, finding.currency)
    assert re.findall(r"[\d.]+ EUR", told) == ["21.50 EUR", "12.50 EUR"]


def test_a_check_of_an_extension_is_told_by_its_facts() -> None:
    assert sentence("odd", "", {"amount": "3"}, "EUR") == "odd, amount: 3"


def test_odd_facts_do_no_harm() -> None:
    odd = {"amount": "NaN", "printed": "n/a", "currency": None, "date": "soon", "weekday": 9}
    for check, variant in SENTENCES:
        assert sentence(check, variant, odd, "EUR")
    assert "1.2345" in sentence("claimed_more", "", {"amount": str(Decimal("1.2345"))}, "EUR")
