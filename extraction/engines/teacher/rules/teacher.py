"""Teacher of rules: no model, no network, no key.

It knows printed labels in a few languages, where on a page things usually stand, and what values of a type look like.
Everything works with it before a better teacher is named, and it is the baseline that a student must beat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from extraction.domain.fields import Field, Schema
from extraction.domain.schemas import suggestions
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.protocol import Reading, Reply, Usage
from extraction.engines.teacher.rules import labelled, typed_values
from extraction.engines.teacher.rules.addresses import addresses
from extraction.engines.teacher.rules.candidates import Candidate, best_answer
from extraction.engines.teacher.rules.lines import Row, pieces_of, read_rows
from extraction.engines.teacher.rules.names import companies
from extraction.engines.teacher.suggestion import Suggestion

COMPANY = re.compile(r"company|merchant|vendor|supplier|seller|store|shop|business|issuer|sender")
ADDRESS = re.compile(r"address|adresse|location")

Rule = Callable[[Field, Sequence[Row]], Sequence[Candidate]]


def texts(field: Field, rows: Sequence[Row]) -> Sequence[Candidate]:
    """Names, addresses and numbers: the field's name says which it asks for, else the start of its instruction."""
    special = labelled.plain(field, rows)
    if special is not None:
        return special
    for words in (field.name.replace("_", " "), " ".join(field.instruction.lower().split()[:8])):
        if ADDRESS.search(words):
            return addresses(pieces_of(rows), best_answer(companies(pieces_of(rows))).value)
        if labelled.nouns_of(field):
            return labelled.numbers_of_documents(field, rows)
        if COMPANY.search(words):
            return companies(pieces_of(rows))
    return labelled.behind_own_name(field, rows)


# By the name of the field's type. Other types whose values have a grammar are found by that.
RULES: Mapping[str, Rule] = {
    "text": texts,
    "date": typed_values.dates,
    "money": typed_values.amounts,
    "number": labelled.quantities,
    "choice": labelled.options,
}


class Rules:
    """Answers from keywords, positions and types. It has no opinion about fields without a rule, such as groups."""

    name = "rules"
    outside = False
    provider = provider_id = ""
    concurrency = 1

    def label(self, reading: Reading, schema: Schema) -> Reply:
        rows = read_rows(reading.pages)
        rules = ((field, _rule(field)) for field in schema.fields)
        return Reply({field.name: best_answer(rule(field, rows)) for field, rule in rules if rule is not None})

    def suggest_fields(self, readings: Sequence[Reading]) -> Suggestion:
        documents = [[[piece.text for piece in row.pieces] for row in read_rows(each.pages)] for each in readings]
        return Suggestion(suggestions.noun(documents), suggestions.suggest(documents))

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        return Usage()

    def prompt(self, schema: Schema) -> Prompt | None:
        return None


def has_rule(field: Field) -> bool:
    """Whether the rules ever answer for such a field."""
    return _rule(field) is not None


def _rule(field: Field) -> Rule | None:
    return RULES.get(field.type) or (typed_values.typed_values if field.kind.typed else None)
