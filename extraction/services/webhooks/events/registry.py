"""The registered kinds of events."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from extraction.services.webhooks import outbox
from extraction.services.webhooks.events.base import NAME_LENGTH, EventKind

_KINDS: dict[str, EventKind] = {}
_RECEIVERS: dict[str, Callable[..., None]] = {}


def register(kind: EventKind) -> EventKind:
    """Make a kind known by its name and let it listen. Raises `ValueError` for a name that is taken or too long."""
    if kind.name in _KINDS or not 0 < len(kind.name) <= NAME_LENGTH:
        raise ValueError(f"The name {kind.name!r} of a kind of events is taken, empty or longer than {NAME_LENGTH}.")
    _KINDS[kind.name] = kind
    _RECEIVERS[kind.name] = partial(_receive, kind)
    for signal in kind.signals:
        signal.connect(_RECEIVERS[kind.name])
    return kind


def unregister(name: str) -> None:
    """Forget a kind: for tests that register one."""
    for signal in _KINDS.pop(name).signals:
        signal.disconnect(_RECEIVERS[name])
    del _RECEIVERS[name]


def registered() -> tuple[EventKind, ...]:
    """All kinds, in the order of their registration."""
    return tuple(_KINDS.values())


def choices() -> tuple[EventKind, ...]:
    """The kinds that an endpoint can ask for."""
    return tuple(kind for kind in _KINDS.values() if kind.signals)


def title(name: str) -> str:
    """The title of a kind for people; its name where it is not registered."""
    return _KINDS[name].title if name in _KINDS else name


def _receive(kind: EventKind, signal: object, sender: object, **arguments: Any) -> None:
    [subject] = arguments.values()
    outbox.record(kind.name, kind.notices(subject))
