"""OCR engines: the protocol that every engine implements, and the error of one that cannot work here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from extraction.domain.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from extraction.domain.pages import Word


class OcrUnavailable(UserError):
    """The engine cannot work on this machine; the message is one sentence that says what to do."""


class OcrEngine(Protocol):
    """Finds the words of a picture.

    `name` is the registered name; `doubtful` the mean confidence (0–1) below which a page may stand on its head.
    """

    name: str
    doubtful: float

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of an RGB picture in reading order, boxes as fractions (0–1) of its size.

        Callable from any thread; an engine that is not thread-safe locks.
        """

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        """The text and confidence (0–1) of RGB pictures that show one word or line each, without looking for it.

        Callable from any thread.
        """
