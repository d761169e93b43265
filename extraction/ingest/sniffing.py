"""Which kind of file it is, by its first bytes: a name can say anything."""

from extraction.ingest.limits import Refused

JPEG = "image/jpeg"
PNG = "image/png"
PDF = "application/pdf"
ACCEPTED = "use JPEG, PNG or PDF"

# The first bytes needed for a verdict: the PDF standard lets its header stand anywhere in the first 1024.
HEAD = 1024

_KNOWN_REFUSED = (
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"{\\rtf", "a text document"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")


def sniff(data: bytes) -> str:
    """The media type of a file that starts with `data` (at least `HEAD` bytes, or all). Raises `Refused`."""
    if not data:
        raise Refused("The file is empty.")
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    found = _refused_kind(data)
    if found:
        raise Refused(f"The file is {found}, which is not supported; {ACCEPTED}.")
    if b"%PDF-" in data[:HEAD]:
        return PDF
    raise Refused("The file is not a JPEG, PNG or PDF.")


def _refused_kind(data: bytes) -> str | None:
    for magic, kind in _KNOWN_REFUSED:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "a HEIC picture"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    text = data[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(_MARKUP):
        return "a web page"
    if text.startswith((b"<?xml", b"<svg")):
        return "an XML or SVG file"
    return None
