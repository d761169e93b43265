"""Pages for tests, written as lines of text."""

from extraction.domain.pages import Box, Page, Word

WIDTH, HEIGHT = 600, 1000
CHARACTER, LINE = 0.018, 0.02


def page(*lines: str, top: float = 0.05) -> Page:
    """A page of these lines; four spaces or more leave a gap as wide as they are, which parts columns."""
    words = []
    for number, line in enumerate(lines):
        at = 0
        for text in line.split(" "):
            if text:
                x, y = 0.02 + at * CHARACTER, top + number * LINE * 1.3
                words.append(Word(text, Box.clamped(x, y, x + len(text) * CHARACTER, y + LINE), 0.95, number))
            at += len(text) + 1
    return Page(WIDTH, HEIGHT, tuple(words))
