"""A teacher outside whose replies a test decides."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest

from extraction.domain.fields import Schema
from extraction.engines.teacher import registry
from extraction.engines.teacher.listing import prompt as listing
from extraction.engines.teacher.prompting.methods import Method, method_of, named
from extraction.engines.teacher.prompting.prompts import Parts, Prompt, build
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Usage

CONSENT = "The pictures of the documents leave this machine and go to Acme."
PROVIDER = "acme"
CENT = Decimal("0.01")
GOOD = Reply({"total": Answer("3.30"), "date": Answer("25/12/2018")}, Usage(100, 10, CENT), raw='{"total": "3.30"}')

Say = Callable[[Reading], Reply]


class Scripted:
    """Counts how often it is asked, and how often at once."""

    name = "acme:reader-1"
    outside = True
    provider = "Acme"
    provider_id = PROVIDER

    def __init__(self, say: Say, parts: Parts = Parts(), *, concurrency: int = 1, usd: Decimal = CENT) -> None:  # noqa: B008
        self.say = say
        self.parts = parts
        self.concurrency = concurrency
        self.usd = usd
        self.asked = self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def label(self, reading: Reading, schema: Schema, limit: Decimal | None = None) -> Reply:
        with self._lock:
            self.asked += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self.say(reading)
        finally:
            with self._lock:
                self.at_once -= 1

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        return Usage(100 * documents, 10 * documents, self.usd * documents, priced=bool(self.usd))

    def most(self, schema: Schema, pages: int) -> Usage:
        """Three answers of its price."""
        return Usage(300, 30, 3 * self.usd, priced=bool(self.usd))

    def prompt(self, schema: Schema) -> Prompt:
        return listing.prompt(schema) if method_of(self.name) is Method.LIST else build(schema, self.parts)


Use = Callable[..., Scripted]


def use(monkeypatch: pytest.MonkeyPatch, say: Say = lambda _: GOOD, **options: object) -> Scripted:
    """Whoever asks for any teacher but the rules gets one that says `say`; the one that counts is returned."""
    held = Scripted(say, **options)  # type: ignore[arg-type]
    known = registry.teacher

    def teacher(name: str, *, parts: Parts | None = None) -> object:
        if name == "rules":
            return known(name)
        held.name = named(Scripted.name, method_of(name))
        held.parts = parts or Parts()
        return held

    monkeypatch.setattr(registry, "teacher", teacher)
    return held
