"""A PDF of pictures, a page each, under an invisible layer of text, as scanners with text recognition write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extraction.domain.pages import Page, Word

A4_WIDTH = 595.28
# The number of the first page among the objects of a file, and how many objects a page has.
FIRST, PARTS = 3, 3
# Every character of Courier is 600 thousandths of its size wide, so that a word can be fitted to its box exactly.
COURIER = 0.6
WESTERN = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"


def document(pictures: Sequence[tuple[bytes, Page]]) -> bytes:
    """The file of JPEGs. Each page is where the words of its picture stand, and as wide as A4.

    Words are written in the 8-bit code of Western Europe where that has all their letters, else in UTF-16.
    """
    western = all(_is_western(page) for _, page in pictures)
    font = FIRST + PARTS * len(pictures)
    pages = [FIRST + PARTS * number for number in range(len(pictures))]
    kids = " ".join(f"{page} 0 R" for page in pages)
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
            *(
                part
                for at, (jpeg, page) in zip(pages, pictures, strict=True)
                for part in _page(jpeg, page, at, font, western)
            ),
            *([WESTERN] if western else _wide_font(font)),
        ]
    )


def _page(jpeg: bytes, page: Page, at: int, font: int, western: bool) -> list[bytes]:
    """A page, its content and its picture, numbered from `at`."""
    height = A4_WIDTH * page.height / page.width
    content = f"q {A4_WIDTH:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q\nBT 3 Tr\n".encode()
    content += b"".join(_word(word, A4_WIDTH, height, western) for word in page.words) + b"ET\n"
    picture = (
        f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /ColorSpace /DeviceRGB "
        f"/BitsPerComponent 8 /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
    )
    return [
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4_WIDTH} {height:.2f}] /Contents {at + 1} 0 R "
        f"/Resources << /XObject << /P {at + 2} 0 R >> /Font << /F {font} 0 R >> >> >>".encode(),
        f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"endstream",
        picture.encode() + jpeg + b"\nendstream",
    ]


def _is_western(page: Page) -> bool:
    try:
        "".join(word.text for word in page.words).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _wide_font(number: int) -> list[bytes]:
    """A font without glyphs, for they are never shown: its codes are UTF-16, each as wide as Courier's."""
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256)]
    # A list of ranges has 100 entries at most.
    blocks = [ranges[start : start + 100] for start in range(0, len(ranges), 100)]
    listed = "\n".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in blocks)
    meaning = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{listed}\nendcmap end end"
    ).encode()
    system = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    return [
        "<< /Type /Font /Subtype /Type0 /BaseFont /Courier /Encoding /Identity-H "
        f"/DescendantFonts [{number + 1} 0 R] /ToUnicode {number + 2} 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Courier {system} /DW 600 "
        f"/FontDescriptor {number + 3} 0 R >>".encode(),
        f"<< /Length {len(meaning)} >>\nstream\n".encode() + meaning + b"\nendstream",
        b"<< /Type /FontDescriptor /FontName /Courier /Flags 33 /FontBBox [0 -250 600 1000] /ItalicAngle 0 "
        b"/Ascent 1000 /Descent -250 /CapHeight 800 /StemV 80 >>",
    ]


def _word(word: Word, width: float, height: float, western: bool) -> bytes:
    box = word.box
    size = box.height * height
    stretch = 100 * box.width * width / (COURIER * size * len(word.text))
    place = f"/F {size:.2f} Tf {stretch:.2f} Tz 1 0 0 1 {box.x0 * width:.2f} {(1 - box.y1) * height:.2f} Tm "
    if not western:
        return place.encode() + b"<" + f"{word.text} ".encode("utf-16-be").hex().encode() + b"> Tj\n"
    text = word.text.encode("cp1252", "replace")
    for char in (b"\\", b"(", b")"):
        text = text.replace(char, b"\\" + char)
    return place.encode() + b"(" + text + b" ) Tj\n"


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
