"""PDFs whose text layers differ from what is printed, and pages of which only a part is text."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from PIL import Image

from extraction.domain.pages import Word
from tests.support.badfiles.pdfs import assemble

INVOICE = ("CAFE MUSTER GmbH", "Hauptstr. 12", "10115 Berlin", "Datum: 14.03.2023", "Espresso 2,50", "Summe EUR 5,50")
SIZE, WIDTH, HEIGHT = 14, 420, 600
_ESCAPES = {ord(character): f"\\{character}" for character in "()\\"}


class Blind:
    """An engine that sees nothing: what is read is in the text layer."""

    name, doubtful = "blind", 0.5

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        return ()

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        return [("", 0.0) for _ in lines]


def text(line: str, x: float, y: float, *, font: str = "F1", size: float = SIZE, state: str = "") -> str:
    """Operators that print a line; `state` goes before it, inside the text object."""
    return f"BT {state} /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({line.translate(_ESCAPES)}) Tj ET\n"


def lines(of: tuple[str, ...] = INVOICE, *, top: float = 540, font: str = "F1", state: str = "") -> str:
    """Operators that print lines below each other."""
    return "".join(text(line, 40, top - 24 * number, font=font, state=state) for number, line in enumerate(of))


def page(
    content: str,
    *,
    maps: Mapping[str, str] | None = None,
    picture: Image.Image | None = None,
    page: bytes = b"",
    catalogue: bytes = b"",
    resources: bytes = b"",
    objects: tuple[bytes, ...] = (),
) -> bytes:
    """A PDF of one page with the fonts F1 and F2 in Helvetica, and the picture P.

    `maps` are the codes of F2 as its map to Unicode names them, in UTF-16BE or as text; all others stand for
    themselves. `objects` are numbered from 9.
    """
    drawing = content.encode("cp1252")
    codes = {chr(code): f"{code:04x}" for code in range(32, 127)}
    codes |= {code: value.encode("utf-16-be", "surrogatepass").hex() for code, value in (maps or {}).items()}
    rows = "\n".join(f"<{ord(code):02x}> <{value}>" for code, value in codes.items() if value)
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(codes)} beginbfchar\n{rows}\nendbfchar endcmap end end"
    ).encode()
    pixels = BytesIO()
    (picture or Image.new("RGB", (16, 16), "white")).save(pixels, "JPEG", quality=95)
    size = (picture or Image.new("RGB", (16, 16))).size
    return assemble(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R %s /Resources << %s "
        b"/Font << /F1 5 0 R /F2 6 0 R >> /XObject << /P 8 0 R >> >> >>" % (WIDTH, HEIGHT, page, resources),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(table), table),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB "
        b"/Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (*size, len(pixels.getvalue()), pixels.getvalue()),
        *objects,
    )


def appearance(content: str, width: int, height: int) -> bytes:
    """What a form's field or an annotation shows, as an object of the PDF."""
    drawing = content.encode("cp1252")
    return (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 %d %d] /Resources << /Font << /F1 5 0 R >> >> /Length %d >>\n"
        b"stream\n%s\nendstream" % (width, height, len(drawing), drawing)
    )
