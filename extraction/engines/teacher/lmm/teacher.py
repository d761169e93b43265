"""Teachers that are large multimodal models, through pydantic-ai."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
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
from extraction.engines.teacher.lmm import accounts, clients, errors, event_loop, prices, requests
from extraction.engines.teacher.lmm.accounts import Account
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

TOO_DEAR = gettext_noop("One more answer of {name} could cost more than there is for the document.")
NO_HINT_REFUSED = gettext_noop("{name} wrote no hint. It refused: {reason}")
NO_HINT = gettext_noop("{name} found nothing that these corrections have in common.")


@dataclass(frozen=True, slots=True)
class _Parsed(Generic[T]):
    """An answer after parsing; `value` is `None` for a `refusal`, and where none of `attempts` could be parsed, the
    last one perhaps because it was `cut` off."""

    value: T | None
    usage: Usage
    raw: str
    attempts: int
    refusal: str | None = None
    cut: bool = False


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

    def most(self, schema: Schema, pages: int) -> Usage:
        each = self._each(schema, pages)
        outgoing, usd = each.output_tokens * accounts.REQUESTS, each.usd * accounts.REQUESTS
        return Usage(each.input_tokens * accounts.REQUESTS, outgoing, usd, each.priced)

    def _each(self, schema: Schema, pages: int) -> Usage:
        """A request about so many pages at most."""
        shown = min(pages, self._served_by.pages)
        needed = accounts.listing(shown) if self._lists else accounts.fields(schema, shown)
        answer = accounts.output_tokens(needed, self._served_by, self._access, self._model.profile)
        return prices.most(self._served_by, self._model_name, self._access, self.prompt(schema), shown, answer)

    def label(self, reading: Reading, schema: Schema, limit: Decimal | None = None) -> Reply:
        """Answers for every field, of a listing for those that it tells. Raises `Unreachable` and `Rejected`."""
        pictures = requests.pictures(self._served_by, reading)
        return event_loop.run(self._label(schema, pictures, len(reading.images), self._account(schema, reading, limit)))

    def _account(self, schema: Schema, reading: Reading, limit: Decimal | None) -> Account:
        """What costs nothing, on this machine, is not limited either."""
        each = None if limit is None else self._each(schema, len(reading.images))
        return Account(each, limit) if each and (each.priced or self.outside) else Account()

    async def _label(self, schema: Schema, pictures: Sequence[Picture], pages: int, account: Account) -> Reply:
        prompt = self.prompt(schema)
        content = requests.content(self._served_by, prompt, pictures, pages)
        parsed = await self._parsed(prompt, content, partial(self._read, schema), account)
        answers, complete = parsed.value or {}, len(pictures) == pages
        return Reply(
            answers if complete else requests.unsure_where_missing(answers),
            parsed.usage,
            refusal=parsed.refusal,
            malformed=parsed.value is None and parsed.refusal is None,
            raw=parsed.raw,
            attempts=parsed.attempts,
            cut=parsed.cut,
        )

    def suggest_fields(self, readings: Sequence[Reading]) -> Suggestion:
        """From the first pages of the documents. Raises `Unreachable`, also for a refusal, and `Rejected`."""
        pictures = [requests.pictures(self._served_by, reading)[0] for reading in readings][: self._served_by.pages]
        prompt = field_suggestion.prompt()
        content = requests.content(self._served_by, prompt, pictures, len(pictures))
        parsed = event_loop.run(self._parsed(prompt, content, field_suggestion.read, Account()))
        if parsed.value is None:
            sentence = REFUSED if parsed.refusal else NOT_UNDERSTOOD
            raise Unreachable(sentence.format(name=self.name, reason=parsed.refusal), parsed.usage)
        return Suggestion(parsed.value.document, parsed.value.fields, parsed.usage)

    def write_hint(self, request: HintRequest) -> HintReply:
        """From corrections alone, without pictures. Raises `Unreachable`, also for a refusal, and `Rejected`."""
        prompt = hint_writing.prompt(request)
        parsed = event_loop.run(self._parsed(prompt, [prompt.request], hint_writing.read, Account()))
        if not parsed.value:
            sentence = NO_HINT if parsed.refusal is None else NO_HINT_REFUSED
            raise Unreachable(sentence.format(name=self.name, reason=parsed.refusal), parsed.usage)
        return HintReply(parsed.value, parsed.usage)

    def estimate_hint(self, request: HintRequest) -> Usage:
        prompt = hint_writing.prompt(request)
        return prices.of_text(self._served_by, self._model_name, self._access, prompt, hint_writing.LONGEST)

    async def _parsed(
        self, prompt: Prompt, content: Sequence[UserContent], parse: Callable[[str], T], account: Account
    ) -> _Parsed[T]:
        """Requests answers until one can be parsed; each further request names the problem of the answer before.

        An answer that the account's limit cut off is not asked for again: it would be cut again.
        """
        raw, asked, attempt, cut = "", content, 0, False
        while attempt < self._retry_policy.max_answers and (not attempt or account.affords):
            response = await self._respond(prompt, asked, account)
            attempt, raw, cut = attempt + 1, requests.text(response), response.finish_reason == "length"
            if not cut and (reason := errors.refusal(response, raw)):
                return _Parsed(None, account.usage, raw, attempt, reason)
            try:
                return _Parsed(requests.whole(response, parse), account.usage, raw, attempt)
            except Malformed as problem:
                asked = [*content, _correction(problem)]
            if cut and account.output_tokens is not None:
                break
        return _Parsed(None, account.usage, raw, attempt, cut=cut)

    async def _respond(self, prompt: Prompt, content: Sequence[UserContent], account: Account) -> ModelResponse:
        """One answer, after retries, that the account has paid for. Raises `Unreachable` and `Rejected`."""
        failures, limits, limited_since = 0, 0, 0.0
        problem = TOO_DEAR.format(name=self.name)
        while account.affords:
            await self._gate.wait()
            outcome = await self._try(prompt, content, account.output_tokens)
            if isinstance(outcome, ModelResponse):
                account.pay(self._paid(outcome))
                return outcome
            problem = self._describe(outcome)
            if errors.may_be_charged(outcome):
                account.lose()
            if errors.is_permanent(outcome):
                raise Rejected(problem, account.usage)
            if errors.is_rate_limit(outcome):
                limits, limited_since = limits + 1, limited_since or time.monotonic()
                self._close_gate(outcome, limits, limited_since, account.usage)
                continue
            failures += 1
            if failures == self._retry_policy.max_tries or not errors.is_transient(outcome):
                break
            if account.affords:
                await asyncio.sleep(self._retry_policy.wait(failures))
        raise Unreachable(problem, account.usage)

    def _paid(self, response: ModelResponse) -> Usage:
        """By the rate of an own server, else the list's price of the model that answered, else of the one that was
        asked."""
        paid = prices.paid(response)
        if paid.priced and self._access.rate is None:
            return paid
        return prices.priced(self._served_by, self._model_name, self._access, paid.input_tokens, paid.output_tokens)

    async def _try(
        self, prompt: Prompt, content: Sequence[UserContent], tokens: int | None
    ) -> ModelResponse | Exception:
        """The answer or the error; returned, not raised, so that no error is chained to one that holds keys.

        Clients raise more than pydantic-ai translates (Amazon's, where it finds no key), and none of it may end a run.
        """
        try:
            return await model_request(
                self._model,
                [requests.message(prompt, content)],
                model_settings=clients.limited(self._settings, tokens),
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


def _correction(problem: Malformed) -> str:
    return f"An earlier answer to this could not be used: {problem}. Answer with the JSON object alone, in full."
