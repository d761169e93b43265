"""Files that must be refused with one sentence, built when they are needed: name, bytes, words of the sentence."""

import zipfile
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from tests.support.badfiles import archives, pdfs, pictures
from tests.support.badfiles.archives import archive
from tests.support.badfiles.pdfs import encrypted_pdf, huge_picture_in_pdf, pdf, scanned_pdf, text_pdf
from tests.support.badfiles.pictures import broken_exif, flipped, half, heic, jpeg, png, tiff, webp
from tests.support.drawing import encoded, receipt

__all__ = [
    "BAD_ARCHIVES",
    "BAD_FILES",
    "BAD_WHEN_READ",
    "EVERY_BAD_FILE",
    "BadFile",
    "archive",
    "broken_exif",
    "pdf",
    "scanned_pdf",
    "text_pdf",
]

DAMAGED = "damaged or cut off"
MB = 2**20


class BadFile(NamedTuple):
    name: str
    build: Callable[[], bytes]
    expected: str


def _encoded(kind: str, **options: object) -> bytes:
    return encoded(receipt(), kind, **options)


# Refused at once, by whatever door they come.
BAD_FILES = (
    # not what they claim to be
    BadFile("empty.jpg", lambda: b"", "is empty"),
    BadFile("page.jpg", lambda: b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
    BadFile("page.pdf", lambda: b"<html><script>alert(1)</script>%PDF-1.7</html>", "web page"),
    BadFile("notes.pdf", lambda: b"Total 12.50\n" * 50, "not a JPEG, PNG, HEIC, WebP, TIFF or PDF"),
    BadFile("noise.png", lambda: b"\x80" + bytes(range(256)) * 20, "not a JPEG, PNG, HEIC, WebP, TIFF or PDF"),
    BadFile("drawing.png", lambda: b"<?xml version='1.0'?><svg/>", "SVG"),
    BadFile("script.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
    BadFile("letter.docx", lambda: archive({"[Content_Types].xml": b"<x/>", "word/a.xml": b""}), "office document"),
    BadFile("letter.odt", lambda: archive({"mimetype": b"application/vnd.oasis"}, zipfile.ZIP_STORED), "office"),
    BadFile("letter.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office document"),
    BadFile("letter.rtf", lambda: b"{\\rtf1 Hello}", "text document"),
    BadFile("clip.heic", lambda: b"\0\0\0\x18ftypisom\0\0\0\0mp42" + b"\0" * 200, "video"),
    BadFile("scan.jp2", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 100, "JPEG 2000"),
    BadFile("bundle.rar", lambda: b"Rar!\x1a\x07\x01\0" + b"\0" * 100, "RAR"),
    BadFile("bundle.7z", lambda: b"7z\xbc\xaf\x27\x1c" + b"\0" * 100, "7z"),
    BadFile("bundle.tgz", lambda: b"\x1f\x8b\x08" + b"\0" * 100, "compressed"),
    BadFile("setup.jpg", lambda: b"MZ\x90\0" + b"\0" * 600, "program"),
    # JPEG
    BadFile("half.jpg", lambda: half(jpeg()), DAMAGED),
    BadFile("head.jpg", lambda: jpeg()[:20], DAMAGED),
    BadFile("script.jpg", lambda: b"\xff\xd8\xff<script>alert(1)</script>", DAMAGED),
    BadFile("plain.jpg", pictures.huge_jpeg, "too large"),
    BadFile("scans.jpg", lambda: pictures.scans_jpeg(20_000), "takes too long"),
    # PNG
    BadFile("half.png", lambda: _encoded("PNG")[:3000], DAMAGED),
    BadFile("flipped.png", lambda: flipped(_encoded("PNG")), DAMAGED),
    BadFile("dot.png", lambda: encoded(Image.new("L", (1, 1)), "PNG"), "too small"),
    BadFile("nothing.png", lambda: png(0, 0), DAMAGED),
    BadFile("square.png", lambda: png(50_000, 50_000), "too large"),
    BadFile("ribbon.png", lambda: png(50_000, 20), "too large"),
    BadFile("bomb.png", lambda: png(12_000, 12_000), "too large"),
    BadFile("text.png", lambda: pictures.png_with_text(30 * MB), DAMAGED),
    # HEIC and AVIF
    BadFile("photo.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 100, DAMAGED),
    BadFile("half.heic", lambda: half(heic()), DAMAGED),
    BadFile("boxes.heic", lambda: pictures.heic_without(b"iloc"), DAMAGED),
    BadFile("meta.heic", lambda: pictures.heic_without(b"meta"), DAMAGED),
    BadFile("wall.heic", pictures.huge_heic, "too large"),
    BadFile("half.avif", lambda: half(_encoded("AVIF")), DAMAGED),
    # WebP
    BadFile("photo.webp", lambda: b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40, DAMAGED),
    BadFile("half.webp", lambda: half(_encoded("WEBP")), DAMAGED),
    BadFile("wall.webp", lambda: webp(16_000, 16_000), "too large"),
    # TIFF
    BadFile("scan.tif", lambda: b"II*\0" + b"\0" * 100, DAMAGED),
    BadFile("half.tif", lambda: half(_encoded("TIFF")), DAMAGED),
    BadFile("beyond.tif", lambda: tiff(100, 100, length=10_000), DAMAGED),
    BadFile("wall.tif", lambda: tiff(100_000, 100_000), "too large"),
    BadFile("book.tif", lambda: tiff(20, 20, pages=5000), "more than 200 pages"),
    BadFile("values.tif", pictures.tiff_with_many_values, DAMAGED),
    # GIF and BMP
    BadFile("wall.gif", pictures.huge_gif, "too large"),
    BadFile("script.gif", lambda: b"GIF89a=1;alert(1)//", DAMAGED),
    BadFile("wall.bmp", lambda: pictures.bmp(40_000, 40_000), "too large"),
    # PDF
    BadFile("locked.pdf", encrypted_pdf, "password"),
    BadFile("header.pdf", lambda: b"%PDF-1.7\n", DAMAGED),
    BadFile("half.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, DAMAGED),
    BadFile("none.pdf", lambda: pdf(0), "no pages"),
    BadFile("book.pdf", lambda: pdf(10_000), "10,000 pages; at most 200"),
    BadFile("objects.pdf", lambda: pdfs.many_objects_pdf(300_000), DAMAGED),
)

# What the quick look lets pass and reading refuses.
BAD_WHEN_READ = (
    BadFile("poster.pdf", huge_picture_in_pdf, "too large"),
    BadFile("circle.pdf", pdfs.recursive_pdf, "damaged"),
    # Time or memory, whichever ends first.
    BadFile("forms.pdf", lambda: pdfs.nested_forms_pdf(12, 20), "takes too"),
    BadFile("drawing.pdf", lambda: pdfs.long_content_pdf(250 * MB), "takes too"),
    BadFile("noise.heic", pictures.heic_of_noise, DAMAGED),
    BadFile("flipped.tif", lambda: flipped(_encoded("TIFF", compression="tiff_adobe_deflate")), DAMAGED),
)

# Archives of which no file is taken; elsewhere than at an upload, every archive is refused as such.
BAD_ARCHIVES = (
    BadFile("none.zip", lambda: archive({}), "holds no files"),
    BadFile("folders.zip", lambda: archive({"a/": b"", "a/b/": b""}), "holds no files"),
    BadFile("links.zip", lambda: archives.links("a.jpg", "b.pdf"), "holds no files"),
    BadFile("litter.zip", lambda: archive({"__MACOSX/._a.jpg": b"x", ".DS_Store": b"x"}), "holds no files"),
    BadFile("half.zip", lambda: half(archive({"a.jpg": jpeg()})), "archive is damaged"),
    BadFile("head.zip", lambda: b"PK\x03\x04" + b"\0" * 100, "archive is damaged"),
    BadFile("locked.zip", lambda: archives.encrypted(archive({"a.jpg": jpeg()})), "password"),
    BadFile("lzma.zip", lambda: archive({"a.jpg": jpeg()}, zipfile.ZIP_LZMA), "compressed in a way"),
    BadFile("nested.zip", lambda: archive({"inner.zip": archive({"a.jpg": jpeg()})}), "is a ZIP archive"),
    BadFile("sum.zip", lambda: archives.wrong_sum(archive({"a.jpg": jpeg()})), "damaged in the archive"),
    BadFile("ratio.zip", lambda: archive({"a.bmp": b"BM" + b"\0" * 40 * MB}), "200 times"),
    BadFile("liar.zip", lambda: archives.lying(archive({"a.jpg": b"\0" * 40 * MB}), 10), "damaged|200 times"),
    BadFile("copies.zip", lambda: archives.overlapping(900, 40 * MB), "damaged|200 times|unpack"),
    BadFile("crowd.zip", lambda: archive({f"{number}.jpg": b"" for number in range(1001)}), "1,001 files"),
    BadFile("macros.zip", lambda: archive({"a.jpg": jpeg(), "[Content_Types].xml": b""}), "office document"),
    BadFile("notes.zip", lambda: archive({"notes.txt": b"Total 12.50"}), "not a JPEG"),
)

EVERY_BAD_FILE = (*BAD_FILES, *BAD_WHEN_READ, *BAD_ARCHIVES)
