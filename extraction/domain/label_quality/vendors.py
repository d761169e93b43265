"""Vendors: documents of one sender share its name, and often other values, such as its address."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from extraction.domain.field_types import UNKNOWN, Conventions, normalize
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.fields import Field, Schema

# What fields are called that name the sender of a document, and those that name somebody else.
SENDER = re.compile(
    r"vendor|seller|merchant|supplier|company|store|shop|issuer|firm|lieferant|verkäufer|verkaeufer|händler"
)
RECIPIENT = re.compile(r"buyer|customer|client|recipient|address|number|code|tax|vat|phone|mail|käufer|kunde|anschrift")
# A field is constant where so large a share of the documents of vendors with several have their vendor's usual value,
# on at least so many documents.
CONSTANT, FEWEST = 0.8, 5

# A vendor, a field, and what its value means on one document.
Row = tuple[str, str, str]


def vendor_field(schema: Schema) -> Field | None:
    """The field that names who sent a document: the first free text that is called so."""
    texts = (part for part in schema.fields if part.kind.free_text)
    named = ((part, f"{part.name} {part.title}".casefold()) for part in texts)
    return next((part for part, words in named if SENDER.search(words) and not RECIPIENT.search(words)), None)


def meaning(part: Field, value: str | None, conventions: Conventions = UNKNOWN) -> str:
    """The value in the form in which documents of a vendor share it: normalised letters and digits; empty for none."""
    if value is None:
        return ""
    return letters(normalize(part, value, conventions=conventions) or value)


@dataclass(frozen=True)
class Vendors:
    """How many documents of each vendor have which meaning in which field."""

    counts: Mapping[tuple[str, str], Counter[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Vendors:
        """From one row for each document and field; those of no vendor count for nothing."""
        counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for vendor, name, value in rows:
            if vendor:
                counts[vendor, name][value] += 1
        return cls(dict(counts))

    @property
    def constant_fields(self) -> frozenset[str]:
        """The fields that have, as a rule, one value for all documents of a vendor."""
        usual: Counter[str] = Counter()
        documents: Counter[str] = Counter()
        for (_, name), values in self.counts.items():
            if values.total() > 1:
                usual[name] += values.most_common(1)[0][1]
                documents[name] += values.total()
        return frozenset(name for name, all_ in documents.items() if all_ >= FEWEST and usual[name] >= CONSTANT * all_)

    def compare(self, vendor: str, name: str, value: str, own: str | None) -> tuple[int, int]:
        """Other documents of the vendor with the same and with another value; `own` is the value that the label's own
        document counts with (`None`: with none)."""
        counts = self.counts.get((vendor, name), Counter())
        same = counts[value] - (own == value)
        return same, counts.total() - (own is not None) - same
