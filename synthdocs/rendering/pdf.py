"""A one-page PDF of a picture with an invisible layer of text over it, as scanners with text recognition write it."""

from __future__ import annotations

from collections.abc import Iterable

from extraction.domain.pages import Page, Word

A4_WIDTH = 595.28
# Every character of Courier is 600 thousandths of its size wide, so that a word can be fitted to its box exactly.
COURIER = 0.6


def document(jpeg: bytes, page: Page) -> bytes:
    """The file. `page` is where the words of the picture stand; the page is as wide as A4."""
    height = A4_WIDTH * page.height / page.width
    content = f"q {A4_WIDTH:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q\nBT 3 Tr\n".encode()
    content += b"".join(_word(word, A4_WIDTH, height) for word in page.words) + b"ET\n"
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /ColorSpace /DeviceRGB "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
    )
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4_WIDTH} {height:.2f}] /Contents 4 0 R "
            "/Resources << /XObject << /P 5 0 R >> /Font << /F 6 0 R >> >> >>".encode(),
            f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"endstream",
            picture.encode() + jpeg + b"\nendstream",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
        ]
    )


def _word(word: Word, width: float, height: float) -> bytes:
    box = word.box
    size = box.height * height
    stretch = 100 * box.width * width / (COURIER * size * len(word.text))
    text = word.text.encode("cp1252", "replace")
    for char in (b"\\", b"(", b")"):
        text = text.replace(char, b"\\" + char)
    place = f"/F {size:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {box.x0 * width:.2f} {(1 - box.y1) * height:.2f} Tm ("
    return place.encode() + text + b" ) Tj\n"


def _file(objects: Iterable[bytes]) -> bytes:
    """Objects numbered from 1, the first the catalogue, with their table of places."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(places) + 1
    tail = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    return out + tail.encode() + f"startxref\n{len(out)}\n%%EOF\n".encode()
