"""Sentences that were written in English, such as a job's refusal in its row, in the reader's language."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from babel.messages.mofile import read_mo
from django.utils.translation import get_language, gettext

from extraction.services import catalogues, figures

_PLACE = re.compile(r"\{(\w+)(![rs])?\}")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
# Places of measures: elsewhere a number with a point may be a name.
_MEASURES = frozenset(("anls", "first", "full", "last", "loss", "minutes", "quantized", "seconds"))
_DECIMAL = re.compile(r"\d+\.(\d+)")


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence of the catalogue: the English text around its `places` (name, conversion), and what stands for it."""

    around: tuple[str, ...]
    places: tuple[tuple[str, str], ...]
    sentence: str

    def filled(self, text: str) -> str | None:
        found = self._values(text)
        if found is None:
            return None
        values = {
            name: _read(value, conversion, name) for (name, conversion), value in zip(self.places, found, strict=True)
        }
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), self.sentence)

    def _values(self, text: str) -> list[str] | None:
        """What stands in the places, each as short as can be; in linear time: people may have typed the text."""
        first, *inner, last = self.around
        end = len(text) - len(last)
        if not (text.startswith(first) and text.endswith(last)):
            return None
        at, values = len(first), []
        for part in inner:
            found = text.find(part, at, end)
            if found < 0:
                return None
            values.append(text[at:found])
            at = found + len(part)
        return [*values, text[at:end]] if at <= end else None


def translated(text: str | BaseException) -> str:
    """An error, or the text of one that was stored; as it is where the catalogue does not know it."""
    text = str(text)
    if not text or (known := gettext(text)) != text:
        return known if text else ""
    return _filled(text, get_language())


@lru_cache(4096)
def _filled(text: str, language: str) -> str:
    """Kept: a log is shown again and again."""
    return next((filled for each in _templates(language) if (filled := each.filled(text)) is not None), text)


@cache
def _templates(language: str) -> tuple[_Template, ...]:
    """Those with the most text of their own first: the others fit more."""
    path = catalogues.path(language, "django")
    if not path.is_file():
        return ()
    with path.open("rb") as file:
        pairs = [(each.id, each.string) for each in read_mo(file) if isinstance(each.id, str)]
    found = [(english, str(other)) for english, other in pairs if _PLACE.search(english)]
    found.sort(key=lambda pair: -len(_PLACE.sub("", pair[0])))
    return tuple(_template(english, other) for english, other in found)


def _template(english: str, other: str) -> _Template:
    places = tuple((place[1], place[2] or "") for place in _PLACE.finditer(english))
    # The text between two places follows on the name and the conversion of one.
    return _Template(tuple(_PLACE.split(english)[::3]), places, other)


def _read(value: str, conversion: str, name: str) -> str:
    """A value as it stood in the English sentence: a phrase, a text as Python writes it, or anything else."""
    if conversion == "!s":
        return translated(value)
    if name in _MEASURES and (decimal := _DECIMAL.fullmatch(value)):
        return figures.decimal(float(value), len(decimal[1]))
    if conversion != "!r":
        return figures.whole(int(value.replace(",", ""))) if _GROUPED.fullmatch(value) else value
    if value[:1] not in ("'", '"'):
        return value
    try:
        return str(ast.literal_eval(value))
    except (ValueError, SyntaxError):
        return value
