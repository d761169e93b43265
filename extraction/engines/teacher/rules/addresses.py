"""Rules for the issuer's address: the run of rows, one below the other, that looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import Piece
from extraction.engines.teacher.rules.names import addressed
from extraction.engines.teacher.rules.postcodes import has_postcode
from extraction.engines.teacher.rules.vocabulary import Meaning, distinct, has, places

HOUSE = re.compile(r"^\d+[a-z]?[\s,]+[^\W\d_]{3}|[^\W\d_]{3,}\s\d{1,4}\s?[a-z]?,?$", re.IGNORECASE)
MOST_LINES = 7
# Pieces among which the next line of an address is looked for: more than a row and the one below it hold.
NEAR = 100


def addresses(pieces: Sequence[Piece], issuer: str | None) -> list[Candidate]:
    """Runs of pieces, each line rated; the best sum with one postal code is the address of `issuer`."""
    texts = [_without_tail(_behind_name(piece, issuer)) for piece in pieces]
    ratings = [_line(text, piece) for text, piece in zip(texts, pieces, strict=True)]
    candidates = []
    for place, piece in enumerate(pieces):
        deadlines.check()
        total, lines = _beside(pieces, place, issuer), list[str]()
        for here in _run(pieces, place):
            total += ratings[here]
            lines.append(texts[here])
            text = " ".join(lines).strip()
            codes = sum(has_postcode(line) for line in lines)
            sound = has_postcode(text) or has(text, Meaning.STREET, Meaning.REGION, Meaning.UNIT)
            doubts = 0.8 * piece.top + 2.0 * (not sound) + 2.5 * max(0, codes - 1)
            candidates.append(Candidate(text, text, total - doubts))
            # A row that holds more than the address holds its end, but for a street beside a name.
            cut = bool(texts[here]) and texts[here] != pieces[here].text
            cut = cut and (has_postcode(texts[here]) or not pieces[here].text.endswith(texts[here]))
            if cut or len(lines) == MOST_LINES or total < -3:
                break
    return [candidate for candidate in candidates if candidate.value]


def _without_tail(text: str) -> str:
    """The text up to where an address ends although the row goes on."""
    starts = [start for start, _ in places(text, Meaning.CONTACT)[:1]]
    starts += [match.start() for match in re.finditer(r"\bgst\b", text, re.IGNORECASE)]
    return text[: min(starts)].rstrip(" ,(-") if starts else text


def _run(pieces: Sequence[Piece], place: int) -> Iterator[int]:
    """The piece and those below it, as long as each is the next row of the same column."""
    last = pieces[place]
    yield place
    for here in range(place + 1, min(place + NEAR, len(pieces))):
        follower = pieces[here]
        if follower.row > last.row + 1:
            return
        if _next_line(last, follower):
            last = follower
            yield here


def _behind_name(piece: Piece, issuer: str | None) -> str:
    """The text behind the issuer's name on the same row, as in the sender's line of a letter or in a column close by;
    empty on its own row."""
    text = piece.text
    if not issuer or not text.casefold().startswith(issuer.casefold()):
        return text
    rest = text[len(issuer) :].strip(" ,·•|-–")
    beside = (len(text) - len(rest)) in piece.columns and has(rest, Meaning.STREET)
    return rest if beside or has_postcode(rest) else ""


def _beside(pieces: Sequence[Piece], place: int, issuer: str | None) -> float:
    """Score for standing with the issuer's name, against standing with a customer's."""
    if not issuer:
        return -2.5 * addressed(pieces, place)
    piece = pieces[place]
    heads = [other for other in pieces[max(0, place - 6) : place + 1] if other is piece or piece.below(other)]
    own = any(issuer.casefold().startswith(other.text.casefold()) or other.text.startswith(issuer) for other in heads)
    sender = _behind_name(piece, issuer) not in ("", piece.text)
    return 1.5 * own + 1.5 * sender - 2.5 * addressed(pieces, place)


def _line(text: str, piece: Piece) -> float:
    """Score of one printed row as a part of an address."""
    evidence = (
        1.6 * min(len(distinct(text, Meaning.STREET)), 2),
        1.8 * has_postcode(text),
        1.1 * has(text, Meaning.REGION),
        1.2 * has(text, Meaning.UNIT),
        0.8 * bool(HOUSE.search(text)),
        0.7 * bool(re.search(r"\d", text)),
        0.5 * text.rstrip().endswith(","),
        0.3 * ("," in text),
    )
    against = (
        4.0 * has(text, Meaning.CONTACT, Meaning.PHONE, Meaning.FAX),
        4.0 * has(text, Meaning.REGISTRATION, Meaning.TAX_ID),
        3.0 * has(text, Meaning.TITLE),
        3.0 * has(text, Meaning.LEGAL_FORM),
        4.0 * bool(find_dates(text)),
        3.0 * bool(re.search(r"\d[.,]\d{2}(?!\d)", text)),
        1.5 * (piece.top > 0.45),
        0.9,
    )
    return sum(evidence) - sum(against)


def _next_line(last: Piece, follower: Piece) -> bool:
    """Whether it is the row directly below, in the same column."""
    gap = follower.box.y0 - last.box.y1
    return follower.below(last) and gap < 2.2 * max(last.box.height, follower.box.height)
