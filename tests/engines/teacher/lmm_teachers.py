"""Teachers that ask the tests' own provider, by the wire format that they speak with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.providers import PROVIDERS
from extraction.engines.teacher.lmm.retries import RetryPolicy
from extraction.engines.teacher.lmm.teacher import Lmm
from extraction.engines.teacher.protocol import Reading
from tests.support.drawing import receipt
from tests.support.providers import KEY

FAST_RETRIES = RetryPolicy(max_tries=4, first_wait=0.01, max_wait=0.05, max_limited=5)


@dataclass(frozen=True)
class Way:
    """A provider and a model of which pydantic-ai knows, or does not, that it streams and takes a schema."""

    provider: str
    model: str
    path: str = ""
    compatible: bool = False


WAYS: Mapping[str, Way] = {
    "anthropic streamed": Way("anthropic", "claude-sonnet-4-6"),
    "anthropic at once": Way("anthropic", "claude-of-the-tests"),
    "chat completions": Way("openai", "qwen2.5-vl", "/v1", compatible=True),
    "responses": Way("openai", "gpt-5-mini", "/v1"),
    "google": Way("google", "gemini-2.5-flash"),
    "bedrock streamed": Way("bedrock", "us.anthropic.claude-sonnet-4-6"),
    "bedrock at once": Way("bedrock", "us.amazon.nova-pro-v1:0"),
}


def lmm(way: str, url: str, **options: Any) -> Lmm:
    """A teacher in a hurry that asks the provider at `url`."""
    spoken = WAYS[way]
    aws = spoken.provider == "bedrock"
    access = Access(
        url + spoken.path,
        spoken.compatible,
        region="us-east-1" if aws else "",
        key="AKIDEXAMPLE" if aws else KEY,
        secret=KEY if aws else "",
    )
    return Lmm(
        PROVIDERS[spoken.provider], spoken.model, access, **{"retry_policy": FAST_RETRIES, "timeout": 5, **options}
    )


def document(folder: Path, *lines: str, pages: int = 1, name: str = "page") -> Reading:
    """A document of drawn pages, as a teacher gets it."""
    images = []
    for number in range(pages):
        path = folder / f"{name}-{number}.jpg"
        picture = receipt((*lines, f"{name} {number}") if lines else (name, f"page {number}", "TOTAL 3.30"))
        picture.save(path, quality=88)
        images.append(path)
    return Reading((), tuple(images))
