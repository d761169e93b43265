"""The characters of a PDF page as pdfium reports them, with their places on the picture."""

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

Affine = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]
# The places of the drawings in heights of the font, of each font's characters.
Drawings = dict[tuple[int, str], list[Rectangle]]

# Ligatures (`ﬁ`) and the shapes of Arabic and Hebrew letters, which stand for the letters themselves.
_SHAPES = ((0xFB00, 0xFDFF), (0xFE70, 0xFEFC))
# pdfium reports the hyphen at a line's end as the control character 2.
_LINE_END_HYPHEN = 2
_LAST_CODE, _SURROGATES = 0x10FFFF, range(0xD800, 0xE000)
# Angle in radians (11°) up to which text is level.
_LEVEL = 0.2
UNKNOWN = "\ufffd"
# Points by which two boxes that are one differ, as pdfium has them in different precisions.
_SAME = 0.01
# Height of a drawing, in heights of the font, from which it is no space: a dash has 0.06, spaces have 0 to 0.01.
_DRAWN = 0.03
# Difference, in heights of the font, up to which two drawings are one, and drawings that are told apart: of the digits
# of Helvetica `0` and `8` differ by 0.0008.
_ALIKE, _TOLD_APART = 0.0004, 8


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its places in pixels of the picture (y down).

    The box reaches from the font's ascent to its descent; `ink` (left, top, right, bottom) is around the drawing.
    `font` numbers the fonts of the page; `level`: runs to the right on the picture; `drawn`: makes a difference to it.
    `drawing` numbers the drawings that the font has for this character, of which one is usual.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    ink: Rectangle
    font: int
    level: bool
    drawn: bool = True
    drawing: int = 0

    @property
    def size(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def readable(self) -> bool:
        return self.text != UNKNOWN


def glyphs(textpage: pdfium.PdfTextPage, affine: Affine) -> Iterator[Glyph]:
    """The characters in pdfium's order; one without a character of Unicode is `UNKNOWN`."""
    fonts: dict[int, int] = {}
    drawings: Drawings = {}
    loose, tight = raw.FS_RECTF(), tuple(ctypes.c_double() for _ in range(4))
    for index in range(textpage.count_chars()):
        raw.FPDFText_GetLooseCharBox(textpage, index, ctypes.byref(loose))
        raw.FPDFText_GetCharBox(textpage, index, *map(ctypes.byref, tight))
        left, right, bottom, top = (value.value for value in tight)
        text, font = _text(textpage, index), fonts.setdefault(_font(textpage, index), len(fonts))
        # pdfium gives no more than the drawing of a character whose text the file states in words (`ActualText`), such
        # as the shapes of Arabic letters.
        if (
            top > bottom
            and math.isclose(loose.top, top, abs_tol=_SAME)
            and math.isclose(loose.bottom, bottom, abs_tol=_SAME)
        ):
            loose.bottom, loose.top = _ascent_and_descent(textpage, index) or (loose.bottom, loose.top)
        # A space has no height: what is drawn is a character that the file maps to a space.
        is_mapped_to_space = text.isspace() and top - bottom > _DRAWN * (loose.top - loose.bottom) > 0
        yield Glyph(
            UNKNOWN if is_mapped_to_space else text,
            *_rectangle(affine, loose.left, loose.bottom, loose.right, loose.top),
            ink=_rectangle(affine, left, bottom, right, top),
            font=font,
            level=_level(raw.FPDFText_GetCharAngle(textpage, index), affine),
            drawing=_drawing(drawings, font, text, loose, (left, bottom, right, top)),
        )


def affine_of(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap) -> Affine:
    """The transform `(a, b, c, d, e, f)` from points of the page to pixels: x = a·X + b·Y + c, y = d·X + e·Y + f.

    pdfium rounds to whole pixels, hence the large arguments.
    """
    far = 10_000
    convert = bitmap.get_posconv(page).to_bitmap
    (ox, oy), (xx, xy), (yx, yy) = convert(0, 0), convert(far, 0), convert(0, far)
    return (xx - ox) / far, (yx - ox) / far, ox, (xy - oy) / far, (yy - oy) / far, oy


def _text(textpage: pdfium.PdfTextPage, index: int) -> str:
    code = raw.FPDFText_GetUnicode(textpage, index)
    if code == _LINE_END_HYPHEN:
        return "-"
    # A map in the file may name codes that Unicode does not have.
    if code > _LAST_CODE or code in _SURROGATES:
        return UNKNOWN
    text = chr(code)
    if text.isspace():
        return text
    # Cf: soft hyphens and characters without width, which are no words' ends.
    category = unicodedata.category(text)
    unmapped = category[0] == "C" and category != "Cf"
    if unmapped or raw.FPDFText_HasUnicodeMapError(textpage, index) == 1:
        return UNKNOWN
    return unicodedata.normalize("NFKC", text) if any(low <= code <= high for low, high in _SHAPES) else text


def _font(textpage: pdfium.PdfTextPage, index: int) -> int:
    """What names the font of a character; 0 for one that pdfium added, such as a line's end."""
    drawn = raw.FPDFText_GetTextObject(textpage, index)
    font = raw.FPDFTextObj_GetFont(drawn) if drawn else None
    return ctypes.addressof(font.contents) if font else 0


def _drawing(drawings: Drawings, font: int, text: str, loose: raw.FS_RECTF, tight: Rectangle) -> int:
    """The number of a drawing among those that the font has for a digit or sign, in the order in which they come.

    There are several where the file maps two of the font's drawings to one character, one of them wrongly.
    """
    size = loose.top - loose.bottom
    if size <= 0 or text.isspace():
        return 0
    left, bottom, right, top = tight
    place = (
        (left - loose.left) / size,
        (bottom - loose.bottom) / size,
        (right - loose.left) / size,
        (top - loose.bottom) / size,
    )
    known = drawings.setdefault((font, text), [])
    for number, other in enumerate(known):
        if all(abs(a - b) < _ALIKE for a, b in zip(place, other, strict=True)):
            return number
    if len(known) < _TOLD_APART:
        known.append(place)
    return len(known) - 1


def _ascent_and_descent(textpage: pdfium.PdfTextPage, index: int) -> tuple[float, float] | None:
    """Bottom and top in points of the font's line at an upright character; `None` where the font does not tell."""
    drawn = raw.FPDFText_GetTextObject(textpage, index)
    font = raw.FPDFTextObj_GetFont(drawn) if drawn else None
    matrix, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    ascent, descent = ctypes.c_float(), ctypes.c_float()
    size = raw.FPDFText_GetFontSize(textpage, index)
    known = (
        font
        and raw.FPDFText_GetMatrix(textpage, index, matrix)
        and raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        and raw.FPDFFont_GetAscent(font, size, ascent)
        and raw.FPDFFont_GetDescent(font, size, descent)
    )
    if not known or abs(matrix.c) > abs(matrix.d) or ascent.value <= descent.value:
        return None
    ends = (y.value + matrix.d * descent.value, y.value + matrix.d * ascent.value)
    return min(ends), max(ends)


def _rectangle(affine: Affine, left: float, bottom: float, right: float, top: float) -> Rectangle:
    a, b, c, d, e, f = affine
    xs = [a * x + b * y + c for x in (left, right) for y in (bottom, top)]
    ys = [d * x + e * y + f for x in (left, right) for y in (bottom, top)]
    return min(xs), min(ys), max(xs), max(ys)


def _level(angle: float, affine: Affine) -> bool:
    """Whether text at `angle` (radians, counter-clockwise on the page) runs to the right on the picture."""
    a, b, _, d, e, _ = affine
    x, y = math.cos(angle), math.sin(angle)
    across, down = a * x + b * y, d * x + e * y
    return math.hypot(across, down) > 0 and abs(math.atan2(down, across)) < _LEVEL
