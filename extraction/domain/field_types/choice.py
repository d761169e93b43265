"""A choice among options, which need not be printed in their own words."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.field_types.base import FieldType, StudentTask, TextShape, Widget
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.field_types.readers.texts import alike
from extraction.domain.text import UNSPACED

if TYPE_CHECKING:
    from extraction.domain.fields import Field

# A misread option is accepted from this similarity on (0–100), and only this far ahead of the next best.
MIN_SIMILARITY, MIN_LEAD = 75.0, 15.0

_SAME = gettext_noop("The options {same!r} and {option!r} of field {field!r} are the same.")


NUMBERS = re.compile(r"(?:(?<!\w)-)?\d+")
_ZEROS = re.compile(r"(?<=\d)[.,]0{1,2}(?=\s?%)")
_SIGN = re.compile(r"[^\w\s]")


class Choice(FieldType):
    """Normalised to one of the field's options."""

    name = gettext_noop("choice")
    noun = "a choice"
    has_options = True
    scored_as_printed = False
    invalid = gettext_noop("Not one of the options")
    student_task = StudentTask.CHOOSE
    widget = Widget.OPTIONS

    def problem(self, field: Field) -> str | None:
        first: dict[str, str] = {}
        for at, option in enumerate(field.options):
            same = first.setdefault(alike(option).replace(" ", ""), option)
            if len(first) <= at:
                return filled(_SAME, same=same, option=option, field=field.name)
        return None

    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        return match_option(field.options, text)

    def shape(self, field: Field) -> TextShape:
        return TextShape(field.options)

    def describe(self, field: Field) -> str:
        return f"one of {', '.join(json.dumps(option, ensure_ascii=False) for option in field.options)}"

    def example(self, field: Field) -> str:
        return field.options[0]


def match_option(options: tuple[str, ...], text: str) -> str | None:
    """The one option that `text` is, names as a word of its own, or resembles clearly more than the others.

    Of options that hold each other (`Visa`, `Visa Debit`) the longest that is named counts. Another number is never
    a misreading: `17%` and `1.7%` resemble `7%` and mean something else.
    """
    target = alike(text)
    if not target:
        return None
    plain = {option: alike(option) for option in options}
    named = [option for option in options if plain[option] == target]
    if not named:
        target, plain = _whole_rate(target), {option: _whole_rate(text) for option, text in plain.items()}
        named = _respaced(plain, target) or _named(plain, target)
    if named:
        return named[0] if len(named) == 1 else None
    ranked = sorted(((fuzz.ratio(target, plain[option]), option) for option in options), reverse=True)
    (best, option), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0.0
    clear = best >= MIN_SIMILARITY and best - second >= MIN_LEAD
    return option if clear and NUMBERS.findall(target) == NUMBERS.findall(plain[option]) else None


def _whole_rate(text: str) -> str:
    """`19,00 %` as `19%`."""
    return re.sub(r"(?<=\d)\s+(?=%)", "", _ZEROS.sub("", text))


def _respaced(plain: dict[str, str], target: str) -> list[str]:
    """Options that are `target` but for spaces beside signs (`A +`), or for the signs between words (`a/b`, `a b`)."""
    tight = [option for option, text in plain.items() if _without_spaces(text) == _without_spaces(target)]
    words = re.findall(r"[^\W\d]+", target)
    if tight or len(words) <= 1 or any(map(str.isdigit, target)):
        return tight
    return [option for option, text in plain.items() if re.findall(r"\w+", text) == words]


def _without_spaces(text: str) -> str:
    return re.sub(r"\s*([^\w\s])\s*", r"\1", text)


def _named(plain: dict[str, str], target: str) -> list[str]:
    """Options that stand in `target` as words, without those that are named only inside a longer one."""
    places = {option: _places(text, target) for option, text in plain.items()}
    return [
        option
        for option, own in places.items()
        if any(not any(_inside(place, other) for others in places.values() for other in others) for place in own)
    ]


def _places(option: str, target: str) -> list[tuple[int, int]]:
    """Where an option stands with no letter or digit beside its own ones, and not as a part of a decimal or negative
    number; its signs may stand apart, but do not join the next word. Scripts without spaces need no bounds."""
    before = r"(?<![^\W_])" if _bounded(option[0]) else ""
    after = r"(?![^\W_])" if _bounded(option[-1]) else ""
    before += r"(?<!\d[.,])(?<!^-)(?<![\s(:]-)" if option[0].isdigit() else ""
    after += r"(?![.,]\d)" if option[-1].isdigit() else ""
    spelled = "".join(_spelled(option, at) for at in range(len(option)))
    return [
        match.span()
        for match in re.finditer(before + spelled + after, target)
        if len(match[0]) <= len(option) or not re.match(r"\s*\w", target[match.end() :])
    ]


def _spelled(option: str, at: int) -> str:
    """Pattern of one of its characters, a sign with the spaces that may part it from the words of the option."""
    char = re.escape(option[at])
    if not at or not _SIGN.match(option[at]):
        return char
    return rf"\s*{char}" if at == len(option) - 1 else rf"\s*{char}\s*"


def _bounded(char: str) -> bool:
    return char.isalnum() and not UNSPACED.match(char)


def _inside(place: tuple[int, int], other: tuple[int, int]) -> bool:
    return place != other and other[0] <= place[0] and place[1] <= other[1]
