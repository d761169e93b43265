"""One request of a webhook: connects to an address that was checked, follows no redirect, and ends in time.

The name is resolved once, and the connection goes to the address that was checked, so that another answer of the name
server a moment later leads nowhere. Proxies of the environment are not used: they would resolve the name once more.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlsplit

from extraction.domain.webhooks.answers import Answer, DeliveryOutcome, outcome_of
from extraction.engines.webhooks.addresses import permitted, resolve

PORTS = {"http": 80, "https": 443}
# Bytes of an answer that are read; the rest is cut off.
KEPT = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for the connection, and for the whole attempt; whether private addresses and plain HTTP are allowed."""

    connect: float = 5.0
    total: float = 10.0
    private: bool = False


class _Refused(Exception):
    """Every address of the host is one that must not be connected to, or what is sent could be read on its way."""


def send(url: str, body: bytes, headers: Mapping[str, str], limits: Limits) -> Answer:
    """POST `body` and tell what came of it; raises nothing for whatever the receiver or the network does."""
    began = time.monotonic()
    outcome, status, text = DeliveryOutcome.TIMED_OUT, None, ""
    try:
        status, text = _exchange(urlsplit(url), body, headers, limits, began + limits.total)
        outcome = outcome_of(status)
    except _Refused:
        outcome = DeliveryOutcome.REFUSED_ADDRESS
    except TimeoutError:
        pass
    except (OSError, UnicodeError, HTTPException, ValueError) as error:
        # A connection that was cut because its time was up fails in one of many ways.
        if time.monotonic() < began + limits.total:
            outcome = _failure(error)
    return Answer(outcome, round(1000 * (time.monotonic() - began)), status, text)


def _failure(error: Exception) -> DeliveryOutcome:
    if isinstance(error, ssl.SSLError):
        return DeliveryOutcome.UNTRUSTED
    # An address that cannot be encoded is none; a connection that ends before any answer is an `OSError` too.
    return DeliveryOutcome.UNREACHABLE if isinstance(error, (OSError, UnicodeError)) else DeliveryOutcome.MALFORMED


def _exchange(
    url: SplitResult, body: bytes, headers: Mapping[str, str], limits: Limits, deadline: float
) -> tuple[int, str]:
    """The status and the beginning of the answer."""
    if url.scheme != "https" and not limits.private:
        raise _Refused
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    # TLS takes the socket over; its duplicate stays a handle to the connection.
    with _connect(host, port, limits, deadline) as plain, plain.dup() as handle:
        # Time-outs of a socket begin anew with each byte; this ends the attempt however slowly they drip.
        cut = threading.Timer(max(0.0, deadline - time.monotonic()), _cut_off, [handle])
        cut.daemon = True
        cut.start()
        try:
            with _secured(plain, host, url.scheme) as connected:
                return _request(connected, url, body, headers, deadline)
        finally:
            cut.cancel()


def _connect(host: str, port: int, limits: Limits, deadline: float) -> socket.socket:
    """A connection to the first permitted address that takes one."""
    allowed = [address for address in resolve(host, port) if permitted(address, private=limits.private)]
    if not allowed:
        raise _Refused
    problem = OSError()
    for address in allowed:
        left = min(limits.connect, deadline - time.monotonic())
        if left <= 0:
            raise TimeoutError
        try:
            connected = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            problem = error
        else:
            connected.settimeout(limits.total)
            return connected
    raise problem


def _secured(plain: socket.socket, host: str, scheme: str) -> socket.socket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host) if scheme == "https" else plain


def _request(
    connected: socket.socket, url: SplitResult, body: bytes, headers: Mapping[str, str], deadline: float
) -> tuple[int, str]:
    connection = HTTPConnection(url.hostname or "", PORTS[url.scheme])
    connection.sock = connected
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request("POST", target, body, {"Host": url.netloc, "Connection": "close", **headers})
    response = connection.getresponse()
    if time.monotonic() >= deadline:
        # Cut off within the headers, which looks like their end.
        raise TimeoutError
    return response.status, _beginning(response)


def _beginning(response: HTTPResponse) -> str:
    """The first bytes of an answer; fewer where the rest does not come: its status has told already."""
    read = b""
    with suppress(OSError, HTTPException, ValueError):
        while len(read) < KEPT and (more := response.read1(KEPT - len(read))):
            read += more
    return read.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _cut_off(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
