"""The words of a PDF's text layer, before they are compared with the picture."""

from dataclasses import dataclass

from extraction.domain.pages import Box

# Number of the drawing of a character that has no other in its font.
ONLY = 0


@dataclass(frozen=True, slots=True)
class LayerWord:
    """A drawn run of characters without white space.

    `font` numbers the fonts of the page: one with a wrong map from glyphs to characters spoils all its words.
    `drawings` tells for each character which of its drawings in the font is printed, from 1, or `ONLY`; it is empty
    where each character has one.
    """

    text: str
    box: Box
    font: int
    drawings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page whose text is drawn.

    `rightward`: whether right-to-left scripts were drawn from left to right, so that the page reads that way.
    """

    words: tuple[LayerWord, ...]
    rightward: bool = False
