"""PDF files whose pages only stand in for what they hold: portfolios, and forms that Adobe Reader alone shows."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.limits import Refused

PORTFOLIO = gettext_noop("The PDF is a portfolio of other files; upload the files that it holds.")
READER_FORM = gettext_noop("The PDF is a form that only Adobe Reader shows; print it to a PDF there and upload that.")

# A page that asks for Adobe Reader says little else.
_LONGEST_NOTICE = 2000
_NOTICE = re.compile(r"Adobe\s+(Acrobat\s+)?Reader")
_COLLECTION = re.compile(rb"/Collection\b")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,1000}?\bstream\r?\n")
# Unpacked bytes of one object stream, in which the catalogue of newer files stands, and number of them.
_UNPACKED, _STREAMS = 2**20, 200


def check_contents(document: pdfium.PdfDocument, path: Path) -> None:
    """Raises `Refused` for a file whose pages are not what it holds."""
    if _is_reader_form(document):
        raise Refused(READER_FORM)
    if raw.FPDFDoc_GetAttachmentCount(document) > 0 and _is_collection(path.read_bytes()):
        raise Refused(PORTFOLIO)


def _is_reader_form(document: pdfium.PdfDocument) -> bool:
    """Whether the file is an XFA form whose page is a notice."""
    kind = document.get_formtype()
    if kind == raw.FORMTYPE_XFA_FULL:
        return True
    return kind == raw.FORMTYPE_XFA_FOREGROUND and _NOTICE.search(_first_text(document)) is not None


def _first_text(document: pdfium.PdfDocument) -> str:
    page = document[0]
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        codes = [raw.FPDFText_GetUnicode(textpage, index) for index in range(count)] if count < _LONGEST_NOTICE else []
        return "".join(chr(code) for code in codes if code < 0x110000)
    finally:
        textpage.close()
        page.close()


def _is_collection(data: bytes) -> bool:
    return any(_COLLECTION.search(part) for part in (data, *_object_streams(data)))


def _object_streams(data: bytes) -> Iterator[bytes]:
    """The unpacked beginnings of the file's object streams."""
    for number, match in enumerate(_OBJECT_STREAM.finditer(data)):
        if number == _STREAMS:
            return
        try:
            yield zlib.decompressobj().decompress(data[match.end() :], _UNPACKED)
        except zlib.error:
            continue
