"""Rules for values behind their own label (numbers, names of persons), for choices and for quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from extraction.domain.field_types.choice import match_option
from extraction.domain.field_types.readers.amounts import parse_number
from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.fields import Field
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Piece, Row
from extraction.engines.teacher.rules.vocabulary import Meaning, Numbered, places, unaccented, vocabularies

# Text is compared without case and accents: `Nº` reads `no`, `Số` reads `so`.
MARKER = r"[\s.:-]*(?:no\b|nr\b|nro\b|num(?:ber|mer|ero)?\b|n\.?[°o]|n\.|#|id\b|code\b|so\b|番号)"
BEFORE = r"(?:n\.?[°o]|n|no|nr|nro|num(?:ero)?|nomor|kode|so|ma|αρ(?:ιθμοσ)?)\b[\s.°]{0,3}(?:d[aeiou]s?\b\s?)?"
ASKED: Sequence[tuple[re.Pattern[str], Numbered]] = (
    (re.compile(r"customer|client|account"), Numbered.CUSTOMER),
    (re.compile(r"order|purchase|\bpo\b"), Numbered.ORDER),
    (re.compile(r"tax|vat|gst|sst|registration"), Numbered.TAX),
    (re.compile(r"table"), Numbered.TABLE),
    (
        re.compile(r"invoice|receipt|bill|document|doc|transaction|reference|check|number"),
        Numbered.DOCUMENT,
    ),
)
# Options of a choice that are printed in other words.
SYNONYMS: Mapping[str, tuple[Meaning, ...]] = {
    "cash": (Meaning.CASH, Meaning.CHANGE, Meaning.TENDERED),
    "card": (Meaning.CARD,),
}
NUMBER = re.compile(r"[\s.:#=-]*([A-Z0-9][A-Z0-9/_.-]*\d[A-Z0-9/_-]*|\d)(?![\w.,%])", re.IGNORECASE)


def numbers_of_documents(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """Numbers behind `Invoice No`, `Bon-Nr.`, … on its row, or below it; nouns are chosen by the field's name."""
    nouns = nouns_of(field)
    strong = re.compile(rf"(?<![^\W\d_])(?:(?:{nouns}){MARKER}|{BEFORE}(?:{nouns})(?![^\W\d_]))", re.IGNORECASE)
    weak = re.compile(rf"(?<![^\W\d_])(?:{nouns})\s?[:#]|^\s*(?:{nouns})\s+(?=\S*\d)", re.IGNORECASE)
    candidates: list[Candidate] = []
    for place, row in enumerate(rows):
        for pattern, weight in ((strong, 3.0), (weak, 2.0)):
            for label in pattern.finditer(unaccented(row.text)):
                candidates += _behind(row, rows[place + 1 : place + 2], label, weight - row.top)
    return candidates


def nouns_of(field: Field) -> str | None:
    """The nouns for the thing whose number the field asks for; `None` if it asks for no number."""
    name = field.name.replace("_", " ")
    if not re.search(r"number|\bno\b|\bnr\b|\bid\b|\bcode\b|\bnum\b", name):
        return None
    for asked, thing in ASKED:
        if asked.search(name):
            nouns = "|".join(some.numbered[thing] for some in vocabularies() if thing in some.numbered)
            first = re.match(r"invoice|receipt|order|customer", name)
            return nouns if first is None or nouns.startswith(first[0]) else f"{first[0]}|{nouns}"
    return re.escape(name)


def _behind(row: Row, below: Sequence[Row], label: re.Match[str], score: float) -> Iterator[Candidate]:
    if number := NUMBER.match(row.text, label.end()):
        if not find_dates(number[1]):
            yield Candidate(number[1], row.text, score)
        return
    piece = _piece_at(row, label.start())
    for other in below:
        for lower in other.pieces:
            number = NUMBER.match(lower.text) if piece and lower.below(piece) else None
            if number and not find_dates(number[1]):
                yield Candidate(number[1], f"{row.text} / {lower.text}", score - 0.8)


def _piece_at(row: Row, offset: int) -> Piece | None:
    for piece in row.pieces:
        if offset <= len(piece.text):
            return piece
        offset -= len(piece.text) + 3
    return None


def quantities(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """A number behind the field's name, or its only word."""
    name = r"[\s.-]*".join(map(re.escape, field.name.split("_")))
    pattern = re.compile(rf"(?:{name}|{name.rstrip('s')})\w*[^\d\n]{{0,12}}?(\d[\d.,]*)", re.IGNORECASE)
    matches = ((match, row) for row in rows for match in pattern.finditer(row.text))
    return [
        Candidate(match[1].rstrip(".,"), row.text, 2.2)
        for match, row in matches
        if parse_number(match[1].rstrip(".,")) is not None
    ]


def options(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """The option whose words are printed, rather below than in the head; its own name where they would not tell it."""
    candidates = []
    for option in field.options:
        for row in rows:
            if (word := _word_for(option, row.text)) is not None:
                whole = 0.5 * bool(match_option((option,), row.text))
                amount = 0.8 * bool(re.search(r"\d[.,]\d{2}", row.text))
                value = word if match_option(field.options, word) == option else option
                candidates.append(Candidate(value, row.text, 0.8 + row.top + whole + amount))
    return candidates


def _word_for(option: str, text: str) -> str | None:
    """The printed word that stands for the option."""
    if meanings := SYNONYMS.get(option.lower()):
        found = sorted(place for meaning in meanings for place in places(text, meaning))
        return text[slice(*found[0])] if found else None
    match = re.search(rf"\b{re.escape(option)}\b", text, re.IGNORECASE)
    return match[0] if match else None
