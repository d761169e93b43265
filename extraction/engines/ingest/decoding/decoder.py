"""The process in which files are decoded: `python -m extraction.engines.ingest.decoding.decoder`.

`sandbox` starts it. It reads calls on its input and writes a response to each on its output (`frames`, `messages`). It
drops its privileges before the first call: no files written, few files open, and for each call only so much memory and
processor time. A call that exceeds them ends the process; `sandbox` starts another. Threads stay allowed: the HEIC
decoder starts one for each picture.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from extraction.engines.ingest.decoding import frames
from extraction.engines.ingest.decoding.messages import Call
from extraction.engines.ingest.decoding.open_documents import OpenDocuments
from extraction.engines.ingest.limits import Limits

OPEN_FILES = 64


def serve(requests: BinaryIO, responses: BinaryIO) -> None:
    """Respond to calls until the other side closes the pipe, which happens too when it dies."""
    documents = OpenDocuments()
    while True:
        try:
            call = _receive(requests)
        except EOFError:
            return
        with _resource_limits(call.seconds, call.memory):
            response, payload = documents.respond(call)
        responses.write(frames.start(response.to_json(), payload))
        responses.write(payload)
        responses.flush()


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


def _receive(requests: BinaryIO) -> Call:
    start = requests.read(frames.LENGTHS.size)
    if len(start) < frames.LENGTHS.size:
        raise EOFError
    length, _ = frames.lengths(start)
    return Call.from_json(frames.parse(requests.read(length)))


def drop_privileges() -> None:
    """Give up all that decoding does not need; `_resource_limits` restricts each request further."""
    for kind, most in (
        (resource.RLIMIT_AS, Limits().memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(kind, (most, most))


def _prefer_for_oom_killer() -> None:
    """Where memory runs out on the whole machine, this process goes before a worker or the database."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def main() -> None:
    # The process ends when its input does; signals to its parent's group must not interrupt a page.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    requests = os.fdopen(os.dup(0), "rb")
    responses = os.fdopen(os.dup(1), "wb")
    # Decoders write warnings to the standard streams, which would break the frames.
    devnull = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(devnull, stream)
    Image.preinit()
    _prefer_for_oom_killer()
    drop_privileges()
    responses.write(frames.start({"ready": True}))
    responses.flush()
    serve(requests, responses)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)
