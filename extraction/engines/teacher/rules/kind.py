"""Registration of the teacher of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop

if TYPE_CHECKING:
    from extraction.domain.fields import Field
    from extraction.engines.teacher.prompting.methods import Method
    from extraction.engines.teacher.prompting.prompts import Parts
    from extraction.engines.teacher.protocol import Teacher


class RulesKind:
    """One teacher without models; it needs no setting and gets no prompt."""

    name = "rules"
    has_models = False
    description = gettext_noop(
        "Keywords, positions and types of values: no model, free and often wrong, so that what it writes needs review."
    )

    def answers(self, field: Field) -> bool:
        from extraction.engines.teacher.rules.teacher import has_rule

        return has_rule(field)

    def knows(self, language: str) -> bool:
        from extraction.engines.teacher.rules.vocabulary import vocabularies

        return language in {vocabulary.code for vocabulary in vocabularies()}

    def check_access(self) -> None:
        pass

    def build(self, model: str, parts: Parts | None, method: Method) -> Teacher:
        from extraction.engines.teacher.rules.teacher import Rules

        return Rules()
