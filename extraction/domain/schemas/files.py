"""Schema files: the fields of a project, and how its dates are read, and its languages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Self

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema, SchemaError
from extraction.domain.languages import UnknownLanguage, known
from extraction.domain.notation import texts

# Which part of a date such as 01/02/2018 comes first: as the dates show, the day, the month.
DATE_ORDERS = ("found", "dmy", "mdy", "ymd")


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """A schema with the order of day and month, one of `DATE_ORDERS`, and the codes of the documents' languages.

    `None`: the file does not say. Without any code languages are found automatically.
    """

    schema: Schema
    dates: str | None = None
    languages: tuple[str, ...] | None = None

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """Raises `SchemaError`, with line and column where the TOML is broken."""
        try:
            value = texts.toml(text, texts.THE_SCHEMA)
        except texts.Unreadable as error:
            raise SchemaError(str(error)) from None
        dates = value.pop("dates", None)
        if dates is not None and dates not in DATE_ORDERS:
            raise SchemaError(
                gettext_noop("'dates' is one of {known}, not {dates!r}."), known=", ".join(DATE_ORDERS), dates=dates
            )
        spoken = value.pop("languages", None)
        return cls(Schema.from_json(value), dates, None if spoken is None else _languages(spoken))

    def to_toml(self) -> str:
        """`from_toml` restores an equal value."""
        head, separator, fields = self.schema.to_toml().partition("\n\n")
        dates = f'\ndates = "{self.dates}"' if self.dates else ""
        spoken = f"\nlanguages = {json.dumps(self.languages)}" if self.languages is not None else ""
        return head + dates + spoken + separator + fields


def _languages(value: object) -> tuple[str, ...]:
    """Raises `SchemaError`."""
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise SchemaError(gettext_noop("'languages' is a list of codes such as ['el', 'en']."))
    try:
        return known(value)
    except UnknownLanguage as error:
        raise SchemaError(str(error)) from None
