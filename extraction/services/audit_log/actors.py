"""Who acts: set once at each way in (`acting`), and read where an entry is written."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from extraction.models import Door, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts by `door`. `means`: the token, command or job.

    `find`: their account, asked for where an entry is written only; `None` where they have none. `name`: what they are
    called then.
    """

    door: Door
    means: str = ""
    find: Callable[[], User | None] = lambda: None
    name: str = ""

    @classmethod
    def of(cls, door: Door, means: str, user: User | None) -> Actor:
        return cls(door, means, lambda: user)

    @classmethod
    def of_command(cls, command: str) -> Actor:
        """Whoever runs a command, by the name of their login on this machine."""
        try:
            name = getpass.getuser()
        except (KeyError, OSError):
            # A container may run under a number without a name.
            name = ""
        return cls(Door.COMMAND, command, name=name)


_current: ContextVar[Actor] = ContextVar("actor")


def current() -> Actor:
    """Who acts now; without any, code that was started by hand."""
    return _current.get(Actor(Door.COMMAND))


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """What is done in the block, `actor` does."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)


def become(actor: Actor) -> None:
    """Within `acting`: it is known now who acts, as once a token was looked up."""
    _current.set(actor)
