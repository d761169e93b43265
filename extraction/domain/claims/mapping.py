"""Column mapping of a table of claims: which column names the document, which field each other one fills, and what it
says about the claim itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from extraction.domain.claims.attributes import NAMES, NEEDED, Attribute
from extraction.domain.fields import Field, Schema
from extraction.domain.json_types import JsonObject

# Names under which tables and fields have the same values, as `plain` writes them.
SYNONYMS = tuple(
    frozenset(names.split())
    for names in (
        "total totalamount grandtotal amount gross grossamount sum betrag gesamt gesamtbetrag brutto summe",
        "date receiptdate invoicedate documentdate datum belegdatum rechnungsdatum kaufdatum",
        "company vendor vendorname merchant supplier seller store shop firma handler lieferant verkaufer unternehmen",
        "address vendoraddress selleraddress adresse anschrift",
        "invoicenumber invoiceno receiptnumber documentnumber rechnungsnummer rechnungsnr belegnummer belegnr",
        "currency wahrung",
        "tax taxamount vat vatamount gst steuer mwst ust steuerbetrag",
        "net netamount subtotal netto nettobetrag",
    )
)
# What columns that name the document are called.
DOCUMENT_NAMES = frozenset(
    (
        *("file", "filename", "filepath", "path", "document", "documentname", "receipt", "sha256"),
        *("datei", "dateiname", "dateipfad", "pfad", "beleg", "dokument"),
    )
)


class EmptyCells(StrEnum):
    """What an empty cell says about its field."""

    NOTHING = "nothing"
    ABSENT = "absent"  # that it is not on the document


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Columns count from 0. `document` is the column that names the document (`None`: not
    chosen yet), `fields` has a name by column, `claim` what it says about a claim; a column can do both. Without
    `claim` lines make labels alone. `names`: the names of employees are kept beside their pseudonyms."""

    document: int | None
    fields: Mapping[int, str]
    empty: EmptyCells = EmptyCells.NOTHING
    claim: Mapping[int, Attribute] = field(default_factory=dict)
    names: bool = False

    def to_json(self) -> JsonObject:
        fields = {str(column): name for column, name in sorted(self.fields.items())}
        claim = {str(column): attribute.value for column, attribute in sorted(self.claim.items())}
        return {
            "document": self.document,
            "fields": fields,
            "empty": self.empty.value,
            "claim": claim,
            "names": self.names,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        fields = {int(column): name for column, name in value["fields"].items()}
        # Imports of earlier versions made labels alone.
        claim = {int(column): Attribute(name) for column, name in value.get("claim", {}).items()}
        return cls(value["document"], fields, EmptyCells(value["empty"]), claim, value.get("names", False))


def plain(name: str) -> str:
    """A column's or field's name as it is compared: letters and digits in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]+", "", "".join(each for each in decomposed if not unicodedata.combining(each)))


def mappable(schema: Schema) -> list[Field]:
    """The fields that a column can fill: one cell holds no rows of a group."""
    return [field for field in schema.fields if not field.kind.has_parts]


def doubled(columns: Sequence[str]) -> set[int]:
    """The columns whose name another one has, too."""
    counts = Counter(plain(name) for name in columns)
    return {at for at, name in enumerate(columns) if counts[plain(name)] > 1}


def by_names(columns: Sequence[str], names: Mapping[str, str]) -> dict[int, str]:
    """The columns that are called as one of `names`, which lead to fields, or by a synonym; of doubled columns none."""
    single = [column for column in range(len(columns)) if column not in doubled(columns)]
    found: dict[int, str] = {}
    for key in (plain, _synonym):
        known = {key(name): field for name, field in names.items() if plain(name)}
        for column in single:
            field = known.get(key(columns[column]))
            if field and column not in found and field not in found.values():
                found[column] = field
    return dict(sorted(found.items()))


def claim_by_names(columns: Sequence[str], remembered: Mapping[str, Attribute | None]) -> dict[int, Attribute]:
    """What columns say about a claim, as was chosen for their names before (`None`: nothing), else by what they are
    called; nothing at all where one that every claim needs is missing."""
    known = {plain(name): attribute for name, attribute in remembered.items()}
    named = {name: attribute for attribute, names in NAMES.items() for name in names}
    single = [column for column in range(len(columns)) if column not in doubled(columns)]
    found: dict[int, Attribute] = {}
    for source in (known, {name: attribute for name, attribute in named.items() if name not in known}):
        for column in single:
            attribute = source.get(plain(columns[column]))
            if attribute is not None and column not in found and attribute not in found.values():
                found[column] = attribute
    return dict(sorted(found.items())) if set(NEEDED) <= set(found.values()) else {}


def names_of(schema: Schema) -> dict[str, str]:
    """The fields by their names and titles."""
    return {title: field.name for field in mappable(schema) for title in (field.name, field.title)}


def _synonym(name: str) -> str:
    """One name for all that mean the same."""
    name = plain(name)
    return next((min(names) for names in SYNONYMS if name in names), name)
