"""Teacher of rules: no model, no network, no key.

It knows printed labels in a few languages, where on a page things usually stand, and what values of a type look like.
Everything works with it before a better teacher is named, and it is the baseline that a student must beat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from extraction.domain.fields import Field, Schema
from extraction.domain.schemas import suggestions
from extraction.engines.teacher.prompting.prompts import Prompt
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Usage
from extraction.engines.teacher.rules import labelled
from extraction.engines.teacher.rules.addresses import addresses
from extraction.engines.teacher.rules.candidates import Candidate, best_answer
from extraction.engines.teacher.rules.document import Document
from extraction.engines.teacher.rules.lines import read_rows
from extraction.engines.teacher.rules.names import companies
from extraction.engines.teacher.rules.tables.items import asks_for_items, items
from extraction.engines.teacher.rules.values.amounts import amounts
from extraction.engines.teacher.rules.values.currency import asks_for_currency, currency
from extraction.engines.teacher.rules.values.dates import dates, typed_values
from extraction.engines.teacher.rules.values.forms import forms
from extraction.engines.teacher.rules.values.keyed import behind_own_name
from extraction.engines.teacher.rules.values.parties import recipients
from extraction.engines.teacher.suggestion import Suggestion

COMPANY = re.compile(r"company|merchant|vendor|supplier|seller|store|shop|business|issuer|sender")
RECIPIENT = re.compile(r"buyer|customer|client|recipient|bill(?:ed|ing)? to|sold to|consignee|payer")
ADDRESS = re.compile(r"address|adresse|location")

Rule = Callable[[Field, Document], Sequence[Candidate]]


def texts(field: Field, document: Document) -> Sequence[Candidate]:
    """Names, addresses, numbers: the field's name says which it asks for, else the start of its instruction."""
    if asks_for_currency(field):
        return currency(field, document.rows)
    special = forms(field, document.rows)
    if special is not None:
        return special
    for words in (field.name.replace("_", " "), " ".join(field.instruction.lower().split()[:8])):
        if ADDRESS.search(words):
            return addresses(document.pieces, document.issuer)
        if labelled.nouns_of(field):
            return labelled.numbers_of_documents(field, document.rows)
        if RECIPIENT.search(words) and not COMPANY.search(words):
            return recipients(document.pieces, document.issuer)
        if COMPANY.search(words):
            return companies(document.pieces)
    return behind_own_name(field, document.rows)


def choices(field: Field, document: Document) -> Sequence[Candidate]:
    return currency(field, document.rows) if asks_for_currency(field) else labelled.options(field, document.rows)


# By the name of the field's type. Other types whose values have a grammar are found by that.
RULES: Mapping[str, Rule] = {
    "text": texts,
    "date": lambda field, document: dates(field, document.rows),
    "money": lambda field, document: amounts(field, document.amounts, document.schema),
    "number": lambda field, document: labelled.quantities(field, document.rows),
    "choice": choices,
}


class Rules:
    """Answers from keywords, positions and types, and rows of items from the arithmetic of amounts.

    It has no opinion about fields without a rule, such as groups that are no items, nor about rows that it cannot tell.
    """

    name = "rules"
    outside = False
    provider = provider_id = ""
    concurrency = 1

    def label(self, reading: Reading, schema: Schema, limit: Decimal | None = None) -> Reply:
        document = Document(read_rows(reading.pages), schema)
        answers = ((field.name, _answer(field, document)) for field in schema.fields)
        return Reply({name: answer for name, answer in answers if answer is not None})

    def suggest_fields(self, readings: Sequence[Reading]) -> Suggestion:
        documents = [[[piece.text for piece in row.pieces] for row in read_rows(each.pages)] for each in readings]
        return Suggestion(suggestions.noun(documents), suggestions.suggest(documents))

    def estimate(self, schema: Schema, documents: int, pages: int | None = None) -> Usage:
        return Usage()

    def most(self, schema: Schema, pages: int) -> Usage:
        return Usage()

    def prompt(self, schema: Schema) -> Prompt | None:
        return None


def has_rule(field: Field) -> bool:
    """Whether the rules ever answer for such a field."""
    return asks_for_items(field) if field.kind.has_parts else _rule(field) is not None


def _answer(field: Field, document: Document) -> Answer | None:
    if field.kind.has_parts:
        return items(field, document) if asks_for_items(field) else None
    rule = _rule(field)
    return None if rule is None else best_answer(rule(field, document))


def _rule(field: Field) -> Rule | None:
    return RULES.get(field.type) or (_typed if field.kind.typed else None)


def _typed(field: Field, document: Document) -> Sequence[Candidate]:
    return typed_values(field, document.rows)
