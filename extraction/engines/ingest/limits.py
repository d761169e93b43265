"""Limits of files, and the error of a file that cannot be read."""

from dataclasses import dataclass

from extraction.domain.errors import UserError, gettext_noop

# Pixels; a smaller picture holds no readable text.
SMALLEST_SIDE = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one document. `pixels` and `side` hold for every picture, also inside a PDF, before it is decoded."""

    bytes: int = 50 * 2**20  # of the file
    pixels: int = 80_000_000  # width × height
    side: int = 30_000  # pixels of the longer side
    pages: int = 200
    seconds: float = 5.0  # of processor time for decoding one page
    memory: int = 1536 * 2**20  # bytes of address space for decoding one page


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Limits of a ZIP archive. `total` and `ratio` are counted on the unpacked bytes, whatever the archive claims."""

    bytes: int = 500 * 2**20  # of the archive
    members: int = 1000  # files in it
    total: int = 2 * 2**30  # unpacked bytes of all files
    ratio: int = 200  # unpacked to packed size
    slack: int = 2**20  # unpacked bytes beyond the ratio: small pictures of one colour shrink a thousandfold


class Refused(UserError):
    """The file cannot be read; the message is one sentence that names the reason and not the file."""


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raises `Refused` for a picture of `width` × `height` pixels that is too large to decode or too small to read."""
    if min(width, height) < SMALLEST_SIDE:
        raise Refused(
            gettext_noop("The picture is too small to be read ({width} × {height} pixels)."), width=width, height=height
        )
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise Refused(
            gettext_noop(
                "The picture is too large ({width} × {height} pixels; at most {pixels} million and {side} on a side)."
            ),
            width=width,
            height=height,
            pixels=limits.pixels // 1000000,
            side=limits.side,
        )
