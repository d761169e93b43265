"""Roles: which field of a schema holds what a check asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from extraction.domain.claims.mapping import by_names, names_of
from extraction.domain.fields import Field, Schema
from extraction.domain.label_quality.vendors import vendor_field

# The roles by the types of their fields; columns of tables of claims are called by the same names.
NAMED = {
    "amount": ("total", "money"),
    "date": ("date", "date"),
    "currency": ("currency", "text"),
    "number": ("invoicenumber", "text"),
    "tax": ("tax", "money"),
    "subtotal": ("net", "money"),
    "tip": ("tip", "money"),
}
# Dates and amounts of a document that are none of a purchase, and parts of the amount to pay.
OTHER_DATE = re.compile(r"due|deliver|expir|birth|fällig|liefer")
PART = re.compile(
    r"tax|vat|gst|net\b|subtotal|tip|gratuity|discount|rounding|change|cash|steuer|netto|rabatt|trinkgeld"
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Fields by role; `rows` is the group of articles. `None` where the schema has none."""

    fields: Mapping[str, Field]
    merchant: Field | None
    rows: Field | None

    @classmethod
    def of(cls, schema: Schema) -> Self:
        columns = [name for name, _ in NAMED.values()]
        found = by_names(columns, names_of(schema))
        fields = {}
        for number, (role, (_, kind)) in enumerate(NAMED.items()):
            part = schema[found[number]] if number in found else None
            if part is not None and (part.type == kind or (kind == "text" and part.type == "choice")):
                fields[role] = part
        for role, kind, unlike in (("amount", "money", PART), ("date", "date", OTHER_DATE)):
            if role not in fields and (part := _first(schema, kind, unlike)):
                fields[role] = part
        rows = next((part for part in schema.fields if part.kind.has_parts), None)
        return cls(fields, vendor_field(schema), rows)

    @property
    def complete(self) -> bool:
        """Whether claims can be compared with documents of the schema: it has an amount."""
        return "amount" in self.fields


def _first(schema: Schema, kind: str, unlike: re.Pattern[str]) -> Field | None:
    """The first field of that type that is called like none of the others; a required one before others."""
    fields = [part for part in schema.fields if part.type == kind]
    likely = [part for part in fields if not unlike.search(f"{part.name} {part.title}".casefold())]
    return min(likely, key=lambda part: not part.required, default=None)
