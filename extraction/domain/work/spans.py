"""Spans: what a piece of work was and how long it took. Nothing is kept unless a tracer is installed.

Names and attributes hold ids, codes and counts, never the content of a document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import ParamSpec, Protocol, TypeVar

Value = bool | int | float | str
P = ParamSpec("P")
T = TypeVar("T")


class Span(Protocol):
    """A piece of work that goes on."""

    def set(self, **attributes: Value) -> None:
        """Add what is known now."""


class Tracer(Protocol):
    """Interface of what keeps spans."""

    def span(self, name: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Span]: ...

    def carried(self, work: Callable[P, T]) -> Callable[P, T]: ...


class NoTracer:
    """Keeps nothing; also the span of such a tracer."""

    def span(self, name: str, attributes: Mapping[str, Value]) -> AbstractContextManager[Span]:
        return nullcontext(self)

    def carried(self, work: Callable[P, T]) -> Callable[P, T]:
        return work

    def set(self, **attributes: Value) -> None:
        """Nothing."""


_tracer: Tracer = NoTracer()


def install(tracer: Tracer) -> None:
    """Let this process's spans be kept by `tracer`."""
    global _tracer
    _tracer = tracer


def installed() -> Tracer:
    return _tracer


def span(name: str, **attributes: Value) -> AbstractContextManager[Span]:
    """Around a piece of work; spans inside it are its parts."""
    return _tracer.span(name, attributes)


def carried(work: Callable[P, T]) -> Callable[P, T]:
    """`work` for another thread, where its spans are parts of the present one, too."""
    return _tracer.carried(work)
