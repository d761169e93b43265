"""What a file may be at most, and how one that cannot be read is refused."""

from dataclasses import dataclass

SMALLEST_SIDE = 16


@dataclass(frozen=True, slots=True)
class Limits:
    """`pixels` holds for every picture, also inside a PDF, and is checked before anything is decoded."""

    bytes: int = 50 * 2**20
    pixels: int = 80_000_000
    side: int = 30_000
    pages: int = 200


class Refused(ValueError):
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
