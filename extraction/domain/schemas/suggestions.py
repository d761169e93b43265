"""Fields suggested from a few documents: values that stand behind a printed key, such as `Invoice No: 123`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extraction.domain.field_types import normalize, read
from extraction.domain.fields import NAME, RESERVED_NAMES, Field
from extraction.domain.schemas.names import field_name

MOST_FIELDS = 15
# Of a key and a value; longer ones are sentences.
LONGEST_KEY, MOST_WORDS, LONGEST_VALUE = 40, 4, 80
DOCUMENT = "document"

# Pieces of text side by side, as they are printed on one row.
Row = Sequence[str]

_KEYED = re.compile(r"(?P<key>[^\W\d_][^:=|]*?)\s*[:=]\s*(?P<value>\S.*)")
_BEFORE_VALUE = re.compile(r"(?P<key>[^\W\d_][^:\d]*?)[\s.]+(?P<value>[^\w\s]{0,2}\s?(?:[A-Z]{2,3}\s)?[\d(-].*)")
_KEY = re.compile(r"[^\W\d_][\w .,#/()&'°º-]*")
# Money shows itself by two decimals or a sign of currency; a plain number does not.
_DECIMALS = re.compile(r"\d[.,]\d{2}(?!\d)|[$€£¥₹]")
_IDENTIFIER = re.compile(
    r"(?:^|_)(?:no|nr|num|number|nummer|id|code|ref|reference|tel|phone|fax|zip|account|iban)(?:_|$)"
)
_NOUNS = ("invoice", "receipt", "purchase order", "delivery note", "credit note", "statement", "contract")


@dataclass(frozen=True, slots=True)
class Keyed:
    """A value with the key that it stands behind, and the text of both as printed."""

    key: str
    value: str
    printed: str

    @property
    def name(self) -> str:
        return field_name(self.key)


def suggest(documents: Sequence[Sequence[Row]]) -> tuple[Field, ...]:
    """Fields for the keys that most of the documents print, in the order in which they are printed first."""
    found: dict[str, list[Keyed]] = {}
    for rows in documents:
        seen = set()
        for keyed in _all_keyed(rows):
            if keyed.name not in seen:
                seen.add(keyed.name)
                found.setdefault(keyed.name, []).append(keyed)
    common = [name for name in found if 2 * len(found[name]) > len(documents)]
    return tuple(_field(name, found[name]) for name in common[:MOST_FIELDS])


def noun(documents: Sequence[Sequence[Row]]) -> str:
    """What most of the documents call themselves; `document` where they do not say."""
    texts = (" ".join(piece for row in rows for piece in row).lower() for rows in documents)
    counts = Counter(noun for text in texts for noun in _NOUNS if re.search(rf"\b{noun}\b", text))
    return counts.most_common(1)[0][0] if counts else DOCUMENT


def _all_keyed(rows: Iterable[Row]) -> Iterator[Keyed]:
    for row in rows:
        for keyed in _keyed(row):
            if NAME.fullmatch(keyed.name) and keyed.name not in RESERVED_NAMES:
                yield keyed


def _keyed(row: Row) -> Iterator[Keyed]:
    """What one row says: a key and its value in one piece, or in two that stand side by side."""
    waiting = ""
    for piece in row:
        match = _KEYED.fullmatch(piece.strip()) or (None if waiting else _BEFORE_VALUE.fullmatch(piece.strip()))
        if match and _is_key(match["key"]) and _is_value(match["value"]):
            yield Keyed(match["key"], match["value"], piece.strip())
            waiting = ""
        elif waiting and _is_value(piece) and (waiting.endswith((":", "=")) or type_of(waiting, piece) != "text"):
            yield Keyed(waiting.rstrip(":= "), piece.strip(), f"{waiting} {piece.strip()}")
            waiting = ""
        else:
            waiting = piece.strip() if _is_key(piece.strip().rstrip(":= ")) else ""


def _is_key(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    return letters > 1 and len(text) <= LONGEST_KEY and len(text.split()) <= MOST_WORDS and bool(_KEY.fullmatch(text))


def _is_value(text: str) -> bool:
    # `http://…` is no key with a value.
    return 0 < len(text.strip()) <= LONGEST_VALUE and not text.startswith("//")


def type_of(key: str, value: str) -> str:
    """The type of field whose values look like this one."""
    if read(Field("value", "date"), value).meanings:
        return "date"
    if _IDENTIFIER.search(field_name(key)):
        return "text"
    if _DECIMALS.search(value) and normalize(Field("value", "money"), value) is not None:
        return "money"
    return "number" if normalize(Field("value", "number"), value) is not None else "text"


def _field(name: str, keyed: Sequence[Keyed]) -> Field:
    """Of the type of most values; one that some of them cannot have is a text."""
    types = Counter(type_of(each.key, each.value) for each in keyed)
    chosen = types.most_common(1)[0][0] if len(types) == 1 else "text"
    first = keyed[0]
    return Field(name, chosen, f"what is printed behind “{first.key}”", ((first.printed, first.value),))
