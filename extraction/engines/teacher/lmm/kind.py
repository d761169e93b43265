"""Registration of a provider of large multimodal models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extraction.engines.teacher.lmm.configuration import Access, Configuration, access
from extraction.engines.teacher.lmm.providers import Provider

if TYPE_CHECKING:
    from extraction.domain.fields import Field
    from extraction.engines.teacher.prompting.methods import Method
    from extraction.engines.teacher.prompting.prompts import Parts
    from extraction.engines.teacher.protocol import Teacher


@dataclass(frozen=True, slots=True)
class LmmKind:
    """All models of a provider, reached as the environment says. Its client is imported by `build`."""

    provider: Provider

    @property
    def name(self) -> str:
        return self.provider.name

    @property
    def has_models(self) -> bool:
        return True

    @property
    def description(self) -> str:
        return ""

    def answers(self, field: Field) -> bool:
        return True

    def knows(self, language: str) -> bool:
        return True

    def check_access(self) -> None:
        access(self.provider, Configuration.from_environment())

    def build(self, model: str, parts: Parts | None, method: Method) -> Teacher:
        configuration = Configuration.from_environment()
        return self._build(model, parts, method, configuration, access(self.provider, configuration))

    def build_for_files(self, model: str, parts: Parts | None, method: Method) -> Teacher:
        configuration = Configuration.from_environment()
        return self._build(model, parts, method, configuration, access(self.provider, configuration, keyless=True))

    def _build(
        self, model: str, parts: Parts | None, method: Method, configuration: Configuration, way: Access
    ) -> Teacher:
        from extraction.engines.teacher.lmm.teacher import Lmm
        from extraction.engines.teacher.prompting.prompts import Parts

        return Lmm(
            self.provider,
            model,
            way,
            parts=parts or Parts(),
            method=method,
            concurrency=configuration.concurrency,
            timeout=configuration.timeout,
        )
