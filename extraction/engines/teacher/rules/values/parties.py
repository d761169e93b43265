"""Which of the two parties, issuer and recipient, a place speaks of, and the recipient's name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from extraction.domain.fields import Field
from extraction.domain.pages import Box
from extraction.domain.work import deadlines
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.heads import outside_heads
from extraction.engines.teacher.rules.lines import Piece, Row, pieces_of
from extraction.engines.teacher.rules.names import continues, name_score, without_address, without_number
from extraction.engines.teacher.rules.postcodes import has_postcode
from extraction.engines.teacher.rules.vocabulary import Meaning, has, places

# Rows below `Bill to` that speak of the recipient.
BLOCK = 9
# Labels above a place that are looked at.
MOST_LABELS = 8
# Lines of a block among which the recipient's name is looked for, and pieces among which these stand.
NAME_LINES, NEAR = 3, 40
_RECIPIENT = re.compile(r"\b(?:buyer|customer|client|recipient|bill(?:ed|ing)? to|ship\w*|consignee|debtor|payer)\b")


class Side(Enum):
    ISSUER = "issuer"
    RECIPIENT = "recipient"


def asked_side(field: Field) -> Side:
    """The party of which the field's name speaks."""
    return Side.RECIPIENT if _RECIPIENT.search(field.name.replace("_", " ")) else Side.ISSUER


@dataclass(frozen=True, slots=True)
class _Label:
    side: Side
    piece: Piece


class Parties:
    """The labels `Bill to`, `Seller` and the like on a document."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._labels = [
            _Label(side, piece) for piece in pieces_of(rows) if (side := _labelled_side(piece.text)) is not None
        ]
        self._rows = [label.piece.row for label in self._labels]

    def side(self, box: Box, row: int) -> Side:
        """Of the nearest label on the same row or above in the same column; without one it is the issuer's."""
        last = bisect_right(self._rows, row)
        for label in reversed(self._labels[max(last - MOST_LABELS, 0) : last]):
            over = min(box.x1, label.piece.box.x1) > max(box.x0, label.piece.box.x0)
            if over and row - label.piece.row <= BLOCK:
                return label.side
        return Side.ISSUER


def recipients(pieces: Sequence[Piece], issuer: str | None) -> list[Candidate]:
    """Names behind or below a label for the recipient, below the sender's line, or over an address of somebody else."""
    candidates: list[Candidate] = []
    pieces = outside_heads(pieces)
    for place, piece in enumerate(pieces):
        deadlines.check()
        below = pieces[place + 1 : place + NEAR]
        if labels := _recipient_labels(piece.text):
            candidates += _names([_behind(piece, labels[-1][1])], piece, 3.2, issuer)
            candidates += _names([other.text for other in _beside(piece, below)], piece, 2.2, issuer)
            candidates += _names(_lines(_column(piece, below)), piece, 2.8, issuer)
        elif _is_senders_line(piece.text, issuer):
            candidates += _names(_lines(_column(piece, below))[:1], piece, 2.6, issuer)
        elif has_postcode(piece.text) and piece.top < 0.5:
            above = [other for other in pieces[max(place - NEAR, 0) : place] if piece.below(other)]
            block = [other for other in above if piece.row - other.row <= 4]
            candidates += _names([other.text for other in block], piece, 0.9, issuer)
    return candidates


def _labelled_side(text: str) -> Side | None:
    if has(text, Meaning.RECIPIENT):
        return Side.RECIPIENT
    return Side.ISSUER if has(text, Meaning.ISSUER) else None


def _recipient_labels(text: str) -> Sequence[tuple[int, int]]:
    """Where the row says that it names the recipient, rather than a number or a date of it."""
    found = places(text, Meaning.RECIPIENT)
    if not found:
        return ()
    start, end = found[-1]
    before, behind = text[:start].split(), text[end:].strip()
    alone = not behind and len(before) < 3
    named = not before and (behind.startswith(":") or " " in text[start:end].strip())
    return found if alone or named else ()


def _names(lines: Sequence[str], label: Piece, score: float, issuer: str | None) -> Iterator[Candidate]:
    for place, line in enumerate(lines[:NAME_LINES]):
        name = without_number(line).strip(" :")
        if not name or (issuer and name.casefold() == issuer.casefold()) or any(char in name for char in ":#@"):
            continue
        rated = name_score(name)
        if rated > -1.0:
            yield Candidate(
                name, f"{label.text} / {line}", score - 0.4 * place + 0.4 * min(rated, 2.0) + 0.3 * name.isupper()
            )


def _behind(piece: Piece, end: int) -> str:
    """The name behind a label that ends there, without the address behind it."""
    rest = piece.text[end:].lstrip(" :.-")
    start = len(piece.text) - len(rest)
    return without_address(rest, [column - start for column in piece.columns if column > start])


def _beside(piece: Piece, following: Sequence[Piece]) -> list[Piece]:
    return [other for other in following if other.row == piece.row][:1]


def _column(piece: Piece, following: Sequence[Piece]) -> list[Piece]:
    return [other for other in following if other.below(piece) and other.row - piece.row <= NAME_LINES + 2]


def _lines(column: Sequence[Piece]) -> list[str]:
    """The texts of a column; a name over two rows is one."""
    texts = [piece.text for piece in column]
    if len(column) > 1 and continues(column[0], column[1]):
        return [f"{texts[0]} {texts[1]}", *texts[2:]]
    return texts


def _is_senders_line(text: str, issuer: str | None) -> bool:
    """`Nordlicht GmbH · Gartenstr. 98 · 50586 Köln`, small over the window of an envelope."""
    if not issuer or not text.casefold().startswith(issuer.casefold()):
        return False
    return bool(has_postcode(text[len(issuer) :]) or re.search(r"\d{4,5} [^\W\d_]{3}", text[len(issuer) :]))
