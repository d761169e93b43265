"""Field types: one module each, registered by name.

A type says how its values are declared, read, found on pages, learned, asked for, shown and stored. Importing the
package registers the types that come with it; `docs/recipes/field-type.md` tells how to add one.
"""

import datetime

from extraction.domain.field_types import registry
from extraction.domain.field_types.base import (
    AS_PRINTED,
    FieldType,
    InvalidValue,
    Meaning,
    RowsShape,
    StudentTask,
    TextShape,
    Widget,
)
from extraction.domain.field_types.choice import Choice
from extraction.domain.field_types.date import Date
from extraction.domain.field_types.group import Group
from extraction.domain.field_types.money import Money
from extraction.domain.field_types.number import Number
from extraction.domain.field_types.readers.candidates import DayOrder
from extraction.domain.field_types.readers.conventions import UNKNOWN, Conventions
from extraction.domain.field_types.text import Text
from extraction.domain.field_types.values import (
    Certainty,
    Comparable,
    agree,
    comparable,
    is_ambiguous,
    is_invalid,
    normalize,
    read,
    same,
)

__all__ = [
    "AS_PRINTED",
    "UNKNOWN",
    "Certainty",
    "Comparable",
    "Conventions",
    "DayOrder",
    "FieldType",
    "InvalidValue",
    "Meaning",
    "RowsShape",
    "StudentTask",
    "TextShape",
    "Widget",
    "agree",
    "comparable",
    "is_ambiguous",
    "is_invalid",
    "normalize",
    "read",
    "registry",
    "same",
]


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


# In the order in which the form and error messages list them.
for _kind in (Text(), Date(today=_today), Money(), Number(), Choice(), Group()):
    registry.register(_kind)
