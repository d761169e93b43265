"""The teacher that needs nothing: no model, no network, no key.

It knows printed labels in a few languages, where on a page things usually stand, and what values of a type look like.
It is there so that everything works before a better teacher is named, and to tell what a student must beat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.domain.fields import Field, FieldType, Schema
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Usage
from extraction.engines.teacher.rules import amounts, labelled
from extraction.engines.teacher.rules.addresses import addresses
from extraction.engines.teacher.rules.candidates import decide
from extraction.engines.teacher.rules.lines import Row, pieces_of, read_rows
from extraction.engines.teacher.rules.names import companies

COMPANY = re.compile(r"company|merchant|vendor|supplier|seller|store|shop|business|issuer|sender")
ADDRESS = re.compile(r"address|adresse|location")


class Rules:
    """Answers from keywords, positions and types. Groups are beyond it: it has no opinion about them."""

    name = "rules"
    outside = False
    provider = ""
    concurrency = 1

    def label(self, reading: Reading, schema: Schema) -> Reply:
        rows = read_rows(reading.pages)
        fields = (field for field in schema.fields if field.type is not FieldType.GROUP)
        return Reply({field.name: _answer(field, rows) for field in fields})

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        return Usage()

    def prompt(self, schema: Schema) -> Prompt | None:
        return None


def _answer(field: Field, rows: Sequence[Row]) -> Answer:
    match field.type:
        case FieldType.MONEY:
            return decide(amounts.amounts(field, rows))
        case FieldType.DATE:
            return decide(amounts.dates(field, rows))
        case FieldType.NUMBER:
            return decide(labelled.quantities(field, rows))
        case FieldType.CHOICE:
            return decide(labelled.options(field, rows))
        case _:
            return _text(field, rows)


def _text(field: Field, rows: Sequence[Row]) -> Answer:
    """The field's name says what kind of text it wants, else the start of its instruction."""
    for wanted in (field.name.replace("_", " "), " ".join(field.instruction.lower().split()[:8])):
        if ADDRESS.search(wanted):
            return decide(addresses(pieces_of(rows), decide(companies(pieces_of(rows))).value))
        if labelled.nouns_of(field):
            return decide(labelled.numbers_of_documents(field, rows))
        if COMPANY.search(wanted):
            return decide(companies(pieces_of(rows)))
    special = labelled.plain(field, rows)
    return decide(labelled.behind_own_name(field, rows) if special is None else special)
