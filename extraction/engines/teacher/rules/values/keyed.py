"""Rules for a field that no other rule knows: the text beside a label that reads like the field's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extraction.domain.fields import Field
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import COLUMN, Piece, Row
from extraction.engines.teacher.rules.vocabulary import translations, unaccented

# Pieces behind a label among which the one below it stands.
NEAR = 40
# Words of a value that stands below its label or in the next column.
_ENDS_AS_LABEL = re.compile(r":\s*$")


def behind_own_name(field: Field, rows: Sequence[Row]) -> list[Candidate]:
    """The text behind, beside or below a label that reads like the field's name: `Cashier: ANNA`."""
    names = [field.name.replace("_", " "), *translations(field.name)]
    joined = "|".join(r"[\s.-]*".join(map(re.escape, unaccented(name).split())) for name in names)
    pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)[\s.]*(:)?[\s#]*")
    pieces = [piece for row in rows for piece in row.pieces]
    return [
        candidate
        for place, piece in enumerate(pieces)
        for label in pattern.finditer(unaccented(piece.text))
        for candidate in _values(piece, label, pieces[place + 1 : place + NEAR])
    ]


def _values(piece: Piece, label: re.Match[str], following: Sequence[Piece]) -> Iterator[Candidate]:
    score = 1.5 + bool(label[1]) - 0.5 * piece.top
    if rest := piece.text[label.end() :].strip():
        yield Candidate(rest, piece.text, score)
        return
    # A label alone: its value stands in the next column, or below it.
    whole = 0.5 * (not piece.text[: label.start()].strip())
    for other in following:
        if other.row == piece.row and other is following[0]:
            yield Candidate(other.text, COLUMN.join((piece.text, other.text)), score + whole - 0.2)
        elif other.row == piece.row + 1 and other.below(piece) and not _ENDS_AS_LABEL.search(other.text):
            yield Candidate(other.text, f"{piece.text} / {other.text}", score + whole - 0.6)
