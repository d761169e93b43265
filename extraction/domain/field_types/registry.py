"""Registry of field types by name. A schema file names a type; everything else asks the registered object."""

from __future__ import annotations

from extraction.domain.field_types.base import FieldType

_TYPES: dict[str, FieldType] = {}


def register(kind: FieldType) -> None:
    """Make a type known under its name. Raises `ValueError` where the name is taken."""
    if kind.name in _TYPES:
        raise ValueError(f"The field type {kind.name!r} is registered already.")
    _TYPES[kind.name] = kind


def unregister(name: str) -> None:
    """Forget a type; schemas that name it cannot be used any more. Raises `KeyError`."""
    del _TYPES[name]


def get(name: str) -> FieldType:
    """The type called `name`. Raises `KeyError`."""
    return _TYPES[name]


def names() -> tuple[str, ...]:
    """The names of all types, in the order of registration."""
    return tuple(_TYPES)
