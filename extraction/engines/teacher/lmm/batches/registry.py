"""Providers whose batches are known. A new one is a class of the protocol `api.BatchApi` and a case here."""

from __future__ import annotations

from extraction.engines.teacher.lmm.batches.api import BatchApi


def find(provider: str) -> BatchApi | None:
    """`None` where no batches of the provider are known. Clients are imported only where they are used."""
    match provider:
        case "anthropic":
            from extraction.engines.teacher.lmm.batches.anthropic import AnthropicBatches

            return AnthropicBatches()
        case "openai":
            from extraction.engines.teacher.lmm.batches.openai import OpenAiBatches

            return OpenAiBatches()
        case _:
            return None
