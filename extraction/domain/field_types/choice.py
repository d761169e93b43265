"""A choice among options, which need not be printed in their own words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from extraction.domain.field_types.base import FieldType, StudentTask, TextShape, Widget
from extraction.domain.field_types.readers.dates import DayOrder
from extraction.domain.field_types.readers.texts import clean

if TYPE_CHECKING:
    from extraction.domain.fields import Field

# A misread option is accepted from this similarity on (0–100), and only this far ahead of the next best.
MIN_SIMILARITY, MIN_LEAD = 75.0, 15.0


class Choice(FieldType):
    """Normalised to one of the field's options."""

    name = "choice"
    noun = "a choice"
    has_options = True
    scored_as_printed = False
    invalid = "Not one of the options"
    student_task = StudentTask.CHOOSE
    widget = Widget.OPTIONS

    def normalize(self, field: Field, text: str, day_order: DayOrder) -> str | None:
        return match_option(field.options, text)

    def shape(self, field: Field) -> TextShape:
        return TextShape(field.options)

    def describe(self, field: Field) -> str:
        return f"one of {', '.join(json.dumps(option, ensure_ascii=False) for option in field.options)}"

    def example(self, field: Field) -> str:
        return field.options[0]


def match_option(options: tuple[str, ...], text: str) -> str | None:
    """The one option that `text` is, names as a word of its own, or resembles clearly more than the others."""
    target = clean(text).casefold()
    if not target:
        return None
    for matches in (lambda option: option == target, lambda option: re.search(rf"\b{re.escape(option)}\b", target)):
        matching = [option for option in options if matches(clean(option).casefold())]
        if matching:
            return matching[0] if len(matching) == 1 else None
    ranked = sorted(((fuzz.ratio(target, clean(option).casefold()), option) for option in options), reverse=True)
    best, second = ranked[0][0], ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if best >= MIN_SIMILARITY and best - second >= MIN_LEAD else None
