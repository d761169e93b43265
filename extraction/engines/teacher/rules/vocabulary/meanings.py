"""What printed words can mean to the rules, and a language's words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Meaning(Enum):
    """Of a label beside an amount or a date, or of a part of a name, an address or a head line."""

    TOTAL_DUE = auto()  # names the amount to pay and nothing else
    TOTAL_ROUNDED = auto()  # the total after tax or rounding
    AMOUNT_DUE = auto()  # names what is left to pay
    PREPAID = auto()  # what was paid before, taken off
    TOTAL = auto()
    PAYABLE = auto()  # may name the amount to pay
    PAYMENT = auto()  # how it was paid, where the amount stands again
    SUBTOTAL = auto()
    BEFORE_TAX = auto()
    NET = auto()
    TAX = auto()
    TAX_TOTAL = auto()
    TAX_LINE = auto()  # the amount beside it is a tax, whatever else the label says
    TAX_ELSEWHERE = auto()  # speaks of a tax without its amount
    GROSS = auto()
    DISCOUNT = auto()
    ROUNDING = auto()
    ROUNDED = auto()
    TENDERED = auto()
    CASH = auto()
    CARD = auto()
    CHANGE = auto()
    SERVICE = auto()
    TIP = auto()
    COUNT = auto()  # pieces, not money
    OTHER_AMOUNT = auto()  # points, unit prices, balances
    DATE = auto()
    TIME = auto()
    ISSUED = auto()
    DUE = auto()
    DELIVERY = auto()
    ORDERED = auto()
    OTHER_DATE = auto()
    LEGAL_FORM = auto()
    TRADE = auto()
    STREET = auto()
    UNIT = auto()
    REGION = auto()
    CONTACT = auto()
    PHONE = auto()
    FAX = auto()
    REGISTRATION = auto()
    TAX_ID = auto()  # stands before a number under which a business is taxed
    TITLE = auto()
    RECIPIENT = auto()
    ISSUER = auto()


class Numbered(Enum):
    """A thing whose number a field may ask for."""

    CUSTOMER = auto()
    ORDER = auto()
    TAX = auto()
    TABLE = auto()
    DOCUMENT = auto()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A language's words.

    `phrases` lists words with commas between them, as they are written; case, accents and the signs between words do
    not matter, and a star at the begin or end of a word stands for more letters. A single word in capitals is found in
    capitals only. `patterns` are regular expressions for what phrases cannot say, without accents and capitals.
    `postcodes` are regular expressions of printed text, `numbered` of nouns without accents and capitals.
    `labels` lists, by an English word of fields' names, the labels that print it.
    """

    code: str
    phrases: Mapping[Meaning, str] = field(default_factory=dict)
    patterns: Mapping[Meaning, str] = field(default_factory=dict)
    postcodes: tuple[str, ...] = ()
    numbered: Mapping[Numbered, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
