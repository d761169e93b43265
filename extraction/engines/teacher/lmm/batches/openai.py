"""OpenAI's Batch API for Responses (https://platform.openai.com/docs/guides/batch).

A batch carries the key among its metadata, by which it is found again.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import openai
from pydantic_ai.models import Model

from extraction.engines.teacher.batching import EntryId, Found, Framing, Limits, NoResult, Outcome, Result, Status
from extraction.engines.teacher.lmm.batches.api import MOST_BYTES, translated

if TYPE_CHECKING:
    from openai.types import Batch

ENDPOINT: Literal["/v1/responses"] = "/v1/responses"
KEY = "kdweb"
# How far the provider's clock may be behind.
SKEW = timedelta(minutes=5)
LISTED = 100
ENDED = {
    "completed": Outcome.MISSING,
    "failed": Outcome.FAILED,
    "expired": Outcome.EXPIRED,
    "cancelled": Outcome.CANCELLED,
}
UNANSWERED = {"batch_expired": Outcome.EXPIRED, "batch_cancelled": Outcome.CANCELLED}


class OpenAiBatches:
    limits = Limits(entries=10_000, bytes=MOST_BYTES, kept=timedelta(days=29))
    framing = Framing(b"", b"\n", b"\n", ".jsonl")

    def entry(self, id: EntryId, body: str) -> bytes:
        return f'{{"custom_id":"{id}","method":"POST","url":"{ENDPOINT}","body":{body}}}'.encode()

    async def send(self, model: Model[Any], file: Path, key: str, group: str) -> Status:
        client = _client(model).with_options(max_retries=0)
        with translated(openai, model.model_name), file.open("rb") as requests:
            uploaded = await client.files.create(file=(f"{KEY}-{key}.jsonl", requests), purpose="batch")
            batch = await client.batches.create(
                input_file_id=uploaded.id, endpoint=ENDPOINT, completion_window="24h", metadata={KEY: key}
            )
        return _status(batch)

    async def find(
        self, model: Model[Any], key: str, since: datetime, entries: int, known: Collection[str]
    ) -> Found | None:
        with translated(openai, model.model_name):
            async for batch in _client(model).batches.list(limit=LISTED):
                if _time(batch.created_at) < since - SKEW:
                    break
                if (batch.metadata or {}).get(KEY) == key:
                    return Found(_status(batch), certain=True)
        return None

    async def status(self, model: Model[Any], id: str) -> Status:
        with translated(openai, model.model_name):
            return _status(await _client(model).batches.retrieve(id))

    async def cancel(self, model: Model[Any], id: str) -> None:
        with translated(openai, model.model_name):
            batch = await _client(model).batches.retrieve(id)
            if batch.status in ("validating", "in_progress"):
                await _client(model).batches.cancel(id)

    async def download(self, model: Model[Any], id: str, file: Path) -> None:
        client = _client(model)
        with translated(openai, model.model_name), file.open("wb") as out:
            batch = await client.batches.retrieve(id)
            for part in filter(None, (batch.output_file_id, batch.error_file_id)):
                async with client.files.with_streaming_response.content(part) as response:
                    async for chunk in response.iter_bytes():
                        out.write(chunk)
                out.write(b"\n")

    async def forget(self, model: Model[Any], id: str) -> None:
        """The pictures of documents need not lie there for the thirty days that the provider keeps files."""
        client = _client(model)
        with suppress(openai.APIError):
            batch = await client.batches.retrieve(id)
            await client.files.delete(batch.input_file_id)

    def result(self, line: str) -> Result:
        try:
            row = json.loads(line)
            id, response, error = str(row["custom_id"]), row.get("response"), row.get("error")
            if response is None and error is not None:
                outcome = UNANSWERED.get(str(error.get("code")), Outcome.FAILED)
                return Result(id, outcome, json.dumps({"status_code": 500, "body": {"error": error}}))
            status, body = int(response["status_code"]), response["body"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise NoResult from None
        if 200 <= status < 300:
            return Result(id, Outcome.ANSWERED, json.dumps(body))
        return Result(id, Outcome.FAILED, json.dumps({"status_code": status, "body": body}))


def _client(model: Model[Any]) -> openai.AsyncOpenAI:
    client: openai.AsyncOpenAI = model.client  # type: ignore[attr-defined]
    return client


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _status(batch: Batch) -> Status:
    counts, errors = batch.request_counts, batch.errors
    words = [error.message for error in (errors.data if errors else None) or () if error.message]
    return Status(
        batch.id,
        batch.status in ENDED,
        counts.completed + counts.failed if counts else 0,
        _time(batch.expires_at) if batch.expires_at else None,
        ENDED.get(batch.status, Outcome.MISSING),
        words[0] if words else "",
    )
