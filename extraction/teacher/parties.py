"""Rules for who issued a document (a piece like a name) and where that is (a run like an address)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.domain.normalize import find_amounts, find_dates
from extraction.teacher import vocabulary
from extraction.teacher.guess import Guess
from extraction.teacher.lines import Piece

LEGAL_FORM, TRADE, STREET, UNIT, REGION, POSTCODE, CONTACT, REGISTRATION, TITLE = (
    re.compile(words, re.IGNORECASE)
    for words in (
        vocabulary.LEGAL_FORM,
        vocabulary.TRADE,
        vocabulary.STREET,
        vocabulary.UNIT,
        vocabulary.REGION,
        vocabulary.POSTCODE,
        vocabulary.CONTACT,
        vocabulary.REGISTRATION,
        vocabulary.TITLE,
    )
)
# `(123456-X)`, `Co. Reg. 123456-X`: printed beside a name, no part of it.
REGISTERED = re.compile(
    r"\s*[(\[]?\s*(?:co(?:mpany)?\.?\s?)?(?:reg\.?|roc|no)?[\s.:]*(?:no\.?)?[\s.:]*\(?\d{4,}\s?-?\s?[A-Z]?\)?[)\]]?\s*$",
    re.I,
)
# Where an address ends although the row goes on.
TAIL = re.compile(rf"[\s,(-]*(?:{vocabulary.CONTACT}|\bgst\b).*$", re.IGNORECASE)
HOUSE = re.compile(r"^\d+[a-z]?[\s,]+[^\W\d_]{3}|[^\W\d_]{3,}\s\d{1,4}\s?[a-z]?,?$", re.IGNORECASE)
MOST_LINES = 7


def companies(pieces: Sequence[Piece]) -> list[Guess]:
    """Every piece of the first page, rated as the issuer's name; a name over two rows is joined."""
    upper = [piece for piece in pieces if piece.page == 0]
    guesses = []
    for place, piece in enumerate(upper):
        following = next((other for other in upper[place + 1 : place + 4] if other.below(piece)), None)
        score = _name(piece.text) + _prominence(piece, place)
        guesses.append(Guess(_without_number(piece.text), piece.text, score))
        if following and _continues(piece, following):
            text = f"{_without_number(piece.text)} {_without_number(following.text)}"
            guesses.append(Guess(text, text, _name(text) + _prominence(piece, place) + 0.2))
    return [guess for guess in guesses if guess.value]


def addresses(pieces: Sequence[Piece]) -> list[Guess]:
    """Runs of pieces one below the other, each line rated; the best sum is the address."""
    guesses = []
    texts = [TAIL.sub("", piece.text) for piece in pieces]
    ratings = [_address(text, piece) for text, piece in zip(texts, pieces, strict=True)]
    for place, piece in enumerate(pieces):
        total, lines, last = 0.0, list[str](), piece
        for here, follower in enumerate(pieces[place:], start=place):
            if here > place and not _next_line(last, follower):
                if follower.row > last.row + 1:
                    break
                continue
            total += ratings[here]
            lines.append(texts[here])
            guesses.append(Guess(" ".join(lines).strip(), " ".join(lines), total - 0.8 * piece.top))
            last = follower
            if len(lines) == MOST_LINES or total < -2 or texts[here] != follower.text:
                break
    return [guess for guess in guesses if guess.value]


def _name(text: str) -> float:
    """How much the words look like a business's name."""
    legal = bool(LEGAL_FORM.search(text))
    score = 2.6 * legal + (0.6 if legal else 1.3) * bool(TRADE.search(text))
    for words, weight in ((CONTACT, 3.0), (REGISTRATION, 2.0), (TITLE, 2.2)):
        score -= weight * bool(words.search(text))
    score -= 0.7 * len(set(STREET.findall(text))) + 1.2 * bool(POSTCODE.search(text)) + 0.8 * bool(REGION.search(text))
    score -= 2.5 * bool(find_dates(text)) + 1.5 * bool(find_amounts(text)) + 1.0 * bool(UNIT.search(text))
    letters = sum(char.isalpha() for char in text)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")):
        score -= 3.0
    # Names are printed with capitals; small letters alone are a note by hand or a slogan.
    return score - 0.5 * text.endswith((",", ":", ";")) - 1.2 * text.islower()


def _prominence(piece: Piece, place: int) -> float:
    """Names stand first and large."""
    return 2.6 * 0.8**place + 0.9 * min(max(piece.size - 1, -0.5), 1.5) - 2.0 * (piece.top > 0.45)


def _continues(piece: Piece, following: Piece) -> bool:
    """Whether the next row holds the legal form that the name above it lacks."""
    if LEGAL_FORM.search(piece.text) or not LEGAL_FORM.search(following.text) or _name(piece.text) < -0.5:
        return False
    rest = LEGAL_FORM.sub("", _without_number(following.text))
    return len(re.findall(r"[^\W\d_]{2,}", rest)) <= 1 and following.row == piece.row + 1


def _without_number(text: str) -> str:
    shorter = REGISTERED.sub("", text)
    return shorter.strip(" ,;:-") if re.search(r"[^\W\d_]{2}", shorter) else text.strip()


def _address(text: str, piece: Piece) -> float:
    """How much one printed row looks like a part of an address."""
    score = -0.9
    score += 1.6 * min(len({match.lower() for match in STREET.findall(text)}), 2)
    score += 1.8 * bool(POSTCODE.search(text)) + 1.1 * bool(REGION.search(text)) + 1.2 * bool(UNIT.search(text))
    score += (
        0.9 * bool(HOUSE.search(text))
        + 0.7 * bool(re.search(r"\d", text))
        + 0.5 * text.rstrip().endswith(",")
        + 0.3 * ("," in text)
    )
    for words, weight in ((CONTACT, 4.0), (REGISTRATION, 4.0), (TITLE, 3.0), (LEGAL_FORM, 3.0)):
        score -= weight * bool(words.search(text))
    score -= 4.0 * bool(find_dates(text)) + 3.0 * bool(re.search(r"\d[.,]\d{2}(?!\d)", text))
    return score - 1.5 * (piece.top > 0.45)


def _next_line(last: Piece, follower: Piece) -> bool:
    """Whether it is the row directly below, in the same column."""
    gap = follower.box.y0 - last.box.y1
    return follower.below(last) and gap < 2.2 * max(last.box.height, follower.box.height)
