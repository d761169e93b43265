"""Worker class of gunicorn that reads a request before a thread takes it, so that slow clients hold no thread."""

import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from selectors import EVENT_READ
from socket import SHUT_WR, socket
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

# Bytes of a request's head, and of a whole request that is read before a thread takes it.
LARGEST_HEAD = 64 * 1024
LARGEST_BUFFERED = 128 * 1024
# Seconds in which a request's head and small body must come, and one part of a large body or of an answer must move.
ARRIVAL_SECONDS = 15.0
STALL_SECONDS = 30.0
# Seconds and bytes for which a client may go on sending after its answer.
LINGER_SECONDS = 2.0
LINGER_BYTES = 64 * 1024
# Bytes a second that a large body must come with, after the first seconds.
SLOWEST = 8 * 1024
_LENGTH = b"\ncontent-length:"


class PacedUnreader(SocketUnreader):  # type: ignore[misc]
    """Reads what the main thread has gathered and then the socket; raises `TimeoutError` where it comes too slowly."""

    def __init__(self, sock: socket, gathered: bytes) -> None:
        super().__init__(sock)
        self.unread(gathered)
        self.started, self.came = time.monotonic(), 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        if time.monotonic() - self.started > STALL_SECONDS + self.came / SLOWEST:
            raise TimeoutError("The request's body comes too slowly.")
        self.sock.settimeout(STALL_SECONDS)
        data: bytes = super().chunk(size_hint)
        self.came += len(data)
        return data


@dataclass(eq=False)
class Leaving:
    """A connection whose answer is complete; `until`: when it is closed, on the monotonic clock."""

    conn: TConn
    until: float
    drained: int = 0


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """The main thread gathers each request's head and small body, and drops connections that are too slow to come or to
    leave."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # Oldest first; each has the moment by which its request must have come.
        self.arriving: deque[tuple[float, TConn, bytearray]] = deque()
        self.leaving: deque[Leaving] = deque()

    def enqueue_req(self, conn: TConn) -> None:
        gathered = bytearray(conn.parser.unreader.take_buffered() if conn.parser else b"")
        entry = (time.monotonic() + ARRIVAL_SECONDS, conn, gathered)
        conn.sock.setblocking(False)
        self.arriving.append(entry)
        self.poller.register(conn.sock, EVENT_READ, partial(self._gather, entry))
        if gathered:
            self._gather(entry)

    def _gather(self, entry: tuple[float, TConn, bytearray], _: object = None) -> None:
        _, conn, gathered = entry
        try:
            data = conn.sock.recv(LARGEST_HEAD)
        except BlockingIOError:
            data = None
        except OSError:
            data = b""
        if data == b"":
            self._drop(entry)
            return
        gathered += data or b""
        if whole(gathered):
            self._leave(entry)
            conn.init()
            conn.parser.unreader = PacedUnreader(conn.sock, bytes(gathered))
            conn.data_ready = True
            super().enqueue_req(conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        while self.arriving and (self.arriving[0][0] < time.monotonic() or not self.alive):
            self._drop(self.arriving[0])
        while self.leaving and self.leaving[0].until < time.monotonic():
            self._close(self.leaving[0])

    def finish_request(self, conn: TConn, fs: Future[object]) -> None:
        if fs.cancelled() or fs.exception() is not None or fs.result():
            super().finish_request(conn, fs)
        else:
            self._linger(conn)

    def _linger(self, conn: TConn) -> None:
        """Let the client read its answer to the end (RFC 9112, section 9.6) while others are served: gunicorn waits
        here, up to two seconds for each client."""
        leaving = Leaving(conn, time.monotonic() + LINGER_SECONDS)
        conn.sock.setblocking(False)
        self.leaving.append(leaving)
        self.poller.register(conn.sock, EVENT_READ, partial(self._drain, leaving))
        try:
            conn.sock.shutdown(SHUT_WR)
        except OSError:
            self._close(leaving)

    def _drain(self, leaving: Leaving, _: object = None) -> None:
        try:
            came = len(leaving.conn.sock.recv(LINGER_BYTES))
        except BlockingIOError:
            return
        except OSError:
            came = 0
        leaving.drained += came
        if not came or leaving.drained >= LINGER_BYTES:
            self._close(leaving)

    def _close(self, leaving: Leaving) -> None:
        self.leaving.remove(leaving)
        self.poller.unregister(leaving.conn.sock)
        self.nr_conns -= 1
        leaving.conn.close()

    def _leave(self, entry: tuple[float, TConn, bytearray]) -> None:
        self.poller.unregister(entry[1].sock)
        self.arriving.remove(entry)

    def _drop(self, entry: tuple[float, TConn, bytearray]) -> None:
        self._leave(entry)
        self.nr_conns -= 1
        entry[1].close()


def whole(gathered: bytearray) -> bool:
    """Whether a thread may take the request: nothing more need be waited for, or too much to keep in memory."""
    end = gathered.find(b"\r\n\r\n")
    if end < 0:
        return len(gathered) > LARGEST_HEAD
    head = bytes(gathered[:end]).lower()
    start = head.find(_LENGTH)
    if start < 0:
        return True
    text = head[start + len(_LENGTH) :].split(b"\r", 1)[0].strip()
    if not text.isdigit() or len(text) > 12 or int(text) > LARGEST_BUFFERED:
        return True
    return len(gathered) >= end + 4 + int(text)


def bound(worker: object, request: Any) -> None:
    """Hook of gunicorn before a request: no reader of its answer may stall for long, and a large body that a refusal
    leaves unread is not read for the sake of the next request."""
    request.unreader.sock.settimeout(STALL_SECONDS)
    length = next((value for name, value in request.headers if name == "CONTENT-LENGTH"), "0")
    chunked = any(name == "TRANSFER-ENCODING" for name, _ in request.headers)
    if chunked or not length.isdigit() or int(length) > LARGEST_BUFFERED:
        request.force_close()
