"""The request for a document, and the text of its answer, in pydantic-ai's terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pydantic_ai.messages import BinaryContent, ModelRequest, ModelResponse, TextPart, ToolCallPart, UserContent
from pydantic_ai.messages import UserPromptPart as UserPrompt

from extraction.domain.errors import gettext_noop
from extraction.engines.teacher.lmm import clients
from extraction.engines.teacher.lmm.pictures import Picture, fit
from extraction.engines.teacher.lmm.providers import Provider
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.prompting.response_json import Malformed
from extraction.engines.teacher.protocol import Answer, Reading, Unreachable

T = TypeVar("T")


def pictures(provider: Provider, reading: Reading) -> list[Picture]:
    """The pages that are shown. Raises `Unreachable`."""
    if not reading.images:
        raise Unreachable(gettext_noop("The document has no pictures to show."))
    return [_picture(provider, path) for path in reading.images[: provider.pages]]


def _picture(provider: Provider, path: Path) -> Picture:
    try:
        return fit(path, provider.side, provider.bytes)
    except OSError:
        raise Unreachable(gettext_noop("A page's picture is missing or damaged.")) from None


def content(provider: Provider, prompt: Prompt, shown: Sequence[Picture], pages: int) -> list[UserContent]:
    """The request and the pictures, numbered where there are several pages; a last line tells which are missing."""
    parts: list[UserContent] = [prompt.request]
    for number, picture in enumerate(shown, 1):
        if pages > 1:
            parts.append(f"Page {number} of {pages}:")
        parts.append(
            BinaryContent(picture.data, media_type=picture.media_type, vendor_metadata=clients.detail(provider))
        )
    if len(shown) < pages:
        parts.append(f"The pages from {len(shown) + 1} on are not shown.")
    return parts


def message(prompt: Prompt, parts: Sequence[UserContent]) -> ModelRequest:
    return ModelRequest([UserPrompt(parts)], instructions=prompt.instructions)


def text(response: ModelResponse) -> str:
    """The answer as it came: the object, or the prose in its place."""
    calls = [part.args_as_json_str() for part in response.parts if isinstance(part, ToolCallPart)]
    texts = [part.content for part in response.parts if isinstance(part, TextPart)]
    return "\n".join(calls or texts)


def whole(response: ModelResponse, parse: Callable[[str], T]) -> T:
    """The parsed answer. Raises `Malformed`, also for one that was cut off, whatever its beginning looks like."""
    if response.finish_reason == "length":
        raise Malformed("it was cut off")
    return parse(text(response))


def unsure_where_missing(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """A missing value may stand on a page that was not sent."""
    return {name: replace(answer, unsure=answer.unsure or answer.value is None) for name, answer in answers.items()}
