"""Anthropic's Message Batches (https://platform.claude.com/docs/en/build-with-claude/batch-processing).

A batch carries no words of ours but the ids of its requests, and those are told only with its results. So one that a
killed process handed in is found by time and number of requests, and proved by the ids of its first result.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anthropic
from pydantic_ai.models import Model

from extraction.engines.teacher.batching import EntryId, Found, Framing, Limits, NoResult, Outcome, Result, Status
from extraction.engines.teacher.lmm.batches.api import MOST_BYTES, encoded, translated

if TYPE_CHECKING:
    from anthropic.types.messages import MessageBatch

# How far the provider's clock may be behind.
SKEW = timedelta(minutes=5)
LISTED = 100
OUTCOMES = {
    "succeeded": Outcome.ANSWERED,
    "errored": Outcome.FAILED,
    "expired": Outcome.EXPIRED,
    "canceled": Outcome.CANCELLED,
}


class AnthropicBatches:
    limits = Limits(entries=10_000, bytes=MOST_BYTES, kept=timedelta(days=28))
    framing = Framing(b'{"requests":[\n', b",\n", b"\n]}\n", ".json")

    def entry(self, id: EntryId, body: str) -> bytes:
        return f'{{"custom_id":"{id}","params":{body}}}'.encode()

    async def send(self, model: Model[Any], file: Path, key: str, group: str) -> Status:
        rows = json.loads(file.read_bytes())["requests"]
        requests = [encoded(row["custom_id"], group, json.dumps(row["params"])) for row in rows]
        batch = await model.batch_create(requests)
        return Status(batch.id, ended=batch.status == "ended", expires=batch.created_at + timedelta(hours=24))

    async def find(
        self, model: Model[Any], key: str, since: datetime, entries: int, known: Collection[str]
    ) -> Found | None:
        possible = None
        with translated(anthropic, model.model_name):
            async for batch in _client(model).list(limit=LISTED):
                if batch.created_at < since - SKEW:
                    break
                if batch.id in known or _total(batch) != entries:
                    continue
                if batch.processing_status != "ended":
                    # The list begins with the newest: of several the one nearest to `since` stays.
                    possible = Found(_status(batch), certain=False)
                elif await self._first_key(model, batch.id) == key:
                    return Found(_status(batch), certain=True)
        return possible

    async def _first_key(self, model: Model[Any], id: str) -> str:
        async for row in await _client(model).results(id):
            first = EntryId.parse(row.custom_id)
            return first.key if first else ""
        return ""

    async def status(self, model: Model[Any], id: str) -> Status:
        with translated(anthropic, model.model_name):
            return _status(await _client(model).retrieve(id))

    async def cancel(self, model: Model[Any], id: str) -> None:
        with translated(anthropic, model.model_name):
            batch = await _client(model).retrieve(id)
            if batch.processing_status == "in_progress":
                await _client(model).cancel(id)

    async def download(self, model: Model[Any], id: str, file: Path) -> None:
        with translated(anthropic, model.model_name), file.open("w", encoding="utf-8") as out:
            async for row in await _client(model).results(id):
                out.write(row.to_json(indent=None) + "\n")

    async def forget(self, model: Model[Any], id: str) -> None:
        """Requests and results are deleted together: they stay for the time that the provider keeps them."""

    def result(self, line: str) -> Result:
        try:
            row = json.loads(line)
            id, result = row["custom_id"], row["result"]
            return Result(str(id), OUTCOMES[result["type"]], json.dumps(result))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise NoResult from None


def _client(model: Model[Any]) -> anthropic.resources.messages.AsyncBatches:
    client: anthropic.AsyncAnthropic = model.client  # type: ignore[attr-defined]
    return client.messages.batches


def _total(batch: MessageBatch) -> int:
    counts = batch.request_counts
    return counts.processing + _done(batch)


def _done(batch: MessageBatch) -> int:
    counts = batch.request_counts
    return counts.succeeded + counts.errored + counts.canceled + counts.expired


def _status(batch: MessageBatch) -> Status:
    return Status(batch.id, batch.processing_status == "ended", _done(batch), batch.expires_at)
