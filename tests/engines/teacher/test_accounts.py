"""Limits of what a document may cost: what is sent, what a cut answer is told as, and what counts as spent."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extraction.domain.fields import Schema
from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.providers import PROVIDERS
from extraction.engines.teacher.lmm.retries import RetryPolicy
from extraction.engines.teacher.lmm.teacher import Lmm
from extraction.engines.teacher.prompting.methods import Method
from extraction.engines.teacher.protocol import Unreachable
from tests.engines.teacher.lmm_teachers import WAYS, document, lmm
from tests.support.builders import RECEIPT
from tests.support.providers import KEY, Fault, Provider

# Ways with a model whose price is known.
PRICED = [way for way in WAYS if way not in ("chat completions", "anthropic at once")]
INVOICE = Schema.from_json(
    {
        "name": "Invoices",
        "document": "invoice",
        "field": [{"name": "total", "type": "money"}, {"name": "items", "type": "group", "fields": [{"name": "a"}]}],
    }
)


def asked(model: str, **options: object) -> Lmm:
    provider, _, name = model.partition(":")
    access = Access("https://api.deepseek.com/v1", compatible=True) if "deepseek" in name else Access(key=KEY)
    return Lmm(PROVIDERS[provider], name, access, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", PRICED)
def test_a_document_with_a_limit_is_asked_for_answers_that_it_pays_for(way: str, tmp_path: Path) -> None:
    with Provider(tokens=lambda limit: limit or 0) as provider:
        teacher = lmm(way, provider.url)
        most = teacher.most(RECEIPT, 1)
        reply = teacher.label(document(tmp_path), RECEIPT, most.usd)
    [request] = provider.requests
    assert request.limit == reply.usage.output_tokens == most.output_tokens / 3
    assert 0 < reply.usage.usd < most.usd / 3
    assert (len(reply.answers), reply.usage.lost_usd) == (4, 0)


def test_without_a_limit_and_where_nothing_is_paid_answers_are_as_long_as_the_model_makes_them(tmp_path: Path) -> None:
    with Provider() as provider:
        lmm("responses", provider.url).label(document(tmp_path), RECEIPT)
        lmm("chat completions", provider.url).label(document(tmp_path), RECEIPT, Decimal(0))
    assert [request.limit for request in provider.requests] == [None, None]


@pytest.mark.parametrize("way", PRICED)
def test_an_answer_at_the_limit_is_cut_and_not_asked_for_again(way: str, tmp_path: Path) -> None:
    with Provider(script=[Fault.CUT] * 3) as provider:
        teacher = lmm(way, provider.url)
        reply = teacher.label(document(tmp_path), RECEIPT, teacher.most(RECEIPT, 1).usd)
    assert (reply.answers, reply.cut, reply.malformed, reply.refusal) == ({}, True, True, None)
    assert len(provider.requests) == reply.attempts == 1


def test_an_answer_that_the_models_own_limit_cut_is_asked_for_again(tmp_path: Path) -> None:
    with Provider(script=[Fault.CUT, None]) as provider:
        reply = lmm("chat completions", provider.url).label(document(tmp_path), RECEIPT)
    assert (len(reply.answers), reply.cut, reply.attempts) == (4, False, 2)
    assert "it was cut off" in provider.requests[1].text


@pytest.mark.parametrize("way", PRICED)
def test_lost_answers_cost_what_they_may(way: str, tmp_path: Path) -> None:
    with Provider(script=[Fault.DROP, None, *[Fault.ERROR] * 9]) as provider:
        teacher = lmm(way, provider.url)
        most = teacher.most(RECEIPT, 1)
        reply = teacher.label(document(tmp_path), RECEIPT, most.usd)
        assert reply.usage.lost_usd == most.usd / 3
        with pytest.raises(Unreachable) as caught:
            teacher.label(document(tmp_path), RECEIPT, most.usd)
    assert (caught.value.usage.usd, caught.value.usage.lost_usd) == (0, most.usd)
    assert len(provider.requests) == 2 + 3


def test_what_is_turned_away_costs_nothing_and_is_tried_on(tmp_path: Path) -> None:
    with Provider(script=[Fault.LIMIT, Fault.OVERLOADED] * 2, retry_after=0.05) as provider:
        teacher = lmm("responses", provider.url, retry_policy=RetryPolicy(first_wait=0.01))
        reply = teacher.label(document(tmp_path), RECEIPT, teacher.most(RECEIPT, 1).usd)
    assert (len(reply.answers), reply.usage.lost_usd, len(provider.requests)) == (4, 0, 5)


def test_nothing_is_sent_for_less_than_an_answer_may_cost(tmp_path: Path) -> None:
    with Provider() as provider, pytest.raises(Unreachable, match="could cost more than there is"):
        lmm("responses", provider.url).label(document(tmp_path), RECEIPT, Decimal("0.001"))
    assert not provider.requests


def test_more_pages_than_were_paid_for_do_not_pass_the_limit(tmp_path: Path) -> None:
    with Provider(script=[Fault.ERROR] * 9) as provider:
        teacher = lmm("responses", provider.url)
        limit = teacher.most(RECEIPT, 1).usd
        with pytest.raises(Unreachable) as caught:
            teacher.label(document(tmp_path, pages=3), RECEIPT, limit)
    assert 0 < caught.value.usage.lost_usd <= limit
    assert len(provider.requests) < 3


def test_an_answer_that_does_not_say_what_it_cost_counts_in_full(tmp_path: Path) -> None:
    with Provider(tokens=lambda limit: 0) as provider:
        teacher = lmm("responses", provider.url)
        most = teacher.most(RECEIPT, 1)
        usage = teacher.label(document(tmp_path), RECEIPT, most.usd).usage
    assert (usage.usd, usage.most_usd) == (0, most.usd / 3)


# The docs name these numbers.
@pytest.mark.parametrize(
    ("model", "tokens", "cents"),
    [
        ("anthropic:claude-sonnet-4-6", 2200, 17),
        ("anthropic:claude-haiku-4-5", 2200, 6),
        ("anthropic:claude-opus-5", 2200 + 8192, 89),
        ("openai:gpt-5-mini", 2200 + 8192, 7),
        ("openai:gpt-5", 2200 + 8192, 35),
        ("openai:gpt-4o", 2200, 13),
        ("openai:gpt-4o-mini", 2200, 3),
        ("google:gemini-2.5-flash", 2200 + 8192, 9),
    ],
)
def test_a_receipt_reserves_cents(model: str, tokens: int, cents: int) -> None:
    most = asked(model).most(RECEIPT, 1)
    assert most.output_tokens == 3 * tokens
    assert cents - 1 < most.usd * 100 <= cents
    assert most.usd > asked(model).estimate(RECEIPT, 1).usd * 3


def test_a_limit_grows_with_rows_and_pages_up_to_what_models_take() -> None:
    def tokens(model: str, pages: int, **options: object) -> float:
        return asked(model, **options).most(INVOICE, pages).output_tokens / 3

    assert tokens("anthropic:claude-sonnet-4-6", 1) == 1000 + 2 * 300 + 60 * 55
    assert tokens("anthropic:claude-sonnet-4-6", 2) == 1000 + 2 * 300 + 2 * 60 * 55
    longest = {"anthropic:claude-sonnet-4-6": 16_384, "openai:gpt-4o": 16_384, "google:gemini-2.0-flash": 8192}
    longest |= {"openai:gpt-5": 16_384 + 8192, "openai:deepseek-chat": 8192, "anthropic:claude-of-the-tests": 4096}
    assert {model: tokens(model, 20) for model in longest} == longest
    assert tokens("openai:gpt-4o", 1, method=Method.LIST) == 1000 + 6000
    # Rows beyond the pages that are sent need nothing.
    assert asked("openai:gpt-4o").most(RECEIPT, 500) == asked("openai:gpt-4o").most(RECEIPT, 20)


def test_a_longer_prompt_costs_more() -> None:
    long = replace(RECEIPT, fields=tuple(replace(field, instruction="見" * 200) for field in RECEIPT.fields))
    teacher = asked("openai:gpt-4o")
    assert teacher.most(long, 1).input_tokens >= teacher.most(RECEIPT, 1).input_tokens + 3 * 4 * 200 * 3
