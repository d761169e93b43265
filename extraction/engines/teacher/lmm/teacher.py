"""Teachers that are large multimodal models, through pydantic-ai."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from pydantic_ai.direct import model_request
from pydantic_ai.messages import ModelResponse, UserContent

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.engines.teacher.hints import HintReply, HintRequest
from extraction.engines.teacher.listing import mapping
from extraction.engines.teacher.listing import prompt as listing
from extraction.engines.teacher.lmm import clients, errors, event_loop, prices, requests
from extraction.engines.teacher.lmm.batches import registry as batch_registry
from extraction.engines.teacher.lmm.batches.batches import LmmBatches
from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.pictures import Picture
from extraction.engines.teacher.lmm.providers import Provider
from extraction.engines.teacher.lmm.retries import RateLimitGate, RetryPolicy
from extraction.engines.teacher.prompting import field_suggestion, hint_writing
from extraction.engines.teacher.prompting.methods import Method, named
from extraction.engines.teacher.prompting.prompts import Parts, Prompt, build
from extraction.engines.teacher.prompting.response_parsing import Malformed, read
from extraction.engines.teacher.protocol import Reading, Rejected, Reply, Unreachable, Usage
from extraction.engines.teacher.suggestion import Suggestion

T = TypeVar("T")

# Also as a sentence begins with it.
SERVERS = (gettext_noop("the server at {host}"), gettext_noop("The server at {host}"))
REFUSED = gettext_noop("{name} suggests no fields. It refused: {reason}")
NOT_UNDERSTOOD = gettext_noop("{name} suggests no fields. Its answers could not be understood.")

NO_HINT_REFUSED = gettext_noop("{name} wrote no hint. It refused: {reason}")
NO_HINT = gettext_noop("{name} found nothing that these corrections have in common.")


@dataclass(frozen=True, slots=True)
class _Parsed(Generic[T]):
    """An answer after parsing; `value` is `None` for a `refusal`, and where none of `attempts` could be parsed."""

    value: T | None
    usage: Usage
    raw: str
    attempts: int
    refusal: str | None = None


class Lmm:
    """A model of a provider, asked by a method. `timeout` is in seconds, for one answer. Safe to use from several
    threads."""

    def __init__(
        self,
        provider: Provider,
        model: str,
        access: Access,
        *,
        parts: Parts = Parts(),  # noqa: B008 (frozen)
        method: Method = Method.FILL,
        concurrency: int = 4,
        timeout: float = 120,
        retry_policy: RetryPolicy = RetryPolicy(),  # noqa: B008 (frozen)
    ) -> None:
        self.name = named(f"{provider.name}:{model}", method)
        self.outside = not access.local
        host = urlsplit(access.base_url).hostname
        self.provider = SERVERS[0].format(host=host) if host else provider.title
        self.provider_id = f"{provider.name}@{host}" if host else provider.name
        self.concurrency = concurrency
        self._served_by, self._model_name, self._access = provider, model, access
        self._lists = method is Method.LIST
        self._read = mapping.read if self._lists else read
        self._parts, self._timeout, self._retry_policy = parts, timeout, retry_policy
        http = clients.http(access, timeout)
        self._model = clients.model_of(provider, model, access, timeout, http)
        self._settings = clients.settings_of(provider, access, timeout)
        self._gate = RateLimitGate()
        weakref.finalize(self, event_loop.close, http).atexit = False

    def __repr__(self) -> str:
        return f"<Lmm {self.name}>"

    @cached_property
    def batches(self) -> LmmBatches | None:
        """Batches of the model; `None` where its server takes none."""
        api = batch_registry.find(self._served_by.name)
        if api is None or self._model.batch_max_requests is None:
            return None
        return LmmBatches(api, self._model, self._served_by, self._settings, self.prompt, self._read, self._describe)

    def prompt(self, schema: Schema) -> Prompt:
        return listing.prompt(schema) if self._lists else build(schema, self._parts)

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        shown = documents if pages is None else min(pages, documents * self._served_by.pages)
        answer = prices.TOKENS_A_LISTING if self._lists else prices.tokens(schema)
        return prices.estimate(
            self._served_by, self._model_name, self._access, self.prompt(schema), answer, documents, shown
        )

    def label(self, reading: Reading, schema: Schema) -> Reply:
        """Answers for every field, of a listing for those that it tells. Raises `Unreachable` and `Rejected`."""
        pictures = requests.pictures(self._served_by, reading)
        return event_loop.run(self._label(schema, pictures, len(reading.images)))

    async def _label(self, schema: Schema, pictures: Sequence[Picture], pages: int) -> Reply:
        prompt = self.prompt(schema)
        content = requests.content(self._served_by, prompt, pictures, pages)
        parsed = await self._parsed(prompt, content, partial(self._read, schema))
        answers, complete = parsed.value or {}, len(pictures) == pages
        return Reply(
            answers if complete else requests.unsure_where_missing(answers),
            parsed.usage,
            refusal=parsed.refusal,
            malformed=parsed.value is None and parsed.refusal is None,
            raw=parsed.raw,
            attempts=parsed.attempts,
        )

    def suggest_fields(self, readings: Sequence[Reading]) -> Suggestion:
        """From the first pages of the documents. Raises `Unreachable`, also for a refusal, and `Rejected`."""
        pictures = [requests.pictures(self._served_by, reading)[0] for reading in readings][: self._served_by.pages]
        prompt = field_suggestion.prompt()
        content = requests.content(self._served_by, prompt, pictures, len(pictures))
        parsed = event_loop.run(self._parsed(prompt, content, field_suggestion.read))
        if parsed.value is None:
            sentence = REFUSED if parsed.refusal else NOT_UNDERSTOOD
            raise Unreachable(sentence.format(name=self.name, reason=parsed.refusal), parsed.usage)
        return Suggestion(parsed.value.document, parsed.value.fields, parsed.usage)

    def write_hint(self, request: HintRequest) -> HintReply:
        """From corrections alone, without pictures. Raises `Unreachable`, also for a refusal, and `Rejected`."""
        prompt = hint_writing.prompt(request)
        parsed = event_loop.run(self._parsed(prompt, [prompt.request], hint_writing.read))
        if not parsed.value:
            sentence = NO_HINT if parsed.refusal is None else NO_HINT_REFUSED
            raise Unreachable(sentence.format(name=self.name, reason=parsed.refusal), parsed.usage)
        return HintReply(parsed.value, parsed.usage)

    def estimate_hint(self, request: HintRequest) -> Usage:
        prompt = hint_writing.prompt(request)
        return prices.of_text(self._served_by, self._model_name, self._access, prompt, hint_writing.LONGEST)

    async def _parsed(self, prompt: Prompt, content: Sequence[UserContent], parse: Callable[[str], T]) -> _Parsed[T]:
        """Requests answers until one can be parsed; each further request names the problem of the answer before."""
        usage, raw, asked = Usage(), "", content
        for attempt in range(1, self._retry_policy.max_answers + 1):
            response = await self._respond(prompt, asked, usage)
            usage, raw = usage + prices.paid(response), requests.text(response)
            if reason := errors.refusal(response, raw):
                return _Parsed(None, usage, raw, attempt, reason)
            try:
                return _Parsed(parse(raw), usage, raw, attempt)
            except Malformed as problem:
                asked = [*content, _correction(response, problem)]
        return _Parsed(None, usage, raw, self._retry_policy.max_answers)

    async def _respond(self, prompt: Prompt, content: Sequence[UserContent], usage: Usage) -> ModelResponse:
        """One answer, after retries. `usage` has been paid before. Raises `Unreachable` and `Rejected`."""
        failures, limits, limited_since = 0, 0, 0.0
        while True:
            await self._gate.wait()
            outcome = await self._try(prompt, content)
            if isinstance(outcome, ModelResponse):
                return outcome
            if errors.is_permanent(outcome):
                raise Rejected(self._describe(outcome), usage)
            if errors.is_rate_limit(outcome):
                limits, limited_since = limits + 1, limited_since or time.monotonic()
                self._close_gate(outcome, limits, limited_since, usage)
                continue
            failures += 1
            if failures == self._retry_policy.max_tries or not errors.is_transient(outcome):
                raise Unreachable(self._describe(outcome), usage)
            await asyncio.sleep(self._retry_policy.wait(failures))

    async def _try(self, prompt: Prompt, content: Sequence[UserContent]) -> ModelResponse | Exception:
        """The answer or the error; returned, not raised, so that no error is chained to one that holds keys.

        Clients raise more than pydantic-ai translates (Amazon's, where it finds no key), and none of it may end a run.
        """
        try:
            return await model_request(
                self._model,
                [requests.message(prompt, content)],
                model_settings=self._settings,
                model_request_parameters=clients.parameters_of(self._model, prompt.json_schema),
                instrument=False,
            )
        except Exception as error:
            return error

    def _close_gate(self, error: Exception, times: int, since: float, usage: Usage) -> None:
        """All callers wait as long as the provider asks. Raises `Unreachable` where that exceeds `max_limited`."""
        delay = getattr(error, "retry_after", None)
        wait = self._retry_policy.wait(times) if delay is None else delay
        if time.monotonic() + wait - since > self._retry_policy.max_limited:
            raise Unreachable(self._describe(error), usage)
        self._gate.close(wait)

    def _describe(self, error: Exception) -> str:
        return errors.describe(error, self.provider, self._model_name, self._timeout, self._access.secrets)


def _correction(response: ModelResponse, problem: Malformed) -> str:
    reason = "it was cut off" if response.finish_reason == "length" else str(problem)
    return f"An earlier answer to this could not be used: {reason}. Answer with the JSON object alone, in full."
