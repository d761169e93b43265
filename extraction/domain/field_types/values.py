"""Values of fields: written in the field's format, and compared by what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from extraction.domain.field_types.base import Meaning
from extraction.domain.field_types.readers.conventions import UNKNOWN, Conventions
from extraction.domain.field_types.readers.texts import alike, clean

if TYPE_CHECKING:
    from extraction.domain.fields import Field


class Certainty(StrEnum):
    """What is known about the meaning of a printed value."""

    READ = "read"
    AMBIGUOUS = "ambiguous"  # it is one of several values
    INVALID = "invalid"  # it is no value of the field's type


@dataclass(frozen=True, slots=True)
class ValueReading:
    """What a printed value can mean: nothing, one thing, or one of several."""

    meanings: tuple[Meaning, ...]

    @property
    def certainty(self) -> Certainty:
        if len(self.meanings) > 1:
            return Certainty.AMBIGUOUS
        return Certainty.READ if self.meanings else Certainty.INVALID

    @property
    def choices(self) -> tuple[Meaning, ...]:
        """The meanings between which a person chooses; none where there is at most one."""
        return self.meanings if self.certainty is Certainty.AMBIGUOUS else ()


def read(field: Field, text: str, *, conventions: Conventions = UNKNOWN) -> ValueReading:
    """What `text` means as a value of the field. A text of a type without a grammar is always read."""
    meanings = field.kind.readings(field, text, conventions)
    return ValueReading(meanings if meanings or field.kind.invalid else (Meaning(text, text),))


def normalize(field: Field, text: str, *, conventions: Conventions = UNKNOWN) -> str | None:
    """`text` in the field's format, or `None` where it cannot be read with certainty.

    Without a format of its own a date becomes `2018-12-25`, an amount `1007.50` (two decimals at least), a number
    `2.5`, a choice one of its options, a text is trimmed NFKC, a group JSON with every part in its own format.
    """
    return field.kind.normalize(field, text, conventions) or None


def same(field: Field, a: str | None, b: str | None, *, conventions: Conventions = UNKNOWN) -> bool:
    """Whether two answers mean the same: `RM 3.30` and `3.30`, `25/12/2018` and `2018-12-25`. Empty equals empty.

    Where one of the two cannot be normalised they are compared as texts, without regard to case and to the kinds of
    dashes and quotation marks.
    """
    first, second = (comparable(field, text, conventions=conventions) for text in (a, b))
    return first.same(second)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A value prepared for comparing it with many: its text, and its normalised form where it has one."""

    text: str
    meant: str | None

    def same(self, other: Comparable) -> bool:
        if self.meant is not None and other.meant is not None:
            return self.meant == other.meant
        return self.text == other.text


def comparable(field: Field, text: str | None, *, conventions: Conventions = UNKNOWN) -> Comparable:
    """Two values are the `same` where these are."""
    text = clean(text or "")
    normalized = normalize(field, text, conventions=conventions) if text else None
    return Comparable(alike(text), None if normalized is None else alike(normalized))


def agree(field: Field, a: str | None, b: str | None, *, conventions: Conventions = UNKNOWN) -> bool:
    """As `same`, but small differences count only where the field's type cares about them."""
    return same(field, a, b, conventions=conventions) or field.kind.tolerates(a or "", b or "")


def is_invalid(field: Field, text: str) -> bool:
    """Whether `text` is no value of the field's type. Every text is a value of a type of free texts."""
    return read(field, text).certainty is Certainty.INVALID


def is_ambiguous(field: Field, text: str, *, conventions: Conventions = UNKNOWN) -> bool:
    """Whether `text` is one of several values of the field's type, and nothing tells which."""
    return read(field, text, conventions=conventions).certainty is Certainty.AMBIGUOUS
