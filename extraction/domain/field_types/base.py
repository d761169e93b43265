"""Base class of field types, with the behaviour of a plain value that is printed in one place."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.text import LONGEST_VALUE

if TYPE_CHECKING:
    from extraction.domain.fields import Field

AS_PRINTED = gettext_noop("as printed")

# Start and end of a value inside a line, as character offsets.
Offsets = tuple[int, int]


class InvalidValue(UserError):
    """A JSON value that is no value of the field; the message completes "line 7 …"."""


class Widget(StrEnum):
    """Input for a value on the review page."""

    TEXT = "text"
    OPTIONS = "options"  # a text box and a button for each option
    ROWS = "rows"  # a table with a line for each row


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value that a text can stand for: `normalized` in the field's format, `title` in words for people."""

    normalized: str
    title: str


class StudentTask(StrEnum):
    """Task of a student for a field."""

    POINT = "point"  # marks the words on which the value stands
    CHOOSE = "choose"  # chooses an option by the whole document, and marks where that is printed
    ROWS = "rows"  # marks the words of every cell, and where rows begin
    NONE = "none"  # does not learn it


@dataclass(frozen=True, slots=True)
class TextShape:
    """A teacher's answer is a text or null; with `options` one of these or null."""

    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowsShape:
    """A teacher's answer is a list of objects, one key for each column, each value in the column's own shape."""

    columns: tuple[Field, ...]


Shape = TextShape | RowsShape


class FieldType(ABC):
    """A type of field. One instance serves all fields of the type; methods that depend on a declaration take it."""

    # --- declaration in a schema file

    name: ClassVar[str]
    """The name in schema files, lower case."""
    noun: ClassVar[str]
    """A value in a sentence, with its article: `a date`."""
    formats: ClassVar[tuple[str, ...]] = (AS_PRINTED,)
    """The formats that a field may ask for; "as printed", the default, is one of them."""
    has_options: ClassVar[bool] = False
    """Whether a field lists options (and has to)."""
    has_parts: ClassVar[bool] = False
    """Whether a field has fields of its own (and has to)."""

    # --- values

    longest: ClassVar[int] = LONGEST_VALUE
    """Characters of a value, whoever gives it; longer texts are no value of a document."""
    scored_as_printed: ClassVar[bool] = True
    """Whether the printed text counts where the format is "as printed"; false: the normalised value always counts."""
    uses_day_order: ClassVar[bool] = False
    """Whether reading a value depends on whether documents print the day or the month first."""
    numeric: ClassVar[bool] = False
    """Whether the normalised value is a decimal number, by whose size lists sort."""
    free_text: ClassVar[bool] = False
    """Names and addresses, any words: the student spells them as labels do, augmentation prints them on other
    documents, and small differences between two of them do not matter."""
    invalid: ClassVar[str] = ""
    """Remark of review on a value that cannot be normalised; empty where every text is a value of the type."""

    # --- places on a page

    alignable: ClassVar[bool] = True
    """Whether a value stands in one place, so that alignment looks for it."""
    alignment_threshold: ClassVar[float] = 0.85
    """The least similarity of characters (0–1) at which a printed text is taken for the value."""
    typed: ClassVar[bool] = False
    """Whether values have a grammar: `find` finds them, each is one run of characters with at least one digit, and the
    student counts a place that does not read as one as improbable."""

    # --- student, teacher, review

    student_task: ClassVar[StudentTask] = StudentTask.POINT
    alias_words: ClassVar[tuple[str, ...]] = ()
    """Words of which a field's name has at least one towards a teacher: `total` alone could be a number of items. The
    first is added where all are missing."""
    widget: ClassVar[Widget] = Widget.TEXT

    @property
    def sorts_by_number(self) -> bool:
        """Whether lists sort by a number: the value itself, or how many rows it has."""
        return self.numeric or self.has_parts

    def problem(self, field: Field) -> str | None:
        """A sentence that refuses a declaration for more than formats, options and parts; `None` for a good one."""
        return None

    @abstractmethod
    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        """`text` in the field's format; empty or `None` where it cannot be read with certainty."""

    def readings(self, field: Field, text: str, conventions: Conventions) -> tuple[Meaning, ...]:
        """What `text` can stand for: one value where it is certain, several where one question remains, else none."""
        normalized = self.normalize(field, text, conventions)
        return (Meaning(normalized, normalized),) if normalized else ()

    def tolerates(self, a: str, b: str) -> bool:
        """Whether two values that do not mean the same are near enough to agree."""
        return False

    def meanings(self, text: str, conventions: Conventions) -> dict[object, float]:
        """The values that `text` can stand for, each with its certainty (0–1); alignment matches them."""
        return {}

    @staticmethod
    def find(text: str) -> Sequence[Offsets]:
        """Where values of the type stand in a line; only asked of `typed` ones."""
        return ()

    def shape(self, field: Field) -> Shape:
        """The form of a teacher's answer."""
        return TextShape()

    def describe(self, field: Field) -> str:
        """The value in the words of a prompt: what it is, and in which form it is expected."""
        return f"{self.noun}, {self.describe_format(field)}"

    def describe_format(self, field: Field) -> str:
        """The expected form in the words of a prompt."""
        return "exactly as printed"

    @abstractmethod
    def example(self, field: Field) -> str:
        """A value as it may be printed, for documentation and tests."""

    def from_json(self, field: Field, value: object) -> str | None:
        """A label's text from its JSON value, numbers being given as their text; `None` for null and an empty text.

        Raises `InvalidValue`.
        """
        if value is None:
            return None
        if not isinstance(value, str):
            raise InvalidValue(gettext_noop("must have a text, a number or null for {name!r}"), name=field.name)
        return value.strip() or None

    def to_json(self, text: str) -> str | list[Any]:
        """A label's text as JSON holds it, and as it is scored: a text, or a list of rows."""
        return text
