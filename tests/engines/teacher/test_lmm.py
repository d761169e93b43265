"""Teachers that ask over HTTP, in every wire format, a provider that answers well, badly or not at all."""

import json
import logging
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extraction.domain.fields import Schema
from extraction.engines.teacher.lmm.retries import RateLimitGate, RetryPolicy
from extraction.engines.teacher.prompting.prompts import Parts
from extraction.engines.teacher.protocol import Answer, Rejected, Unreachable
from tests.engines.teacher.lmm_teachers import FAST_RETRIES, WAYS, document, lmm
from tests.engines.teacher.response_forms import FORMS
from tests.support.builders import RECEIPT
from tests.support.providers import KEY, Fault, Provider

TRUTH = {"company": "BEAN THERE", "date": ("25/12/2018", True), "address": None, "total_amount": "3.30"}
every_way = pytest.mark.parametrize("way", WAYS)


def good() -> Provider:
    return Provider(truth=lambda request: TRUTH)


@every_way
def test_answers_come_back_under_the_projects_own_names(way: str, tmp_path: Path) -> None:
    with good() as provider:
        reply = lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert not provider.complaints
    assert reply.answers == {
        "company": Answer("BEAN THERE", "printed: BEAN THERE"),
        "date": Answer("25/12/2018", "printed: 25/12/2018", unsure=True),
        "address": Answer(None),
        "total": Answer("3.30", "printed: 3.30"),
    }
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (1000, 100)
    assert (reply.refusal, reply.malformed, reply.attempts) == (None, False, 1)
    assert json.loads(reply.raw)["total_amount"]["value"] == "3.30"


@every_way
def test_what_is_sent_is_the_prompt_that_is_shown_and_the_pictures(way: str, tmp_path: Path) -> None:
    reading = document(tmp_path)
    with good() as provider:
        teacher = lmm(way, provider.url, parts=Parts(role="You read receipts for a living."))
        teacher.label(reading, RECEIPT)
    prompt = teacher.prompt(RECEIPT)
    [request] = provider.requests
    assert request.system == prompt.instructions
    assert request.system.startswith("You read receipts for a living.")
    assert request.text == prompt.request
    assert [data for _, data in request.images] == [reading.images[0].read_bytes()]
    assert list(request.schema["properties"]) == list(prompt.json_schema["properties"])
    assert request.model == WAYS[way].model


def test_anthropic_is_streamed_where_answers_may_be_long(tmp_path: Path) -> None:
    with good() as provider:
        for way in ("anthropic streamed", "anthropic at once"):
            lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert [(request.stream, request.tool) for request in provider.requests] == [(True, ""), (False, "answer")]


