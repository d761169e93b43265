"""Prompts of teachers: task-aware instructions (TAIL) made from a project's fields.

Source: Bhattacharyya & Tripathi, *Information Extraction from Heterogeneous Documents without Ground Truth Labels using
Synthetic Label Generation and Knowledge Distillation*, WACV 2025. The parts are the paper's, in its order: role,
examples (a value as printed and as wanted; a small document in words and its answer), missing example, rules, request.
All fields are asked for in one JSON answer.

No text of a document ever enters a prompt: the teacher gets the pictures. So it cannot inherit the errors of an OCR
engine, and what is printed on a document cannot pass for a part of the instructions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.fields import Schema
from extraction.domain.json_types import JsonObject
from extraction.engines.teacher.prompting import prompt_text
from extraction.engines.teacher.prompting.response_schema import json_schema

LONGEST, MOST_RULES, LONGEST_RULE = 4000, 30, 500


class PromptError(UserError):
    """Parts of a prompt that cannot be used; the message is one sentence for the person who wrote them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """An owner's own text for parts of the prompt; an empty part has kdweb's text, and own rules stand beside kdweb's.

    The request is always kdweb's, and so are the rules that keep the format and distrust the document.
    """

    role: str = ""
    example: str = ""
    missing: str = ""
    rules: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: object) -> Self:
        """From the value that `to_json` wrote or a form sent; keys may be missing. Raises `PromptError`."""
        if not isinstance(value, Mapping):
            raise PromptError(gettext_noop("The parts of a prompt must be a table."))
        if unknown := sorted(set(value) - {"role", "example", "missing", "rules"}):
            raise PromptError(gettext_noop("A prompt has no part {name!r}."), name=unknown[0])
        role, example, missing = (_part(name, value.get(name, "")) for name in ("role", "example", "missing"))
        return cls(role, example, missing, _rules(value.get("rules", ())))

    def to_json(self) -> JsonObject:
        return {"role": self.role, "example": self.example, "missing": self.missing, "rules": list(self.rules)}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt: `instructions` go as the system's message, `request` as the user's, before the pictures.

    The answer has to keep to `json_schema`. `sections` shows the same text by the parts it is made of.
    """

    sections: tuple[tuple[str, str], ...]
    json_schema: dict[str, Any]

    @property
    def instructions(self) -> str:
        return "\n\n".join(text for name, text in self.sections if name != "request")

    @property
    def request(self) -> str:
        return next(text for name, text in self.sections if name == "request")

    @property
    def sha256(self) -> str:
        """Hash (hex) of everything but the pictures."""
        whole = [self.instructions, self.request, self.json_schema]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def build(schema: Schema, parts: Parts = Parts()) -> Prompt:
    """The prompt for all fields of `schema`; a part without content, such as examples of fields without any, is left
    out."""
    sections = (
        (gettext_noop("role"), parts.role or prompt_text.role(schema)),
        (gettext_noop("examples"), parts.example or prompt_text.examples(schema)),
        (gettext_noop("missing example"), parts.missing or prompt_text.missing(schema)),
        (gettext_noop("rules"), prompt_text.rules(schema, parts.rules)),
        (gettext_noop("request"), prompt_text.request(schema)),
    )
    return Prompt(tuple((name, text) for name, text in sections if text), json_schema(schema))


def _part(name: str, text: object) -> str:
    if not isinstance(text, str):
        raise PromptError(gettext_noop("The part {name!r} of a prompt must be a text."), name=name)
    if len(text) > LONGEST:
        raise PromptError(
            gettext_noop("The part {name!r} of a prompt must not be longer than {longest} characters."),
            name=name,
            longest=LONGEST,
        )
    return text.strip()


def _rules(rows: object) -> tuple[str, ...]:
    if not isinstance(rows, list | tuple) or not all(isinstance(row, str) for row in rows):
        raise PromptError(gettext_noop("The rules of a prompt must be a list of texts."))
    rules = tuple(" ".join(row.split()) for row in rows if row.strip())
    if len(rules) > MOST_RULES or any(len(rule) > LONGEST_RULE for rule in rules):
        raise PromptError(
            gettext_noop("A prompt takes {most_rules} rules of {longest_rule} characters at most."),
            most_rules=MOST_RULES,
            longest_rule=LONGEST_RULE,
        )
    return rules
