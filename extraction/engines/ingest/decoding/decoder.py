"""The process in which files are decoded, started and asked by `sandbox`:
`python -m extraction.engines.ingest.decoding.decoder`.

It reads requests on its input and answers each on its output (`frames`). It drops its privileges before the first one:
no files written, few files open, and for each request only so much memory and processor time. What is exceeded ends
the process; `sandbox` starts another. Threads stay allowed: the decoder of HEIC starts one for each picture.
"""

import os
import resource
import signal
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from extraction.domain.pages import Box
from extraction.engines.ingest.decoding import frames
from extraction.engines.ingest.decoding.frames import Header
from extraction.engines.ingest.decoding.pdf import Pdf
from extraction.engines.ingest.decoding.pictures import Picture
from extraction.engines.ingest.files.archives import Archive
from extraction.engines.ingest.files.limits import ArchiveLimits, Limits, Refused
from extraction.engines.ingest.files.sniffing import PDF, ZIP

UNREADABLE = "The file cannot be decoded."
# Documents that stay open, so that two readers who take turns do not open theirs for each page.
OPEN = 3
OPEN_FILES = 64
# Pillow's pixels take four bytes each, and copies of four bytes are copies of memory.
RAW_MODE = "RGBX"

Answer = tuple[Header, bytes]
Held = Pdf | Picture | Archive


class Documents:
    """Answers requests; `token` names a document from one request to the next."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Held] = OrderedDict()
        self.answers: Mapping[str, Callable[[Header], Answer]] = {
            "inspect": self._inspect,
            "page": self._page,
            "entries": self._entries,
            "read": self._read,
        }

    def _inspect(self, request: Header) -> Answer:
        document = _opened(request)
        try:
            if isinstance(document, Picture):
                document.look()
            return {"pages": 1 if isinstance(document, Archive) else document.pages}, b""
        finally:
            document.close()

    def _page(self, request: Header) -> Answer:
        document, number = self._held(request), request["number"]
        if isinstance(document, Archive):
            raise Refused(UNREADABLE)
        if isinstance(document, Picture):
            image, words = document.page(number, request["longest"]), None
        else:
            image, words = document.page(number, request["longest"])
        rows = None if words is None else [[w.text, *_corners(w.box), w.confidence, w.line] for w in words]
        more = number + 1 < document.pages
        header = {"width": image.width, "height": image.height, "words": rows, "more": more}
        pixels = image.tobytes("raw", RAW_MODE)
        if not more:
            self.close(request["token"])
        return header, pixels

    def _entries(self, request: Header) -> Answer:
        archive = self._archive(request)
        return {"entries": [[entry.name, entry.problem] for entry in archive.entries]}, b""

    def _read(self, request: Header) -> Answer:
        return {}, self._archive(request).read(request["index"], request["offset"], request["size"])

    def close(self, token: str) -> None:
        document = self._open.pop(token, None)
        if document is not None:
            document.close()

    def _archive(self, request: Header) -> Archive:
        document = self._held(request)
        if not isinstance(document, Archive):
            raise Refused(UNREADABLE)
        return document

    def _held(self, request: Header) -> Held:
        token = request["token"]
        if token not in self._open:
            self._open[token] = _opened(request)
            if len(self._open) > OPEN:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(token)
        return self._open[token]


def _opened(request: Header) -> Held:
    path, media_type = Path(request["path"]), request["media_type"]
    if media_type == ZIP:
        return Archive(path, ArchiveLimits(**request["limits"]))
    limits = Limits(**request["limits"])
    return Pdf(path, limits) if media_type == PDF else Picture(path, media_type, limits)


def _corners(box: Box) -> list[float]:
    return [box.x0, box.y0, box.x1, box.y1]


def answer(documents: Documents, request: Header) -> Answer:
    """What `request` asks for, or why not; `because` is for the log."""
    try:
        for token in request["done"]:
            documents.close(token)
        return documents.answers[request["ask"]](request)
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except MemoryError:
        return {"memory": True}, b""
    except Exception:
        return {"refused": UNREADABLE, "because": traceback.format_exc(limit=-5)}, b""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Until the other side closes: it may also have died, which looks the same."""
    documents = Documents()
    while True:
        try:
            header, payload = _received(requests)
        except EOFError:
            return
        with _resource_limits(header["seconds"], header["memory"]):
            found, payload = answer(documents, header)
        answers.write(frames.start(found, payload))
        answers.write(payload)
        answers.flush()


@contextmanager
def _resource_limits(seconds: float, memory: int) -> Iterator[None]:
    """Memory and processor time for one request. The signal at the end of the time kills, inside any decoder."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(memory, most), most))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _received(requests: BinaryIO) -> tuple[Header, bytes]:
    start = requests.read(frames.LENGTHS.size)
    if len(start) < frames.LENGTHS.size:
        raise EOFError
    header, payload = frames.lengths(start)
    return frames.parsed(requests.read(header)), requests.read(payload)


def drop_privileges() -> None:
    """Give up all that decoding does not need; `_resource_limits` restricts each request further."""
    for kind, most in (
        (resource.RLIMIT_AS, Limits().memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(kind, (most, most))


def _first_to_be_killed() -> None:
    """Where memory runs out on the whole machine, this process goes before a worker or the database."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def main() -> None:
    # It ends when its input does. Signals to the group of its parent, who may want to finish its work, are not for it.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Decoders write their complaints to the standard streams.
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    Image.preinit()
    _first_to_be_killed()
    drop_privileges()
    answers.write(frames.start({"ready": True}, b""))
    answers.flush()
    serve(requests, answers)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