@pytest.mark.parametrize("way", [way for way in WAYS if WAYS[way].provider != "bedrock"])
def test_what_stays_on_this_machine_passes_by_proxies(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with good() as provider:
        assert lmm(way, provider.url).label(document(tmp_path), RECEIPT).answers


def test_openai_is_asked_to_keep_nothing(tmp_path: Path) -> None:
    with good() as provider:
        lmm("responses", provider.url).label(document(tmp_path), RECEIPT)
    assert provider.requests[0].body["store"] is False


# Every form in one wire format, and some in every one.
@pytest.mark.parametrize(
    ("way", "form"),
    [
        (way, form)
        for way in WAYS
        for form in FORMS
        if way == "chat completions" or form in ("flat", "number", "pairs", "prose")
    ],
)
def test_another_form_of_answer_is_paid_for_once(way: str, form: str, tmp_path: Path) -> None:
    with Provider(truth=lambda request: {**TRUTH, "date": None}, form=FORMS[form]) as provider:
        reply = lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    # The clients of these two parse the arguments of a tool, so that a number arrives without its last zero.
    total = "3.3" if form == "number" and way in ("anthropic at once", "bedrock at once") else "3.30"
    assert {name: answer.value for name, answer in reply.answers.items()} == {
        "company": "BEAN THERE",
        "date": None,
        "address": None,
        "total": total,
    }
    assert (len(provider.requests), reply.attempts, reply.malformed) == (1, 1, False)


@every_way
def test_a_malformed_answer_is_asked_for_again_and_both_are_paid(way: str, tmp_path: Path) -> None:
    with Provider(script=[Fault.MALFORMED]) as provider:
        reply = lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert len(reply.answers) == 4
    assert (reply.attempts, reply.usage.input_tokens, reply.usage.output_tokens) == (2, 2000, 200)
    first, second = provider.requests
    assert second.system == first.system
    assert second.text.startswith(first.text)
    assert "could not be used" in second.text.removeprefix(first.text)
    assert second.images == first.images


@every_way
def test_a_document_is_given_up_after_three_malformed_answers(way: str, tmp_path: Path) -> None:
    with Provider(script=[Fault.MALFORMED] * 9) as provider:
        reply = lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert reply.malformed
    assert reply.answers == {}
    assert reply.raw
    assert (reply.attempts, reply.usage.input_tokens, len(provider.requests)) == (3, 3000, 3)


@pytest.mark.parametrize("fault", [Fault.REFUSE, Fault.EXCUSE])
@every_way
def test_a_refusal_is_paid_told_and_not_argued_with(way: str, fault: Fault, tmp_path: Path) -> None:
    with Provider(script=[fault] * 9) as provider:
        reply = lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert reply.refusal
    assert reply.refusal.endswith(".")
    assert reply.answers == {}
    assert not reply.malformed
    assert (reply.usage.input_tokens, len(provider.requests)) == (1000, 1)


@pytest.mark.parametrize("fault", [Fault.LIMIT, Fault.ERROR, Fault.OVERLOADED, Fault.DROP])
@every_way
def test_what_passes_is_waited_out(way: str, fault: Fault, tmp_path: Path) -> None:
    with Provider(script=[fault, fault], retry_after=0.05) as provider:
        reply = lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert len(reply.answers) == 4
    assert reply.attempts == 1
    assert provider.outcomes == [fault, fault, "answered"]


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.STALL])
@every_way
def test_a_time_out_is_tried_again(way: str, fault: Fault, tmp_path: Path) -> None:
    patient = replace(FAST_RETRIES, max_tries=40)
    with Provider(script=[fault], hang=5) as provider:
        reply = lmm(way, provider.url, timeout=0.7, retry_policy=patient).label(document(tmp_path), RECEIPT)
        # Two, or more on a machine that is too busy to answer itself in time.
        assert len(provider.requests) > 1
    assert len(reply.answers) == 4


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.ERROR, "The server at 127.0.0.1 failed with status 500."),
        (Fault.DROP, "The connection to the server at 127.0.0.1 failed."),
        (Fault.OVERLOADED, "The server at 127.0.0.1 failed with status 5"),
    ],
)
@every_way
def test_what_lasts_fails_the_document_after_a_few_tries(way: str, fault: Fault, sentence: str, tmp_path: Path) -> None:
    with Provider(script=[fault] * 9) as provider, pytest.raises(Unreachable) as caught:
        lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    # To botocore, an answer that breaks off is one that cannot be read.
    if (way, fault) == ("bedrock at once", Fault.DROP):
        sentence = "The server at 127.0.0.1 sent something that is no answer"
    assert str(caught.value).startswith(sentence)
    assert len(provider.requests) == FAST_RETRIES.max_tries


def test_a_server_that_never_answers_fails_the_document(tmp_path: Path) -> None:
    with Provider(script=[Fault.HANG] * 9, hang=5) as provider:
        teacher = lmm(
            "chat completions", provider.url, timeout=0.3, retry_policy=RetryPolicy(max_tries=2, first_wait=0.01)
        )
        with pytest.raises(Unreachable, match=r"^The server at 127\.0\.0\.1 did not answer within 0\.3 seconds\.$"):
            teacher.label(document(tmp_path), RECEIPT)


def test_a_server_that_is_not_there_fails_the_document(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"^The connection to the server at 127\.0\.0\.1 failed\.$"):
        lmm("chat completions", "http://127.0.0.1:9").label(document(tmp_path), RECEIPT)


