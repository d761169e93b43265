"""Values of fields: written in the field's format, and compared by what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.field_types.readers.dates import DayOrder
from extraction.domain.field_types.readers.texts import clean

if TYPE_CHECKING:
    from extraction.domain.fields import Field


def normalize(field: Field, text: str, *, day_order: DayOrder = None) -> str | None:
    """`text` in the field's format, or `None` where it cannot be read with certainty.

    Without a format of its own a date becomes `2018-12-25`, an amount `1007.50` (two decimals at least), a number
    `2.5`, a choice one of its options, a text is trimmed NFKC, a group JSON with every part in its own format.
    """
    return field.kind.normalize(field, text, day_order) or None


def same(field: Field, a: str | None, b: str | None, *, day_order: DayOrder = None) -> bool:
    """Whether two answers mean the same: `RM 3.30` and `3.30`, `25/12/2018` and `2018-12-25`. Empty equals empty.

    Where one of the two cannot be normalised they are compared as texts, without regard to case.
    """
    a, b = clean(a or ""), clean(b or "")
    if not a or not b:
        return a == b
    first, second = normalize(field, a, day_order=day_order), normalize(field, b, day_order=day_order)
    if first is not None and second is not None:
        return first.casefold() == second.casefold()
    return a.casefold() == b.casefold()


def agree(field: Field, a: str | None, b: str | None, *, day_order: DayOrder = None) -> bool:
    """As `same`, but small differences count only where the field's type cares about them."""
    return same(field, a, b, day_order=day_order) or field.kind.tolerates(a or "", b or "")


def is_invalid(field: Field, text: str, *, day_order: DayOrder = None) -> bool:
    """Whether `text` is no value of the field's type. Every text is a value of a type of free texts."""
    return bool(field.kind.invalid) and normalize(field, text, day_order=day_order) is None
