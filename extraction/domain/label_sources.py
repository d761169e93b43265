"""Kinds of label sources: who or what says something about a field, and how far that is believed.

A new source is one `register` call. Which source wins where several speak about one field, which may be learned from
and which may come from a file follow from what is registered; nothing else names the sources in an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extraction.domain.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class LabelSource:
    """A kind of source.

    `rank` orders sources, the lowest wins. `by_people`: somebody answers for it, so that its labels need no review.
    `final`: a document that has such a label is accepted, and review locks it. `learned_from`: students learn from it.
    `loadable`: label files may bring it. `named`: its labels carry the name of who gave them, as there may be several
    teachers or students. `badge`: how pages mark it.
    """

    name: str
    title: str
    rank: int
    by_people: bool = False
    final: bool = False
    learned_from: bool = True
    loadable: bool = True
    named: bool = False
    badge: Literal["good", "warn", "accent"] = "accent"


_SOURCES: dict[str, LabelSource] = {}


def register(source: LabelSource) -> LabelSource:
    """Make a source known. Raises `ValueError` for a name or rank that is taken."""
    if source.name in _SOURCES or any(source.rank == other.rank for other in _SOURCES.values()):
        raise ValueError(f"There is already a label source named {source.name!r} or of rank {source.rank}.")
    _SOURCES[source.name] = source
    return source


def unregister(name: str) -> None:
    """Forget a source: for tests that register one."""
    del _SOURCES[name]


def find(name: str) -> LabelSource:
    """Raises `KeyError` for an unknown name."""
    return _SOURCES[name]


def is_final(name: str) -> bool:
    """Whether `name` is a source that settles a document; the empty name of no source is not."""
    return name in _SOURCES and _SOURCES[name].final


def known() -> tuple[LabelSource, ...]:
    """All sources, the one that wins first."""
    return tuple(sorted(_SOURCES.values(), key=lambda source: source.rank))


def names(
    *, by_people: bool | None = None, learned_from: bool | None = None, loadable: bool | None = None
) -> list[str]:
    """The names of the sources that have each of the given traits, the one that wins first."""
    return [
        source.name
        for source in known()
        if by_people in (None, source.by_people)
        and learned_from in (None, source.learned_from)
        and loadable in (None, source.loadable)
    ]


def choices() -> list[tuple[str, str]]:
    """Names and titles, for forms and columns."""
    return [(source.name, source.title) for source in known()]


TRUTH = register(LabelSource("truth", gettext_noop("Truth"), 0, by_people=True, final=True, badge="good"))
REVIEWER = register(LabelSource("reviewer", gettext_noop("Reviewer"), 10, by_people=True, badge="good"))
TEACHER = register(LabelSource("teacher", gettext_noop("Teacher"), 20, named=True))
CLAIM = register(LabelSource("claim", gettext_noop("Claim"), 30, badge="warn"))
# A student that learned from its own answers would only grow surer of its mistakes.
STUDENT = register(LabelSource("student", gettext_noop("Student"), 40, learned_from=False, loadable=False, named=True))