def test_what_was_paid_before_a_failure_is_told(tmp_path: Path) -> None:
    with Provider(script=[Fault.MALFORMED, *[Fault.ERROR] * 9]) as provider, pytest.raises(Unreachable) as caught:
        lmm("responses", provider.url).label(document(tmp_path), RECEIPT)
    assert caught.value.usage.input_tokens == 1000
    assert caught.value.usage.usd > 0


@every_way
def test_a_request_that_is_not_taken_fails_its_document_only(way: str, tmp_path: Path) -> None:
    with Provider(script=[Fault.REQUEST]) as provider:
        teacher = lmm(way, provider.url)
        with pytest.raises(Unreachable, match="does not take the request"):
            teacher.label(document(tmp_path), RECEIPT)
        assert teacher.label(document(tmp_path), RECEIPT).answers


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Fault.KEY, "does not accept the key"), (Fault.MODEL, "does not know the model"), (Fault.CREDIT, "no credit")],
)
@every_way
def test_what_no_document_can_pass_stops_at_once(way: str, fault: Fault, words: str, tmp_path: Path) -> None:
    with Provider(script=[fault] * 9) as provider, pytest.raises(Rejected, match=words):
        lmm(way, provider.url).label(document(tmp_path), RECEIPT)
    assert len(provider.requests) == 1


