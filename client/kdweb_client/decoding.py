"""JSON to frozen dataclasses, by their annotations."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

T = TypeVar("T")


def decode(kind: type[T], value: object) -> T:
    """`value`, as `json.loads` gives it, as an instance of `kind`.

    Keys that `kind` does not know are passed over, and codes that a `Literal` does not list are kept: a newer server
    may send both. Raises `TypeError` or `ValueError` for what does not fit.
    """
    decoded: T = _decoded(kind, value)
    return decoded


def _decoded(kind: Any, value: Any) -> Any:
    if kind is Any or (isinstance(kind, type) and isinstance(value, kind)):
        return value
    if is_dataclass(kind):
        return _object(kind, value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is UUID:
        return UUID(value)
    if kind is float and isinstance(value, int):
        return float(value)
    return _composed(kind, value)


def _composed(kind: Any, value: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return value
    if origin is list:
        return [_decoded(arguments[0], item) for item in value]
    if origin is tuple:
        return tuple(_decoded(one, item) for one, item in zip(arguments, value, strict=True))
    if origin is dict:
        return {key: _decoded(arguments[1], item) for key, item in value.items()}
    if origin in (Union, types.UnionType):
        return _alternative(arguments, value)
    raise TypeError(f"{value!r} is no {kind}.")


def _alternative(kinds: tuple[Any, ...], value: Any) -> Any:
    """As the first of the kinds that it fits."""
    if value is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _decoded(kind, value)
        except (TypeError, ValueError):
            continue
    raise TypeError(f"{value!r} is none of {kinds}.")


def _object(kind: Any, value: object) -> Any:
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is no {kind.__name__}.")
    annotations = _annotations(kind)
    return kind(**{name: _decoded(one, value[name]) for name, one in annotations.items() if name in value})


@cache
def _annotations(kind: type) -> Mapping[str, Any]:
    """The types of a dataclass's fields."""
    return get_type_hints(kind)
