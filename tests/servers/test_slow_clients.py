"""Clients that send nothing more hold nobody up."""

import contextlib
import socket
import urllib.request

import pytest

from tests.support.servers.workers import Serve

HALVES = [
    b"",
    b"GET /login/ HT",
    b"GET /login/ HTTP/1.1\r\nHost: localhost\r\nX-Half: ",
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nusername=",
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600000000\r\n\r\nusername=",
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_half_a_request_holds_nobody_up(serve: Serve) -> None:
    process, port = serve("--only=web")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=120) as answer:
        assert answer.status == 200
    with contextlib.ExitStack() as opened:
        # A third of them is refused at once and does not close: a few seconds for each would be minutes.
        for half in HALVES * 40:
            client = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            client.sendall(half)
        for _ in range(3):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=60) as page:
                assert page.status == 200
    process.terminate()
    assert process.wait(timeout=60) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_requests_in_pieces_and_one_after_the_other_are_answered(serve: Serve) -> None:
    process, port = serve("--only=web")
    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=120).close()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        whole = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        client.sendall(whole[:20])
        client.sendall(whole[20:] + whole)
        got = b""
        while got.count(b'"alive": true') < 2:
            data = client.recv(4096)
            assert data
            got += data
    # A refusal of a large body comes whole, though the body is not read.
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600000000\r\n\r\n")
        assert client.makefile("rb").readline().split()[1] == b"413"
    process.terminate()
    assert process.wait(timeout=60) == 0
