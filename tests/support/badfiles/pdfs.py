"""PDFs in their plainest syntax, sound ones and hostile ones."""

import zlib
from io import BytesIO

from PIL import Image

from tests.support.drawing import encoded

_ESCAPES = {ord(character): f"\\{character}" for character in "()\\"}


def pdf(pages: int, *, media_box: str = "0 0 300 400", extra: bytes = b"") -> bytes:
    """A PDF in its plainest syntax; every entry of the page tree is the same page."""
    kids = b"3 0 R " * pages
    return assemble(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [ %s] >>" % (pages, kids),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] %s >>" % (media_box.encode(), extra),
    )


def text_pdf(lines: tuple[str, ...], *, mode: int = 0, rotate: int = 0, width: int = 300, height: int = 400) -> bytes:
    """A PDF that prints `lines` in Helvetica; `mode` 3 makes them invisible, `rotate` turns the page when shown."""
    shown = "\n".join(f"({line.translate(_ESCAPES)}) Tj 0 -18 Td" for line in lines)
    content = f"BT {mode} Tr /F1 12 Tf 20 {height - 40} Td {shown} ET".encode("latin-1")
    return assemble(
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


def huge_picture_in_pdf() -> bytes:
    """A small page that shows a picture of 2.5 thousand million pixels."""
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 50000 /Height 50000 /BitsPerComponent 8 /ColorSpace /DeviceGray "
        b"/Filter /FlateDecode /Length 8 >>\nstream\nx\x9c\x03\0\0\0\0\x01\nendstream"
    )
    return _page(b"300 0 0 400 0 0 cm /P Do", b"/XObject << /P 5 0 R >>", picture)


def recursive_pdf() -> bytes:
    """A page tree that holds itself."""
    return assemble(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R 2 0 R] >>")


def many_objects_pdf(count: int) -> bytes:
    """Nothing but objects; the catalogue is missing."""
    return b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n<< /A [1 2 3] >>\nendobj\n" % number for number in range(9, count))


def nested_forms_pdf(levels: int, each: int) -> bytes:
    """A page that draws a form, which draws another one `each` times, and so on: `each` to the power of `levels`."""
    forms = []
    for number in range(levels):
        draws = b"/F Do " * each if number < levels - 1 else b"0 0 10 10 re f "
        resources = b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + number)
        forms.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 400] %s /Length %d >>\nstream\n%s\nendstream"
            % (resources, len(draws), draws)
        )
    return _page(b"/F Do", b"/XObject << /F 5 0 R >>", *forms)


def long_content_pdf(size: int) -> bytes:
    """A page whose little content unpacks to `size` bytes of drawing."""
    drawing = zlib.compress(b"0 0 m 300 400 l S " * (size // 18), 9)
    content = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(drawing), drawing)
    return assemble(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R >>",
        content,
    )


def _page(content: bytes, resources: bytes, *objects: bytes) -> bytes:
    """A page of 300 × 400 points; `objects` are numbered from 5."""
    return assemble(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R /Resources << %s >> >>" % resources,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *objects,
    )


def assemble(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, of which the first is the catalogue."""
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
