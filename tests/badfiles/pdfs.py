"""Files that must be refused with one sentence, built when they are needed: name, bytes, words of the sentence."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from tests.drawing import encoded, receipt


class BadFile(NamedTuple):
    name: str
    build: Callable[[], bytes]
    expected: str


def png(width: int, height: int) -> bytes:
    """A PNG whose header claims a size; its data are a few kilobytes whatever it claims."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def pdf(pages: int, *, media_box: str = "0 0 300 400", extra: bytes = b"") -> bytes:
    """A PDF in its plainest syntax; every entry of the page tree is the same page."""
    kids = b"3 0 R " * pages
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [ %s] >>" % (pages, kids),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] %s >>" % (media_box.encode(), extra),
    )


def text_pdf(lines: tuple[str, ...], *, mode: int = 0, rotate: int = 0, width: int = 300, height: int = 400) -> bytes:
    """A PDF that prints `lines` in Helvetica; `mode` 3 makes them invisible, `rotate` turns the page when shown."""
    shown = "\n".join(f"({line.translate(_ESCAPES)}) Tj 0 -18 Td" for line in lines)
    content = f"BT {mode} Tr /F1 12 Tf 20 {height - 40} Td {shown} ET".encode("latin-1")
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % (width, height, rotate),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )


def scanned_pdf(image: Image.Image) -> bytes:
    """A PDF that holds nothing but a picture."""
    return encoded(image, "PDF")


def encrypted_pdf() -> bytes:
    """A PDF whose user password is not empty (standard handler, revision 2; what it encrypts is of no interest)."""
    return pdf(1).replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]"
        % (b"41" * 32, b"42" * 32),
    )


def jpeg() -> bytes:
    return encoded(receipt())


def gif() -> bytes:
    return encoded(Image.new("L", (40, 40)), "GIF")


def huge_picture_in_pdf() -> bytes:
    """A small page that shows a picture of 2.5 thousand million pixels."""
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 50000 /Height 50000 /BitsPerComponent 8 /ColorSpace /DeviceGray "
        b"/Filter /FlateDecode /Length 8 >>\nstream\nx\x9c\x03\0\0\0\0\x01\nendstream"
    )
    content = b"300 0 0 400 0 0 cm /P Do"
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R "
        b"/Resources << /XObject << /P 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        picture,
    )


def broken_exif() -> bytes:
    """Not a bad file: a good JPEG whose EXIF block is nonsense."""
    data = jpeg()
    exif = b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\x99" * 40
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


BAD_FILES = (
    BadFile("empty.jpg", lambda: b"", "is empty"),
    BadFile("page.jpg", lambda: b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
    BadFile("notes.pdf", lambda: b"Total 12.50\n" * 50, "not a JPEG, PNG or PDF"),
    BadFile("noise.png", lambda: bytes(range(256)) * 20, "not a JPEG, PNG or PDF"),
    BadFile("photo.jpg", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
    BadFile("moving.png", gif, "GIF"),
    BadFile("scan.jpg", lambda: b"II*\0" + b"\0" * 100, "TIFF"),
    BadFile("photo.png", lambda: b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40, "WebP"),
    BadFile("bundle.pdf", lambda: b"PK\x03\x04" + b"\0" * 100, "ZIP"),
    BadFile("drawing.png", lambda: b"<?xml version='1.0'?><svg/>", "SVG"),
    BadFile("half.jpg", lambda: jpeg()[: len(jpeg()) // 2], "damaged or cut off"),
    BadFile("head.jpg", lambda: jpeg()[:20], "damaged or cut off"),
    BadFile("half.png", lambda: encoded(receipt(), "PNG")[:3000], "damaged or cut off"),
    BadFile("flipped.png", lambda: _with_a_flipped_byte(encoded(receipt(), "PNG")), "damaged or cut off"),
    BadFile("dot.png", lambda: encoded(Image.new("L", (1, 1)), "PNG"), "too small"),
    BadFile("square.png", lambda: png(50_000, 50_000), "too large"),
    BadFile("ribbon.png", lambda: png(50_000, 20), "too large"),
    BadFile("bomb.png", lambda: png(12_000, 12_000), "too large"),
    BadFile("locked.pdf", encrypted_pdf, "password"),
    BadFile("header.pdf", lambda: b"%PDF-1.7\n", "damaged or cut off"),
    BadFile("half.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged or cut off"),
    BadFile("none.pdf", lambda: pdf(0), "no pages"),
    BadFile("book.pdf", lambda: pdf(10_000), "10000 pages; at most 200"),
)

# What the quick look lets pass and reading refuses.
BAD_WHEN_READ = (BadFile("poster.pdf", huge_picture_in_pdf, "too large"),)

_ESCAPES = {ord(character): f"\\{character}" for character in "()\\"}


def _file(*objects: bytes) -> bytes:
    out = BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_a_flipped_byte(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
