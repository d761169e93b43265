"""Media types by the first bytes of a file: names are arbitrary, and browsers of phones send none."""

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.limits import Refused

JPEG = "image/jpeg"
PNG = "image/png"
HEIC = "image/heic"
AVIF = "image/avif"
WEBP = "image/webp"
TIFF = "image/tiff"
GIF = "image/gif"
BMP = "image/bmp"
PDF = "application/pdf"
ZIP = "application/zip"
ACCEPTED = gettext_noop("JPEG, PNG, HEIC, WebP, TIFF or PDF")

# Bytes that are needed: the PDF standard lets its header stand anywhere in the first 1024.
HEAD = 1024

_MAGIC = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"PK\x03\x04", ZIP),
    # An archive without files holds only its end record.
    (b"PK\x05\x06", ZIP),
)
# Kinds that are refused by name.
_KNOWN_REFUSED = (
    (b"\xd0\xcf\x11\xe0", gettext_noop("an office document")),
    (b"{\\rtf", gettext_noop("a text document")),
    (b"Rar!", gettext_noop("a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", gettext_noop("a 7z archive")),
    (b"\x1f\x8b", gettext_noop("a compressed file")),
    (b"\0\0\0\x0cjP  ", gettext_noop("a JPEG 2000 picture")),
    (b"MZ", gettext_noop("a program")),
    (b"\x7fELF", gettext_noop("a program")),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/", b"_rels/.rels", b"META-INF/")


def sniff(data: bytes) -> str:
    """The media type of a file that starts with `data` (at least `HEAD` bytes, or all). Raises `Refused`."""
    if not data:
        raise Refused(gettext_noop("The file is empty."))
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return _archive(data) if media_type == ZIP else media_type
    if picture := _picture(data):
        return picture
    if kind := _refused_kind(data):
        raise Refused(
            gettext_noop("The file is {kind!s}, which is not supported; use {accepted!s}."),
            kind=kind,
            accepted=ACCEPTED,
        )
    if b"%PDF-" in data[:HEAD]:
        return PDF
    raise Refused(gettext_noop("The file is not a {accepted!s}."), accepted=ACCEPTED)


def _archive(data: bytes) -> str:
    """`ZIP`, unless the first file shows that it is an office document. Raises `Refused`."""
    length = int.from_bytes(data[26:28], "little")
    # An OpenDocument file stores its type as the content of its first file, right after the name.
    if data[30 : 30 + length + 12].startswith(_OFFICE):
        raise Refused(
            gettext_noop("The file is an office document or a program, which is not supported; use {accepted!s}."),
            accepted=ACCEPTED,
        )
    return ZIP


def _picture(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    # A reserved field of the header, 0 in pictures, excludes texts that start with these two letters.
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return BMP
    if data[4:8] == b"ftyp":
        return _heif(data)
    return None


def _heif(data: bytes) -> str | None:
    """HEIC and AVIF share a container; where its main brand is neutral, a compatible brand decides."""
    end = min(max(int.from_bytes(data[:4], "big"), 16), HEAD)
    brands = [data[8:12], *(data[start : start + 4] for start in range(16, end, 4))]
    for brand in brands:
        if brand in _HEIC_BRANDS:
            return HEIC
        if brand in _AVIF_BRANDS:
            return AVIF
    return HEIC if brands[0] in (b"mif1", b"msf1") else None


def _refused_kind(data: bytes) -> str | None:
    for magic, kind in _KNOWN_REFUSED:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp":
        return "a video"
    text = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(_MARKUP):
        return "a web page"
    if text.startswith((b"<?xml", b"<svg")):
        return "an XML or SVG file"
    return None
