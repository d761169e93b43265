"""The value of a field in a printed value of a listing, by the field's type and form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from extraction.domain.field_types import StudentTask, normalize
from extraction.domain.field_types.readers.dates import find_dates, find_days
from extraction.domain.fields import Field
from extraction.engines.teacher.listing.captions import is_party
from extraction.engines.teacher.listing.prompt import Listed
from extraction.engines.teacher.rules.labelled import NUMBER, SYNONYMS, nouns_of
from extraction.engines.teacher.rules.names import name_score
from extraction.engines.teacher.rules.values.currency import asks_for_currency
from extraction.engines.teacher.rules.values.forms import Found, asked_form
from extraction.engines.teacher.rules.vocabulary import has

# Words of a currency may stand around an amount, other words make it a sentence about one.
MOST_AROUND = 6
# The score of a form from which it is told by itself, or by its caption.
TOLD = 1.9
# What the rules' rating of a name must be above: numbers, addresses and headings are below it.
LEAST_NAME = -1.0


def value_in(field: Field, listed: Listed) -> str | None:
    """The text that the field would have, as printed; `None` where the listed value is none of its type."""
    text = listed.value
    if field.kind.has_parts or len(text) > field.kind.longest:
        return None
    if field.kind.student_task is StudentTask.CHOOSE:
        return _option(field, text)
    if field.kind.typed:
        return _typed(field, text)
    if asks_for_currency(field):
        return None
    if (form := asked_form(field)) is not None:
        found = [_form(form.find, label, text) for label in (listed.caption, listed.what, "")]
        return next((value for value in found if value is not None), None)
    if nouns_of(field) is not None:
        match = NUMBER.fullmatch(text)
        return match[1] if match and not find_dates(match[1]) else None
    if is_party(field):
        return text if name_score(text) > LEAST_NAME and not text.endswith(":") else None
    return text


def _option(field: Field, text: str) -> str | None:
    """The text where it names an option, else the one option for which it is another word."""
    if normalize(field, text) is not None:
        return text
    meant = [option for option in field.options if has(text, *SYNONYMS.get(option.lower(), ()))]
    return meant[0] if len(meant) == 1 else None


def _typed(field: Field, text: str) -> str | None:
    """The one value of the type; with a date its time of day may stand, with an amount its currency."""
    found = {text[start:end] for start, end in (find_days(text) if field.type == "date" else field.kind.find(text))}
    if len(found) != 1:
        return None
    value = found.pop()
    if field.kind.numeric and len(re.sub(r"\s", "", text.replace(value, "", 1))) > MOST_AROUND:
        return None
    return value


def _form(find: Callable[[str], Iterable[Found]], label: str, text: str) -> str | None:
    """The one text of that form in the value, told by itself or by the label before it."""
    line = f"{label}: {text}" if label else text
    begin = len(line) - len(text)
    found = {line[start:end] for start, end, score in find(line) if start >= begin and score >= TOLD}
    return found.pop() if len(found) == 1 else None
