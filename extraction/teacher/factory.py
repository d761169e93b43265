"""A teacher by the name that people and settings use."""

from __future__ import annotations

from extraction.teacher.configuration import RULES, Configuration, UnknownTeacher, access, check
from extraction.teacher.prompts import Parts
from extraction.teacher.protocol import Teacher
from extraction.teacher.providers import PROVIDERS
from extraction.teacher.rules import Rules

__all__ = ["NAMES", "UnknownTeacher", "check", "teacher"]

# What a teacher's name begins with: the rules stand alone, a provider's is followed by a colon and a model.
NAMES = (RULES, *PROVIDERS)


def teacher(name: str, *, parts: Parts = Parts()) -> Teacher:  # noqa: B008 (frozen)
    """`rules` or `provider:model`, set up from the environment; `parts` are an owner's words for its prompt.

    Raises `UnknownTeacher`, also where a key is missing.
    """
    found = check(name)
    if found is None:
        return Rules()
    provider, model = found
    configuration = Configuration.from_environment()
    way = access(provider, configuration)
    from extraction.teacher.lmm import Lmm

    return Lmm(provider, model, way, parts=parts, concurrency=configuration.concurrency, timeout=configuration.timeout)
