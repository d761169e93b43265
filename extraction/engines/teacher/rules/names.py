"""Rules for the issuer's name: the piece of a document's head that looks like a business's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.domain.field_types.readers.amounts import find_amounts
from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Piece
from extraction.engines.teacher.rules.postcodes import has_postcode
from extraction.engines.teacher.rules.vocabulary import Meaning, distinct, has, places, without

# `(123456-X)`, `Co. Reg. 123456-X`: printed beside a name, no part of it.
REGISTERED = re.compile(
    r"\s*[(\[]?\s*(?:co(?:mpany)?\.?\s?)?(?:reg\.?|roc|no)?[\s.:]*(?:no\.?)?[\s.:]*\(?\d{4,}\s?-?\s?[A-Z]?\)?[)\]]?\s*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[,·•|–]\s+|\s-\s")
# Pieces of the first page that may be the name, and of the document in which it is looked for again.
MOST_NAMES, MOST_PIECES = 300, 3000
# Places of a row at which a name may end.
MOST_CUTS = 8


AGAINST_NAMES = (
    (Meaning.CONTACT, 3.0),
    (Meaning.FAX, 1.0),
    (Meaning.REGISTRATION, 2.0),
    (Meaning.TAX_ID, 1.0),
    (Meaning.TITLE, 2.2),
    (Meaning.REGION, 0.8),
    (Meaning.UNIT, 1.0),
    (Meaning.RECIPIENT, 0.6),
)


def companies(pieces: Sequence[Piece]) -> list[Candidate]:
    """Every piece of the first page, rated as the issuer's name; a name over two rows is joined."""
    head = [piece for piece in pieces if piece.page == 0][:MOST_NAMES]
    texts = [piece.text.casefold() for piece in pieces[:MOST_PIECES]]
    candidates = []
    for place, piece in enumerate(head):
        deadlines.check()
        if _is_label(piece.text):
            continue
        name = without_number(piece.text)
        again = sum(name.casefold() in text for text in texts) > 1
        beside = _prominence(piece, place) + 0.8 * again - 3.0 * addressed(head, place)
        beside += 1.2 * _below_label(head, place)
        candidates.append(Candidate(name, piece.text, name_score(piece.text) + beside))
        following = next((other for other in head[place + 1 : place + 4] if other.below(piece)), None)
        if following and continues(piece, following):
            text = f"{name} {without_number(following.text)}"
            candidates.append(Candidate(text, text, name_score(text) + beside + 0.2))
        if (shorter := without_address(piece.text, piece.columns)) != piece.text:
            shorter = without_number(shorter)
            candidates.append(Candidate(shorter, piece.text, name_score(shorter) + beside + 0.3))
    return [candidate for candidate in candidates if candidate.value]


def addressed(pieces: Sequence[Piece], place: int) -> bool:
    """Whether `Bill to` or the like stands on the piece or just above it: it is about the customer."""
    piece = pieces[place]
    nearby = [other for other in pieces[max(0, place - 8) : place] if piece.below(other) and piece.row - other.row <= 3]
    return any(has(other.text, Meaning.RECIPIENT) for other in [*nearby, piece])


def _below_label(pieces: Sequence[Piece], place: int) -> bool:
    """Whether `Seller` or the like stands on the row above."""
    piece = pieces[place]
    return any(
        _is_label(other.text) and has(other.text, Meaning.ISSUER) and piece.below(other) and piece.row - other.row <= 2
        for other in pieces[max(0, place - 8) : place]
    )


def _is_label(text: str) -> bool:
    """Whether it only says that a party is named below."""
    parties = [meaning for meaning in (Meaning.ISSUER, Meaning.RECIPIENT) if has(text, meaning)]
    return any(not re.search(r"[^\W\d_]", without(text, meaning)) for meaning in parties)


def without_number(text: str) -> str:
    shorter = REGISTERED.sub("", text)
    return shorter.strip(" ,;:-") if re.search(r"[^\W\d_]{2}", shorter) else text.strip()


def without_address(text: str, columns: Sequence[int] = ()) -> str:
    """The name that an address or a number follows on its row, behind a comma, its legal form or one of the gaps that
    begin further `columns`; the whole text where none does."""
    commas = [match.end() for match in _SEPARATOR.finditer(text)]
    ends = [end for _, end in places(text, Meaning.LEGAL_FORM)]
    cuts = sorted({*commas, *columns, *ends} - {0, len(text)})
    for place, cut in enumerate(cuts[:MOST_CUTS]):
        name = text[:cut].strip(" ,;·•|–-")
        segment = text[cut : [*cuts, len(text)][place + 1]]
        named = has(name, Meaning.LEGAL_FORM, Meaning.TRADE) or has(text[cut:], Meaning.STREET, Meaning.CONTACT)
        if named and _begins_address(segment, text[cut:]) and name_score(name) > -0.5:
            return name
    return text


def _begins_address(segment: str, rest: str) -> bool:
    """Whether an address, a telephone or a number for taxes begins with the segment and goes on in the rest."""
    if not re.search(r"\d", rest):
        return False
    if has(segment, Meaning.CONTACT, Meaning.PHONE, Meaning.TAX_ID):
        return True
    place = has_postcode(segment) or has(segment, Meaning.STREET, Meaning.UNIT)
    return place or (bool(re.search(r"\d", segment)) and (has_postcode(rest) or has(rest, Meaning.STREET)))


def name_score(text: str) -> float:
    """Score of the words as a business's name."""
    legal = has(text, Meaning.LEGAL_FORM)
    score = 2.6 * legal + (0.6 if legal else 1.3) * has(text, Meaning.TRADE)
    for meaning, weight in AGAINST_NAMES:
        score -= weight * has(text, meaning)
    score -= 0.7 * len(distinct(text, Meaning.STREET)) + 1.2 * has_postcode(text)
    score -= 2.5 * bool(find_dates(text)) + 1.5 * bool(find_amounts(text))
    letters = sum(char.isalpha() for char in text)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")):
        score -= 3.0
    # Names are printed with capitals; small letters alone are a note by hand or a slogan.
    score -= 1.0 * bool(re.search(r":\s?\S", text))
    return score - 0.5 * text.endswith((",", ":", ";")) - 1.2 * text.islower()


def _prominence(piece: Piece, place: int) -> float:
    """Score for standing first and large."""
    return 2.6 * 0.8**place + 0.9 * min(max(piece.size - 1, -0.5), 1.5) - 2.0 * (piece.top > 0.45)


def continues(piece: Piece, following: Piece) -> bool:
    """Whether the next row holds the legal form, or its end, that the name above it lacks."""
    if not has(following.text, Meaning.LEGAL_FORM) or name_score(piece.text) < -0.5 or following.row != piece.row + 1:
        return False
    rest = without(without_number(following.text), Meaning.LEGAL_FORM)
    words = len(re.findall(r"[^\W\d_]{2,}", rest))
    return words == 0 or (words == 1 and not has(piece.text, Meaning.LEGAL_FORM))
