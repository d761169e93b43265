"""A teacher by the name that people and settings use."""

from __future__ import annotations

from extraction.engines.teacher.lmm.configuration import RULES, Configuration, UnknownTeacher, access, check
from extraction.engines.teacher.lmm.providers import PROVIDERS
from extraction.engines.teacher.prompting.prompts import Parts
from extraction.engines.teacher.protocol import Teacher
from extraction.engines.teacher.rules.teacher import Rules

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
    from extraction.engines.teacher.lmm.teacher import Lmm

    return Lmm(provider, model, way, parts=parts, concurrency=configuration.concurrency, timeout=configuration.timeout)
