"""Ratings of captions, and of words that say what a value is, for a field: by the rules' vocabulary and by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial

from rapidfuzz import fuzz

from extraction.domain.fields import Field, Schema
from extraction.engines.teacher.prompting.field_aliases import aliases_of
from extraction.engines.teacher.rules.labelled import BEFORE, MARKER, nouns_of
from extraction.engines.teacher.rules.roles import DATES, DUE, GROSS, ISSUED, MONEY, TOTAL, Role, role_of
from extraction.engines.teacher.rules.teacher import ADDRESS, COMPANY, RECIPIENT
from extraction.engines.teacher.rules.values.amounts import asked_role
from extraction.engines.teacher.rules.values.forms import asked_form
from extraction.engines.teacher.rules.values.parties import Side, asked_side
from extraction.engines.teacher.rules.vocabulary import Meaning, has, places, translations, unaccented

# The caption is the field's name; it holds all words of it; it is nearly spelled so.
SAME, HOLDS, NEAR = 3.5, 2.4, 2.2
NEARLY = 90.0
# The caption names the thing whose number the field is, with or without the word for a number.
NUMBERED, NAMED = 3.0, 1.8
PARTY = 3.0
FORM = 2.0
# Names of fields for the day on which a document was issued.
DAY_OF_ISSUE = re.compile(
    r"^(?:date|day|(?:the )?(?:invoice|receipt|issue|issued|purchase|transaction|document|bill|booking|sale)s? ?"
    r"(?:date|day|on)?)$"
)
OTHER_PARTY = re.compile(r"customer|client|recipient|buyer|bill(?:ed|ing)? to|ship\w*|deliver\w*|consignee|payer")
NAME = re.compile(
    r"\bname\b|business|company|merchant|vendor|supplier|seller|store|shop|issuer|sender|customer|buyer|recipient"
)
NO_NAME = re.compile(
    r"[@\d]|address|num[be]ro?|nummer|phone|mail|web|\b(?:id|no|nr|n|idnr|vat|ust|tva|tax)\b|code|slogan|cashier|clerk|"
    r"server|bank|contact|person|account|branch|type|date|art\b"
)
# Of a caption that names a party.
MOST_WORDS = 4

Rating = Callable[[str], float]


class Asked(Enum):
    """What a field of texts asks for, as far as the rules tell such fields apart."""

    FORM = "form"  # a number, address or time that is known by its form
    ADDRESS = "address"
    NUMBER = "number"  # of a document, an order, a customer, …
    ISSUER = "issuer"
    RECIPIENT = "recipient"


def rating(field: Field, schema: Schema) -> Rating:
    """How much a label speaks for the field: from `SAME` down to 0 for nothing, below 0 against it."""
    if (role := _role(field, schema)) is not None:
        # What it is called says less: `Total` alone can be before tax.
        return partial(_of_role, role)
    by_name, by_meaning = _by_name(field), _of_text(field) if field.type == "text" else _nothing
    return lambda label: max(by_name(label), by_meaning(label))


def _role(field: Field, schema: Schema) -> Role | None:
    """What the rules know an amount or a date of that name by; `None` for all other fields."""
    if field.type == "money":
        role = asked_role(field, schema)
        return role if role in MONEY else None
    if field.type == "date":
        issued = ISSUED if DAY_OF_ISSUE.match(field.name.replace("_", " ")) else None
        return role_of(field.name, "", DATES[:-1]) or issued
    return None


def _of_role(role: Role, label: str) -> float:
    taxes = places(label, Meaning.TAX) if role in (TOTAL, GROSS, DUE) else ()
    # `GST included in total` stands before the tax.
    return 0.0 if taxes and not label[: taxes[0][0]].strip(" (*") else role.rating(label)


def is_party(field: Field) -> bool:
    """Whether the field asks for the name of the issuer or of the recipient."""
    return field.type == "text" and _asked(field) in (Asked.ISSUER, Asked.RECIPIENT)


def _asked(field: Field) -> Asked | None:
    """What a text is: its name says so, else the start of its instruction."""
    if asked_form(field) is not None:
        return Asked.FORM
    for words in (field.name.replace("_", " "), " ".join(field.instruction.lower().split()[:8])):
        if ADDRESS.search(words):
            return Asked.ADDRESS
        if nouns_of(field) is not None:
            return Asked.NUMBER
        if RECIPIENT.search(words) and not COMPANY.search(words):
            return Asked.RECIPIENT
        if COMPANY.search(words):
            return Asked.ISSUER
    return None


def _of_text(field: Field) -> Rating:
    match _asked(field):
        case Asked.FORM:
            # The form itself tells the value: the label must only not be of somebody else.
            return lambda label: FORM * (_side(label) is asked_side(field))
        case Asked.ADDRESS:
            return lambda label: PARTY * (_is_address(label) and _side(label) is asked_side(field))
        case Asked.NUMBER:
            return _of_number(nouns_of(field) or "")
        case Asked.ISSUER | Asked.RECIPIENT:
            return lambda label: PARTY * (_is_name(label) and _side(label) is asked_side(field))
        case None:
            return _nothing


def _of_number(nouns: str) -> Rating:
    strong = re.compile(rf"(?<![^\W\d_])(?:(?:{nouns}){MARKER}|{BEFORE}(?:{nouns})(?![^\W\d_]))")
    weak = re.compile(rf"(?:{nouns})")

    def rated(label: str) -> float:
        simple = unaccented(label).strip(" .:#")
        return NUMBERED if strong.search(simple + " ") else NAMED * bool(weak.fullmatch(simple))

    return rated


def _side(label: str) -> Side:
    other = OTHER_PARTY.search(label.lower()) or has(label, Meaning.RECIPIENT)
    return Side.RECIPIENT if other else Side.ISSUER


def _is_address(label: str) -> bool:
    return bool(re.search(r"\b(?:address|adresse|anschrift|location)\b", unaccented(label)))


def _is_name(label: str) -> bool:
    simple = unaccented(label)
    if NO_NAME.search(simple) or len(simple.split()) > MOST_WORDS:
        return False
    return bool(NAME.search(simple)) or has(label, Meaning.ISSUER) or has(label, Meaning.RECIPIENT)


def _by_name(field: Field) -> Rating:
    names = list(dict.fromkeys(_names(field)))
    # A single word says little, unless the value is one of a few anyway.
    least = 1 if field.options else 2

    def rated(label: str) -> float:
        label = unaccented(label).strip(" .:#-*")
        if label in names:
            return SAME
        words = set(re.findall(r"\w+", label))
        if any(len(name.split()) >= least and set(name.split()) <= words for name in names):
            return HOLDS
        return NEAR * any(len(name) > 4 and fuzz.ratio(label, name) >= NEARLY for name in names)

    return rated


def _names(field: Field) -> Iterator[str]:
    """What prints the field's name: its words, without abbreviations, and in the languages of the vocabulary."""
    alias = aliases_of((field,))[field.name]
    for name in (field.name.replace("_", " "), alias.replace("_", " "), *translations(field.name)):
        yield " ".join(unaccented(name).split())


def _nothing(label: str) -> float:
    return 0.0
