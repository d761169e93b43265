"""The client of each provider, set up from plain arguments: no variable of the environment is read here."""

from __future__ import annotations

import logging
from functools import lru_cache
from ssl import SSLContext
from typing import Any, cast
from urllib.parse import urlsplit

from httpx2 import AsyncClient, Timeout, create_ssl_context
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from extraction.engines.teacher.lmm.configuration import Access
from extraction.engines.teacher.lmm.providers import Provider

# Their debug lines hold whole requests: the pages of documents, and with some the key.
for _name in (
    "openai",
    "anthropic",
    "google_genai",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "botocore",
    "boto3",
    "urllib3",
):
    logging.getLogger(_name).setLevel(logging.WARNING)


def http(access: Access, timeout: float) -> AsyncClient:
    """Connections to the provider; what is meant for this machine is not sent through a proxy of the environment."""
    trusted = not access.local
    return AsyncClient(timeout=Timeout(timeout, connect=10.0), trust_env=trusted, verify=_certificates(trusted))


@lru_cache
def _certificates(trust_env: bool) -> SSLContext:
    """The authorities that are believed; reading them takes longer than all else that a client needs (30 ms)."""
    return create_ssl_context(trust_env=trust_env)


def model_of(provider: Provider, model: str, access: Access, timeout: float, http: AsyncClient) -> Model[Any]:
    """pydantic-ai's model for the provider, over `http` (Amazon's client has connections of its own)."""
    base_url = access.base_url or None
    match provider.name:
        case "anthropic":
            from pydantic_ai.models.anthropic import AnthropicModel
            from pydantic_ai.providers.anthropic import AnthropicProvider

            return AnthropicModel(
                model, provider=AnthropicProvider(api_key=access.key, base_url=base_url, http_client=http)
            )
        case "google":
            from pydantic_ai.models.google import GoogleModel
            from pydantic_ai.providers.google import GoogleProvider

            return GoogleModel(model, provider=GoogleProvider(api_key=access.key, base_url=base_url, http_client=http))
        case "bedrock":
            return _bedrock(model, access, timeout)
        case _:
            return _openai(model, access, http)


def _openai(model: str, access: Access, http: AsyncClient) -> Model[Any]:
    """OpenAI itself speaks Responses, the servers that are compatible with it Chat Completions."""
    if not access.compatible:
        from pydantic_ai.models.openai import OpenAIResponsesModel
        from pydantic_ai.providers.openai import OpenAIProvider

        # Never `None`, for which the client would look into the environment.
        base_url = access.base_url or "https://api.openai.com/v1"
        return OpenAIResponsesModel(
            model, provider=OpenAIProvider(api_key=access.key, base_url=base_url, http_client=http)
        )
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    server = OpenAICompatibleProvider(
        "server",
        base_url=access.base_url,
        api_key=access.key or "none",
        http_client=http,
        # vLLM and Ollama enforce a schema for any model while it generates.
        profile=OpenAIModelProfile(
            supports_json_schema_output=True,
            # Other servers know the older name of the limit alone, and would pass by what they do not know.
            openai_chat_supports_max_completion_tokens=_newest(access.base_url),
        ),
    )
    return OpenAIChatModel(model, provider=server)


def _newest(base_url: str) -> bool:
    """Whether it is OpenAI itself or Microsoft's copy, whose newer models reject the older name."""
    host = urlsplit(base_url).hostname or ""
    return host.endswith((".openai.com", ".azure.com"))


def _bedrock(model: str, access: Access, timeout: float) -> Model[Any]:
    from pydantic_ai.models.bedrock import BedrockConverseModel
    from pydantic_ai.providers.bedrock import BedrockProvider

    common: dict[str, Any] = {
        "region_name": access.region,
        "base_url": access.base_url or None,
        "aws_read_timeout": float(timeout),
        "aws_connect_timeout": 10.0,
    }
    keys = (
        {"api_key": access.key}
        if access.key and not access.secret
        else {
            "aws_access_key_id": access.key or None,
            "aws_secret_access_key": access.secret or None,
            "aws_session_token": access.session or None,
        }
    )
    provider = BedrockProvider(**keys, **common)
    # boto3 would ask again on its own account, unseen by callers who wait together.
    events = provider.client.meta.events
    events.unregister("needs-retry.bedrock-runtime", unique_id="retry-config-bedrock-runtime")
    return BedrockConverseModel(model, provider=provider)


def detail(provider: Provider) -> dict[str, Any] | None:
    """Metadata of a picture: OpenAI shrinks it to an overview unless asked for detail."""
    return {"detail": "high"} if provider.name == "openai" else None


def settings_of(provider: Provider, access: Access, timeout: float) -> ModelSettings:
    """Retries are counted here and not inside clients; OpenAI is asked to keep nothing; pydantic-ai adds nothing to the
    prompt that people are shown."""
    settings: dict[str, Any] = {"request_timeout": float(timeout), "framing_announcement": "never"}
    if provider.name != "bedrock":
        settings |= {"timeout": float(timeout), "max_retries": 0}
    if provider.name == "openai" and not access.compatible:
        settings["openai_store"] = False
    if access.compatible:
        # Servers of open models sample by default; newer models of the others reject a temperature.
        settings["temperature"] = 0.0
    return cast(ModelSettings, settings)


def limited(settings: ModelSettings, tokens: int | None) -> ModelSettings:
    """The settings with the most tokens that an answer may have, reasoning included."""
    return settings if tokens is None else {**settings, "max_tokens": tokens}


def parameters_of(model: Model[Any], json_schema: dict[str, Any]) -> ModelRequestParameters:
    """Parameters that enforce the schema: by the provider's own structured output, else as arguments of a tool."""
    if model.profile.get("supports_json_schema_output", False):
        output = OutputObjectDefinition(json_schema, name="answer", strict=True)
        return ModelRequestParameters(output_mode="native", output_object=output, allow_text_output=True)
    tool = ToolDefinition(name="answer", parameters_json_schema=json_schema, kind="output")
    return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
