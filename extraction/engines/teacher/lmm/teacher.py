"""Teachers that are large multimodal models, whoever serves them; pydantic-ai speaks with each in its own way."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from pydantic_ai.direct import model_request
from pydantic_ai.messages import BinaryContent, ModelRequest, ModelResponse, TextPart, ToolCallPart, UserContent
from pydantic_ai.messages import UserPromptPart as Question

from extraction.domain.fields import Schema
from extraction.engines.teacher.lmm import clients, event_loop, faults, prices
from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.pictures import Picture, fit
from extraction.engines.teacher.lmm.providers import Provider
from extraction.engines.teacher.lmm.retries import Pace, Patience
from extraction.engines.teacher.prompting.prompts import Parts, Prompt, build
from extraction.engines.teacher.prompting.response_parsing import Malformed, read
from extraction.engines.teacher.protocol import Answer, Reading, Rejected, Reply, Unreachable, Usage


class Lmm:
    """A model that sees. `timeout` is in seconds, for one answer. Safe to use from several threads."""

    def __init__(
        self,
        provider: Provider,
        model: str,
        access: Access,
        *,
        parts: Parts = Parts(),  # noqa: B008 (frozen)
        concurrency: int = 4,
        timeout: float = 120,
        patience: Patience = Patience(),  # noqa: B008 (frozen)
    ) -> None:
        self.name = f"{provider.name}:{model}"
        self.outside = not access.local
        host = urlsplit(access.base_url).hostname
        self.provider = f"the server at {host}" if host else provider.title
        self.provider_id = f"{provider.name}@{host}" if host else provider.name
        self.concurrency = concurrency
        self._served_by, self._model_name, self._access = provider, model, access
        self._parts, self._timeout, self._patience = parts, timeout, patience
        http = clients.http(access, timeout)
        self._model = clients.model_of(provider, model, access, timeout, http)
        self._settings = clients.settings_of(provider, access, timeout)
        self._pace = Pace()
        weakref.finalize(self, event_loop.close, http).atexit = False

    def __repr__(self) -> str:
        return f"<Lmm {self.name}>"

    def prompt(self, schema: Schema) -> Prompt:
        return build(schema, self._parts)

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        shown = documents if pages is None else min(pages, documents * self._served_by.pages)
        return prices.estimate(
            self._served_by, self._model_name, self._access, self.prompt(schema), schema, documents, shown
        )

    def label(self, reading: Reading, schema: Schema) -> Reply:
        """Answers for every field. Raises `Unreachable` and `Rejected`."""
        pictures = self._pictures(reading)
        return event_loop.run(self._label(schema, pictures, len(reading.images)))

    def _pictures(self, reading: Reading) -> list[Picture]:
        if not reading.images:
            raise Unreachable("The document has no pictures to show.")
        shown = reading.images[: self._served_by.pages]
        try:
            return [fit(path, self._served_by.side, self._served_by.bytes) for path in shown]
        except OSError:
            raise Unreachable("A page's picture is missing or damaged.") from None

    async def _label(self, schema: Schema, pictures: Sequence[Picture], pages: int) -> Reply:
        """Asks until an answer keeps the form; what is wrong with one is told with the next question."""
        prompt = self.prompt(schema)
        usage, raw, content = Usage(), "", _content(self._served_by, prompt, pictures, pages)
        unseen = pages - len(pictures)
        for attempt in range(1, self._patience.answers + 1):
            response = await self._ask(prompt, content, usage)
            usage, raw = usage + prices.paid(response), _text(response)
            if reason := faults.refusal(response, raw):
                return Reply({}, usage, refusal=reason, raw=raw, attempts=attempt, unseen=unseen)
            try:
                answers = _doubted(read(schema, raw)) if unseen else read(schema, raw)
                return Reply(answers, usage, raw=raw, attempts=attempt, unseen=unseen)
            except Malformed as problem:
                content = [*_content(self._served_by, prompt, pictures, pages), _correction(response, problem)]
        return Reply({}, usage, malformed=True, raw=raw, attempts=self._patience.answers, unseen=unseen)

    async def _ask(self, prompt: Prompt, content: Sequence[UserContent], usage: Usage) -> ModelResponse:
        """One answer, in spite of what goes wrong on the way. `usage` has been paid before."""
        failures, limits, limited_since = 0, 0, 0.0
        while True:
            await self._pace.wait()
            outcome = await self._try(prompt, content)
            if isinstance(outcome, ModelResponse):
                return outcome
            if faults.is_lasting(outcome):
                raise Rejected(self._told(outcome), usage)
            if faults.asks_to_wait(outcome):
                limits, limited_since = limits + 1, limited_since or time.monotonic()
                self._slow_down(outcome, limits, limited_since, usage)
                continue
            failures += 1
            if failures == self._patience.tries or not faults.is_passing(outcome):
                raise Unreachable(self._told(outcome), usage)
            await asyncio.sleep(self._patience.wait(failures))

    async def _try(self, prompt: Prompt, content: Sequence[UserContent]) -> ModelResponse | Exception:
        """The answer, or what went wrong; returned, not raised, so that no error is chained to one that holds keys.

        Clients raise more than pydantic-ai translates (Amazon's, where it finds no key), and none of it may end a run.
        """
        request = ModelRequest([Question(content)], instructions=prompt.instructions)
        try:
            return await model_request(
                self._model,
                [request],
                model_settings=self._settings,
                model_request_parameters=clients.parameters_of(self._model, prompt.json_schema),
                instrument=False,
            )
        except Exception as error:
            return error

    def _slow_down(self, error: Exception, times: int, since: float, usage: Usage) -> None:
        """All callers wait as long as the provider says. Raises `Unreachable` where that is beyond all patience."""
        said = getattr(error, "retry_after", None)
        wait = self._patience.wait(times) if said is None else said
        if time.monotonic() + wait - since > self._patience.limited:
            raise Unreachable(self._told(error), usage)
        self._pace.hold(wait)

    def _told(self, error: Exception) -> str:
        return faults.told(error, self.provider, self._model_name, self._timeout, self._access.secrets)


def _content(provider: Provider, prompt: Prompt, pictures: Sequence[Picture], pages: int) -> list[UserContent]:
    """The request and the pictures; with several pages each is named, and those that are not shown are."""
    content: list[UserContent] = [prompt.request]
    for number, picture in enumerate(pictures, 1):
        if pages > 1:
            content.append(f"Page {number} of {pages}:")
        content.append(
            BinaryContent(picture.data, media_type=picture.media_type, vendor_metadata=clients.detail(provider))
        )
    if len(pictures) < pages:
        content.append(f"The pages from {len(pictures) + 1} on are not shown.")
    return content


def _doubted(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """What was not found may stand on a page that was not shown."""
    return {name: replace(answer, unsure=answer.unsure or answer.value is None) for name, answer in answers.items()}


def _correction(response: ModelResponse, problem: Malformed) -> str:
    reason = "it was cut off" if response.finish_reason == "length" else str(problem)
    return f"An earlier answer to this could not be used: {reason}. Answer with the JSON object alone, in full."


def _text(response: ModelResponse) -> str:
    """The answer as it came: the object, or the prose in its place."""
    calls = [part.args_as_json_str() for part in response.parts if isinstance(part, ToolCallPart)]
    texts = [part.content for part in response.parts if isinstance(part, TextPart)]
    return "\n".join(calls or texts)
