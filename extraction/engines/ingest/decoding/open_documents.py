"""Documents that the decoding process keeps open, and its responses to requests about them."""

import traceback
from collections import OrderedDict

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.decoding.archives import Archive
from extraction.engines.ingest.decoding.messages import (
    Call,
    DecodedPage,
    DecodePage,
    EntryList,
    Failure,
    InspectFile,
    ListEntries,
    PageCount,
    Piece,
    ReadPiece,
    Request,
    Response,
    SourceFile,
)
from extraction.engines.ingest.decoding.pdf.document import Pdf
from extraction.engines.ingest.decoding.pictures import Picture
from extraction.engines.ingest.limits import ArchiveLimits, Refused
from extraction.engines.ingest.sniffing import PDF

UNREADABLE = gettext_noop("The file cannot be decoded.")
OUT_OF_MEMORY = gettext_noop("The file takes too much memory to decode.")
# Open documents, so that two readers who take turns do not open theirs for each page.
CAPACITY = 3
# Pillow stores four bytes a pixel, so that this mode copies memory without converting it.
RAW_MODE = "RGBX"

Document = Pdf | Picture | Archive


class OpenDocuments:
    """The most recently used documents by token, and the responses to calls."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Document] = OrderedDict()

    def respond(self, call: Call) -> tuple[Response, bytes]:
        """The response with its payload; every error becomes a `Failure`."""
        try:
            for token in call.done:
                self.close(token)
            return self._respond(call.request)
        except Refused as refusal:
            return Failure(str(refusal)), b""
        except MemoryError:
            return Failure(OUT_OF_MEMORY, out_of_memory=True), b""
        except Exception:
            return Failure(UNREADABLE, traceback=traceback.format_exc(limit=-5)), b""

    def close(self, token: str) -> None:
        document = self._open.pop(token, None)
        if document is not None:
            document.close()

    def _respond(self, request: Request) -> tuple[Response, bytes]:
        match request:
            case InspectFile():
                return _inspect(request), b""
            case DecodePage():
                return self._decode(request)
            case ListEntries():
                return EntryList(tuple(self._archive(request).entries)), b""
            case ReadPiece():
                return Piece(), self._archive(request).read(request.index, request.offset, request.size)

    def _decode(self, request: DecodePage) -> tuple[DecodedPage, bytes]:
        document = self._document(request)
        if isinstance(document, Archive):
            raise Refused(UNREADABLE)
        if isinstance(document, Picture):
            image, layer = document.page(request.number, request.longest), None
        else:
            image, layer = document.page(request.number, request.longest)
        page = DecodedPage(image.width, image.height, layer, more=request.number + 1 < document.pages)
        pixels = image.tobytes("raw", RAW_MODE)
        if not page.more:
            self.close(request.token)
        return page, pixels

    def _archive(self, request: ListEntries | ReadPiece) -> Archive:
        document = self._document(request)
        if not isinstance(document, Archive):
            raise Refused(UNREADABLE)
        return document

    def _document(self, request: DecodePage | ListEntries | ReadPiece) -> Document:
        """The request's document, opened if it is not open; the least recently used one makes room for it."""
        if request.token not in self._open:
            self._open[request.token] = _open(request.source)
            if len(self._open) > CAPACITY:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(request.token)
        return self._open[request.token]


def _inspect(request: InspectFile) -> PageCount:
    document = _open(request.source)
    try:
        if isinstance(document, Picture):
            document.check()
        return PageCount(1 if isinstance(document, Archive) else document.pages)
    finally:
        document.close()


def _open(source: SourceFile) -> Document:
    if isinstance(source.limits, ArchiveLimits):
        return Archive(source.path, source.limits)
    if source.media_type == PDF:
        return Pdf(source.path, source.limits)
    return Picture(source.path, source.media_type, source.limits)