# Every error of the tests' provider repeats the key that it was sent.
@pytest.mark.parametrize("fault", [None, Fault.KEY, Fault.REQUEST, Fault.LIMIT, Fault.ERROR, Fault.MALFORMED])
@every_way
def test_the_key_is_sent_and_told_nobody(
    way: str, fault: Fault | None, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    failed: Exception | None = None
    with Provider(script=[fault] * 9 if fault else [], retry_after=60) as provider:
        teacher = lmm(way, provider.url)
        try:
            told = repr(teacher.label(document(tmp_path), RECEIPT))
        except (Unreachable, Rejected) as error:
            failed, told = error, "".join(traceback.format_exception(error)) + repr(error)
    assert failed is None or failed.__cause__ is failed.__context__ is None
    if WAYS[way].provider != "bedrock":
        assert {request.key for request in provider.requests} == {KEY}
    told += caplog.text + repr(teacher) + repr(vars(teacher)) + "".join(capfd.readouterr())
    assert KEY not in told
    assert KEY[:10] not in told


def test_a_rate_limit_holds_all_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held, close = threading.Event(), RateLimitGate.close

    def closed(gate: RateLimitGate, seconds: float) -> None:
        close(gate, seconds)
        held.set()

    monkeypatch.setattr(RateLimitGate, "close", closed)
    readings = [document(tmp_path, name=f"receipt {number}") for number in range(8)]
    with Provider(script=[Fault.LIMIT], retry_after=1, latency=0.05) as provider:
        teacher = lmm("chat completions", provider.url)
        with ThreadPoolExecutor(4) as callers:
            first = callers.submit(teacher.label, readings[0], RECEIPT)
            assert held.wait(60)
            others = [callers.submit(teacher.label, reading, RECEIPT) for reading in readings[1:]]
            replies = [future.result() for future in (first, *others)]
        limited, *rest = provider.times
    assert all(reply.answers for reply in replies)
    assert min(rest) - limited >= 1
    assert sorted(provider.answered.values()) == [1] * 8


def test_a_limit_beyond_patience_fails_the_document(tmp_path: Path) -> None:
    with Provider(script=[Fault.LIMIT], retry_after=600) as provider, pytest.raises(Unreachable, match="limits"):
        lmm("anthropic streamed", provider.url).label(document(tmp_path), RECEIPT)


@every_way
def test_several_threads_ask_at_once(way: str, tmp_path: Path) -> None:
    readings = [document(tmp_path, name=f"receipt {number}") for number in range(8)]
    with Provider(together=4) as provider:
        teacher = lmm(way, provider.url, concurrency=4, timeout=60)
        with ThreadPoolExecutor(teacher.concurrency) as callers:
            replies = list(callers.map(lambda reading: teacher.label(reading, RECEIPT), readings))
    assert provider.most_at_once == 4
    assert len({reply.answers["company"].value for reply in replies}) == 8
    assert set(provider.answered.values()) == {1}


@pytest.mark.slow
def test_faults_of_all_kinds_together_leave_no_document_behind(tmp_path: Path) -> None:
    readings = [document(tmp_path, name=f"receipt {number}") for number in range(40)]
    faults = dict.fromkeys((Fault.MALFORMED, Fault.LIMIT, Fault.HANG, Fault.DROP, Fault.ERROR), 0.05)
    with Provider(faults, retry_after=0.1, hang=20, latency=0.01, seed=3) as provider:
        teacher = lmm(
            "anthropic streamed", provider.url, timeout=6, retry_policy=RetryPolicy(first_wait=0.01, max_wait=0.1)
        )
        with ThreadPoolExecutor(8) as callers:
            replies = list(callers.map(lambda reading: teacher.label(reading, RECEIPT), readings))
    assert all(len(reply.answers) == 4 for reply in replies)
    assert set(provider.answered.values()) == {1}
    assert len(set(provider.outcomes)) > 3
    paid = sum(provider.paid.values())
    assert sum(reply.attempts for reply in replies) == paid
    assert sum(reply.usage.input_tokens for reply in replies) == paid * 1000


def test_a_known_model_costs_dollars_and_an_unknown_one_says_that_nobody_knows(tmp_path: Path) -> None:
    with good() as provider:
        known = lmm("anthropic streamed", provider.url).label(document(tmp_path), RECEIPT).usage
        unknown = lmm("chat completions", provider.url).label(document(tmp_path), RECEIPT).usage
    assert known.priced
    assert Decimal("0.001") < known.usd < Decimal("0.1")
    assert (unknown.usd, unknown.priced) == (Decimal(0), False)


def test_an_estimate_grows_with_documents_and_pages_and_is_priced_where_the_model_is_known() -> None:
    known, unknown = lmm("responses", "http://127.0.0.1:9"), lmm("chat completions", "http://127.0.0.1:9")
    ten, hundred, thick = known.estimate(RECEIPT, 10), known.estimate(RECEIPT, 100), known.estimate(RECEIPT, 10, 50)
    assert hundred.input_tokens == 10 * ten.input_tokens
    assert hundred.usd == 10 * ten.usd > 0
    assert thick.output_tokens == ten.output_tokens
    assert thick.input_tokens > 2 * ten.input_tokens
    # A prompt of about 700 tokens, a picture of about 1500.
    assert 1500 < ten.input_tokens / 10 < 4000
    assert unknown.estimate(RECEIPT, 10).usd == 0
    assert not unknown.estimate(RECEIPT, 10).priced
    assert known.estimate(RECEIPT, 1, 500) == known.estimate(RECEIPT, 1, 20)


def test_groups_and_choices_keep_to_the_form(tmp_path: Path) -> None:
    schema = Schema.from_json(
        {
            "name": "Invoices",
            "document": "invoice",
            "field": [
                {"name": "payment", "type": "choice", "options": ["cash", "card"]},
                {
                    "name": "items",
                    "type": "group",
                    "fields": [{"name": "desc"}, {"name": "kind", "type": "choice", "options": ["food", "drink"]}],
                },
                {"name": "copy"},
            ],
        }
    )
    rows = [{"description": "Tea", "kind": "drink"}, {"description": "Bun", "kind": None}]
    for way in WAYS:
        with Provider(truth=lambda request: {"payment": "card", "items": rows}) as provider:
            reply = lmm(way, provider.url).label(document(tmp_path), schema)
        assert reply.answers["payment"].value == "card"
        assert json.loads(reply.answers["items"].value or "") == [
            {"desc": "Tea", "kind": "drink"},
            {"desc": "Bun", "kind": None},
        ]
        assert reply.answers["copy"].value


def test_a_teacher_on_this_machine_is_not_outside() -> None:
    near, far = lmm("chat completions", "http://127.0.0.1:9"), lmm("chat completions", "https://api.example.org")
    assert (near.outside, near.name) == (False, "openai:qwen2.5-vl")
    assert (far.outside, far.provider) == (True, "the server at api.example.org")
    assert far.provider_id == "openai@api.example.org"


def _until(reached: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(3000):
        if reached():
            return
        waiting.wait(0.02)
    raise AssertionError("it did not come to this")
