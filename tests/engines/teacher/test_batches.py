"""Batches of a model, over real HTTP: entries, results and errors, of every provider that takes batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extraction.engines.teacher import registry
from extraction.engines.teacher.batching import Batches, EntryId, NoResult, Outcome, Result, batches_of
from extraction.engines.teacher.protocol import Rejected, Unreachable
from tests.engines.teacher.lmm_teachers import document, lmm
from tests.support.builders import RECEIPT
from tests.support.providers import KEY, Provider

WAYS = {"anthropic at once": "anthropic", "anthropic streamed": "anthropic", "responses": "openai"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as held:
        yield held


def of(way: str, provider: Provider) -> Batches:
    batches = batches_of(lmm(way, provider.url))
    assert batches is not None
    return batches


def handed_in(batches: Batches, folder: Path, number: int = 2) -> Path:
    path, framing = folder / "requests", batches.framing
    entries = [
        batches.entry(EntryId("kdtest", place), document(folder, name=f"d{place}"), RECEIPT).data
        for place in range(1, number + 1)
    ]
    path.write_bytes(framing.head + framing.between.join(entries) + framing.tail)
    return path


@pytest.mark.parametrize("way", WAYS)
def test_a_batch_is_handed_in_found_and_answered(way: str, provider: Provider, tmp_path: Path) -> None:
    batches, since = of(way, provider), datetime.now(UTC)
    provider.batches.ready.clear()
    handed = batches.send(handed_in(batches, tmp_path), "kdtest", RECEIPT)
    assert not handed.ended
    found = batches.find("kdtest", since, 2, ())
    assert found is not None
    assert (found.status.id, found.certain) == (handed.id, WAYS[way] == "openai")
    assert batches.find("kdother", since, 3, ()) is None
    assert batches.find("kdother", since, 2, {handed.id}) is None
    provider.batches.ready.set()
    status = batches.status(handed.id)
    assert status is not None
    assert (status.ended, status.done) == (True, 2)
    batches.download(handed.id, tmp_path / "results")
    results = [batches.result(line) for line in (tmp_path / "results").read_text().split("\n") if line]
    assert [EntryId.parse(result.id) for result in results] == [EntryId("kdtest", 1), EntryId("kdtest", 2)]
    reply = batches.reply(results[0], RECEIPT, whole=True)
    assert set(reply.answers) == set(RECEIPT.names)
    assert (reply.usage.input_tokens, reply.usage.output_tokens, reply.attempts) == (1000, 100, 1)


@pytest.mark.parametrize("way", ["anthropic streamed", "responses"])
def test_an_answer_costs_half(way: str, provider: Provider, tmp_path: Path) -> None:
    batches, teacher = of(way, provider), lmm(way, provider.url)
    once = teacher.label(document(tmp_path, name="d1"), RECEIPT)
    handed = batches.send(handed_in(batches, tmp_path), "kdtest", RECEIPT)
    batches.download(handed.id, tmp_path / "results")
    line = (tmp_path / "results").read_text().splitlines()[0]
    assert batches.reply(batches.result(line), RECEIPT, whole=True).usage.usd == once.usage.usd / 2 > 0


@pytest.mark.parametrize("way", WAYS)
def test_what_is_no_result_is_said_to_be_none(way: str, provider: Provider) -> None:
    batches = of(way, provider)
    for line in ("", "[]", "3", "{}", '{"custom_id": "a-1"}', '{"custom_id": "a-1", "result": 3}', "[" * 10_000):
        with pytest.raises(NoResult):
            batches.result(line)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", ["{}", "[]", '{"message": {}}', '{"output": [{"type": "message"}]}', "nonsense", ""])
def test_a_garbled_answer_is_one_sentence(way: str, provider: Provider, body: str) -> None:
    batches = of(way, provider)
    reply = None
    with suppress(Unreachable):
        reply = batches.reply(Result("kdtest-1", Outcome.ANSWERED, body), RECEIPT, whole=True)
    assert reply is None or reply.malformed or reply.refusal


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("status", "error"), [(401, Rejected), (400, Rejected), (500, Unreachable), (429, Unreachable)]
)
def test_errors_are_one_sentence_without_the_key(
    way: str, provider: Provider, tmp_path: Path, status: int, error: type[Exception]
) -> None:
    batches = of(way, provider)
    provider.batches.refuse = status
    with pytest.raises(error) as caught:
        batches.send(handed_in(batches, tmp_path), "kdtest", RECEIPT)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert batches.status("batch_77") is None


@pytest.mark.parametrize("way", ["google", "chat completions", "bedrock at once"])
def test_others_take_no_batches(way: str, provider: Provider) -> None:
    assert batches_of(lmm(way, provider.url)) is None


def test_the_requests_are_deleted_where_the_provider_keeps_them(provider: Provider, tmp_path: Path) -> None:
    batches = of("responses", provider)
    batches.forget(batches.send(handed_in(batches, tmp_path), "kdtest", RECEIPT).id)
    assert provider.batches.deleted == ["file-1"]


@pytest.mark.parametrize("name", ["anthropic:claude-sonnet-4-5", "openai:gpt-5-mini"])
def test_files_need_no_key(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(registry.UnknownTeacher, match="need the variable"):
        registry.teacher(name)
    batches: Any = batches_of(registry.for_files(name))
    assert b"kdtest-1" in batches.entry(EntryId("kdtest", 1), document(tmp_path), RECEIPT).data
