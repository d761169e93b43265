"""Pictures for tests that have pages read."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

RECEIPT = (
    "CORNER BAKERY LIMITED",
    "12 HIGH STREET, LEEDS",
    "Invoice No: 4711",
    "Date: 25/12/2018",
    "White bread 2.40",
    "Coffee beans 7.95",
    "Orange juice 1.60",
    "TOTAL 11.95",
    "CASH 20.00",
    "CHANGE 8.05",
    "Thank you for your visit",
)


def receipt(lines: tuple[str, ...] = RECEIPT, *, size: int = 28) -> Image.Image:
    """Black text on white paper, one line of text a line."""
    font = ImageFont.load_default(size)
    step = int(size * 1.7)
    image = Image.new("RGB", (22 * size, step * (len(lines) + 2)), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines, 1):
        draw.text((2 * size, number * step), line, "black", font)
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a file of that kind."""
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
