"""Rules for dates, and for values that the field's own type finds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extraction.domain.field_types import normalize
from extraction.domain.field_types.readers.dates import find_days, is_period, is_thai
from extraction.domain.fields import Field
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Row
from extraction.engines.teacher.rules.roles import DATES, ISSUED, own_words, role_of
from extraction.engines.teacher.rules.values.occurrences import Occurrence, occurrences

# The score of a value with a grammar of its own (an account number) beside no label: seldom anything else.
TYPED_VALUE = 1.0
# Against an end of a period, which is no date of a document.
OF_PERIOD = 1.5


def dates(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Every date on the document, rated for the field."""
    role = role_of(field.name, field.instruction, DATES) or ISSUED
    thai = any(is_thai(row.text) for row in rows)
    found = list(occurrences(rows, lambda line: find_days(line, thai=thai)))
    times = Counter(place.value for place in found)
    rated = []
    for place in found:
        score = place.rating(role) + (_date_shape(place, times) if role is ISSUED else 0.0)
        of_period = is_period(place.row.text, place.value)
        rated.append(Candidate(place.value, place.row.text, score - OF_PERIOD * of_period, of_period))
    return rated


def typed_values(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Every value that the field's type finds, rated by the field's own name as its label and by being one at all."""
    return [
        Candidate(place.value, place.row.text, TYPED_VALUE + place.rating(own_words(field.name)))
        for place in occurrences(rows, field.kind.find)
        if normalize(field, place.value) is not None
    ]


def _date_shape(place: Occurrence, times: Counter[str]) -> float:
    """The date of issue stands beside a time of day, near the top, and is printed again."""
    timed = re.search(r"\d{1,2}[:.]\d{2}", place.row.text.replace(place.value, " "))
    return 1.0 + 0.8 * bool(timed) + 0.3 * min(times[place.value] - 1, 2) - 0.8 * place.row.top
