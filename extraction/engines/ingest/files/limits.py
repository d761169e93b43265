"""What a file may be at most, and how one that cannot be read is refused."""

from dataclasses import dataclass

from extraction.domain.errors import UserError

SMALLEST_SIDE = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """`pixels` holds for every picture, also inside a PDF, and is checked before anything is decoded.

    `seconds` of processor time and bytes of `memory` are what decoding one page may take.
    """

    bytes: int = 50 * 2**20
    pixels: int = 80_000_000
    side: int = 30_000
    pages: int = 200
    seconds: float = 5.0
    memory: int = 1536 * 2**20


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """`total` and `ratio` (unpacked to packed) are counted on what comes out, not believed from what the archive says.

    `slack` bytes may come out whatever the ratio: little files of one colour shrink a thousandfold.
    """

    bytes: int = 500 * 2**20
    members: int = 1000
    total: int = 2 * 2**30
    ratio: int = 200
    slack: int = 2**20


class Refused(UserError):
    """The file cannot be read; the message is one sentence that names the reason and not the file."""


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raises `Refused` for a picture of `width` × `height` pixels that is too large to decode or too small to read."""
    if min(width, height) < SMALLEST_SIDE:
        raise Refused(f"The picture is too small to be read ({width} × {height} pixels).")
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise Refused(
            f"The picture is too large ({width} × {height} pixels; "
            f"at most {limits.pixels // 1_000_000} million and {limits.side} on a side)."
        )
