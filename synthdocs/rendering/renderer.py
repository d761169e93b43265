"""Prints rows: ink on a sheet, and every word's place with the field that it is the truth of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from synthdocs.content.rows import Break, Cell, Gap, Line, Mark, Picture, Printable, Row, Rule, Token
from synthdocs.rendering import fonts


@dataclass(frozen=True, slots=True)
class Printed:
    """A word on the sheet: box in pixels (left, top, right, bottom), number of its printed line."""

    text: str
    box: tuple[float, float, float, float]
    line: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`ink` and `accent` say where the first and the second colour stand (0 none, 255 full)."""

    ink: Image.Image
    accent: Image.Image
    words: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """Sheet and type, in pixels. `height` of 0: as long as the rows need (a roll). `leading` is relative to `size`."""

    width: int
    margin: int
    face: fonts.Face
    size: int
    leading: float = 1.2
    height: int = 0
    top: int = 0
    bold: bool = False


def print_pages(rows: Sequence[Row], stock: Stock) -> list[Sheet]:
    """Print `rows` on as many sheets as their breaks ask for, each from the top on.

    What does not fit on a sheet of fixed height is cut off.
    """
    renderers = [_Renderer(stock)]
    for row in rows:
        if isinstance(row, Break):
            renderers.append(_Renderer(stock))
        else:
            renderers[-1].take(row)
    return [renderer.sheet() for renderer in renderers]


@dataclass(frozen=True, slots=True)
class _Placed:
    tokens: Sequence[Token]
    font: fonts.Font
    x: float
    y: float
    row: Line


class _Renderer:
    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.span = stock.width - 2 * stock.margin
        self.y = float(stock.top or stock.margin)
        self.texts: list[list[_Placed]] = []
        self.bands: list[tuple[float, float, Line]] = []
        self.rules: list[tuple[float, Rule]] = []
        self.pictures: list[tuple[int, int, Picture]] = []

    def take(self, row: Printable) -> None:
        if isinstance(row, Gap):
            self.y += row.lines * self.stock.size * self.stock.leading
        elif isinstance(row, Line):
            self._take_line(row)
        elif isinstance(row, Picture):
            self._take_picture(row)
        elif row.kind in ("drawn", "thick"):
            self.rules.append((self.y + self.stock.size * 0.4, row))
            self.y += self.stock.size * 0.8
        else:
            self._take_line(self._typed(row))

    def _typed(self, rule: Rule) -> Line:
        font = self._font(1.0, False)
        count = int((rule.end - rule.start) * self.span / max(font.getlength(rule.kind * 10) / 10, 1))
        return Line((Cell(((rule.kind * count, ""),), "left", rule.start),))

    def _font(self, size: float, bold: bool) -> fonts.Font:
        return fonts.font(self.stock.face, max(round(self.stock.size * size), 6), bold or self.stock.bold)

    def _take_line(self, row: Line) -> None:
        font = self._font(row.size, row.bold)
        columns = [(cell, _fit(cell, font, self.span)) for cell in row.cells]
        height = self.stock.size * row.size * self.stock.leading * row.tall
        for index in range(max((len(lines) for _, lines in columns), default=0)):
            placed = [
                _Placed(lines[index], font, self._left(cell, lines[index], font), self.y, row)
                for cell, lines in columns
                if index < len(lines)
            ]
            if row.inverse or row.band:
                self.bands.append((self.y, self.y + height, row))
            self.texts.append(sorted(placed, key=lambda one: one.x))
            self.y += height

    def _left(self, cell: Cell, tokens: Sequence[Token], font: fonts.Font) -> float:
        length = font.getlength(_joined(tokens))
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[cell.align]
        return self.stock.margin + cell.at * self.span - share * length

    def _take_picture(self, row: Picture) -> None:
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[row.align]
        x = self.stock.margin + row.at * self.span - share * row.mask.width
        self.pictures.append((round(x), round(self.y), row))
        if not row.floating:
            self.y += row.mask.height + self.stock.size * 0.4

    def sheet(self) -> Sheet:
        height = self.stock.height or round(self.y + self.stock.margin * 0.8)
        ink = Image.new("L", (self.stock.width, height))
        accent = Image.new("L", ink.size)
        for y, rule in self.rules:
            left, right = (self.stock.margin + share * self.span for share in (rule.start, rule.end))
            ImageDraw.Draw(ink).line((left, y, right, y), 255, 3 if rule.kind == "thick" else 1)
        for x, y, picture in self.pictures:
            mask = picture.mask.point(lambda value, ink=picture.ink: round(value * ink))
            target = accent if picture.accent else ink
            target.paste(255, (x, y), mask)
        for top, bottom, row in self.bands:
            box = (self.stock.margin - 4, top - 1, self.stock.width - self.stock.margin + 4, bottom - 1)
            ImageDraw.Draw(accent if row.accent else ink).rectangle(box, 255 if row.inverse else 30)
        words = [word for number, placed in enumerate(self.texts) for word in _draw(ink, accent, placed, number)]
        return Sheet(ink, accent, tuple(word for word in words if word.box[3] < height))


def _draw(ink: Image.Image, accent: Image.Image, placed: Iterable[_Placed], number: int) -> list[Printed]:
    words = []
    for one in placed:
        text = _joined(one.tokens)
        if not text.strip():
            continue
        target = accent if one.row.accent and not one.row.inverse else ink
        _, top, right, bottom = one.font.getbbox(text)
        mask = Image.new("L", (int(right) + 2, int(bottom) + 2))
        ImageDraw.Draw(mask).text((0, 0), text, 255, one.font)
        if one.row.tall != 1:
            mask = mask.resize((mask.width, round(mask.height * one.row.tall)), Image.Resampling.BILINEAR)
        # Inverse: the band is full of ink, the letters take it away.
        if one.row.inverse:
            for layer in (ink, accent):
                layer.paste(0, (round(one.x), round(one.y)), mask)
        else:
            _blacken(target, mask, round(one.x), round(one.y))
        y0, y1 = one.y + top * one.row.tall, one.y + bottom * one.row.tall
        words += _words(one, number, y0, y1)
    return words


def _blacken(target: Image.Image, mask: Image.Image, x: int, y: int) -> None:
    box = (x, y, x + mask.width, y + mask.height)
    target.paste(ImageChops.lighter(target.crop(box), mask), box[:2])


def _words(one: _Placed, number: int, y0: float, y1: float) -> list[Printed]:
    words, prefix = [], ""
    for token in one.tokens:
        x0 = one.x + one.font.getlength(prefix)
        prefix += token.text
        words.append(Printed(token.text, (x0, y0, one.x + one.font.getlength(prefix), y1), number, token.marks))
        prefix += " "
    return words


def _joined(tokens: Iterable[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _fit(cell: Cell, font: fonts.Font, span: float) -> list[list[Token]]:
    """The cell's printed lines."""
    room, tokens = cell.width * span, cell.tokens()
    if not cell.wrap:
        return [_cut(tokens, font, room)]
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if lines[-1] and font.getlength(_joined([*lines[-1], token])) > room:
            lines.append([])
        lines[-1].append(token)
    return lines


def _cut(tokens: list[Token], font: fonts.Font, room: float) -> list[Token]:
    kept = list(tokens)
    while kept and font.getlength(_joined(kept)) > room:
        last = kept.pop()
        if len(last.text) > 2 and not last.whole:
            kept.append(last.cut(len(last.text) - 1))
    return kept
