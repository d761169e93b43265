"""Batches of a model: requests and answers are those of single requests, written and read by pydantic-ai."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic_ai import exceptions
from pydantic_ai.messages import InstructionPart, UserContent
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.batch import BatchRequest
from pydantic_ai.settings import ModelSettings

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.engines.teacher.batching import Entry, EntryId, Found, Outcome, Result, Status
from extraction.engines.teacher.lmm import clients, errors, event_loop, prices, requests
from extraction.engines.teacher.lmm.batches.api import BatchApi, batch_result
from extraction.engines.teacher.lmm.providers import Provider
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.prompting.response_parsing import Malformed
from extraction.engines.teacher.protocol import Answer, Reading, Rejected, Reply, Unreachable

T = TypeVar("T")

UNANSWERED = {
    Outcome.EXPIRED: gettext_noop("The batch expired before the model was asked."),
    Outcome.CANCELLED: gettext_noop("The batch was cancelled before the model was asked."),
}
NOT_FOUND = 404
# Settings of one connection, which a batch has no use for.
OF_CONNECTIONS = ("timeout", "request_timeout", "max_retries")


class LmmBatches:
    """`prompt` makes the prompt for a schema, `read` the answers of a text that it brought (raises `Malformed`);
    `describe` puts an error into a sentence that holds no secret."""

    price = prices.BATCH

    def __init__(
        self,
        api: BatchApi,
        model: Model[Any],
        provider: Provider,
        settings: ModelSettings,
        prompt: Callable[[Schema], Prompt],
        read: Callable[[Schema, str], Mapping[str, Answer]],
        describe: Callable[[Exception], str],
    ) -> None:
        self.limits, self.framing = api.limits, api.framing
        self._api, self._model, self._provider = api, model, provider
        self._settings = cast(
            ModelSettings, {name: value for name, value in settings.items() if name not in OF_CONNECTIONS}
        )
        self._prompt, self._read, self._describe = prompt, read, describe

    def entry(self, id: EntryId, reading: Reading, schema: Schema) -> Entry:
        shown = requests.pictures(self._provider, reading)
        parts = requests.content(self._provider, self._prompt(schema), shown, len(reading.images))
        encoded = self._ask(self._model.batch_encode(self._request(str(id), parts, schema)))
        return Entry(self._api.entry(id, encoded.body), whole=len(shown) == len(reading.images))

    def send(self, file: Path, key: str, schema: Schema) -> Status:
        group = self._ask(self._model.batch_encode(self._request(key, [""], schema))).group
        return self._ask(self._api.send(self._model, file, key, group))

    def find(self, key: str, since: datetime, entries: int, known: Collection[str]) -> Found | None:
        return self._ask(self._api.find(self._model, key, since, entries, known))

    def status(self, id: str) -> Status | None:
        return self._ask(self._known(id))

    async def _known(self, id: str) -> Status | None:
        try:
            return await self._api.status(self._model, id)
        except exceptions.ModelHTTPError as error:
            if error.status_code == NOT_FOUND:
                return None
            raise

    def cancel(self, id: str) -> None:
        self._ask(self._api.cancel(self._model, id))

    def download(self, id: str, file: Path) -> None:
        self._ask(self._api.download(self._model, id, file))

    def forget(self, id: str) -> None:
        self._ask(self._api.forget(self._model, id))

    def result(self, line: str) -> Result:
        return self._api.result(line)

    def reply(self, result: Result, schema: Schema, *, whole: bool) -> Reply:
        if problem := UNANSWERED.get(result.outcome):
            raise Unreachable(problem)
        try:
            response = self._model.batch_decode(batch_result(result), self._request(result.id, [""], schema))
        except Exception as error:
            # Also what a client raises for a body of another form, which may come from a person's file.
            raise Unreachable(self._describe(error)) from None
        usage, raw = prices.paid(response, batch=True), requests.text(response)
        cut = response.finish_reason == "length"
        if not cut and (reason := errors.refusal(response, raw)):
            return Reply({}, usage, refusal=reason, raw=raw)
        try:
            answers = requests.whole(response, partial(self._read, schema))
        except Malformed:
            return Reply({}, usage, malformed=True, raw=raw, cut=cut)
        return Reply(answers if whole else requests.unsure_where_missing(answers), usage, raw=raw)

    def _request(self, id: str, parts: list[UserContent], schema: Schema) -> BatchRequest:
        prompt = self._prompt(schema)
        parameters: ModelRequestParameters = replace(
            clients.parameters_of(self._model, prompt.json_schema),
            instruction_parts=[InstructionPart(content=prompt.instructions)],
        )
        return BatchRequest(
            custom_id=id,
            messages=[requests.message(prompt, parts)],
            model_settings=self._settings,
            model_request_parameters=parameters,
        )

    def _ask(self, work: Coroutine[Any, Any, T]) -> T:
        """Raises `Unreachable` and `Rejected`, not chained to the client's error, which may hold keys."""
        try:
            return event_loop.run(work)
        except OSError:
            raise  # of the file
        except Exception as error:
            known = isinstance(error, errors.Known)
            refused = errors.is_permanent(error) or (known and not errors.is_transient(error))
            problem = (Rejected if refused else Unreachable)(self._describe(error))
        raise problem
