"""One request: what comes of it whatever the receiver does, and that it goes to the address that was checked."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extraction.domain.webhooks.answers import Answer, DeliveryOutcome
from extraction.engines.webhooks import sending
from extraction.engines.webhooks.sending import KEPT, Limits
from tests.webhooks.receivers import Receiver, answers, drips, hangs, receiving

USUAL = Limits(private=True)
# For receivers that hang.
SHORT = Limits(connect=0.5, total=0.6, private=True)
HEADERS = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def sent(url: str, limits: Limits = USUAL) -> Answer:
    return sending.send(url, b'{"type":"test"}', HEADERS, limits)


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every host name have these addresses; the list of names that were asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return list(addresses)

    monkeypatch.setattr(sending, "resolve", resolve)
    return asked


def test_what_is_accepted_is_told_with_the_beginning_of_the_answer(receiver: Receiver) -> None:
    receiver.usual = answers(200, b"thank you")
    answer = sent(receiver.url)
    assert (answer.outcome, answer.status, answer.text) == (DeliveryOutcome.DELIVERED, 200, "thank you")
    [request] = receiver.requests
    assert (request.id, request.body) == ("msg_1", b'{"type":"test"}')


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, DeliveryOutcome.REJECTED), (410, DeliveryOutcome.GONE), (429, DeliveryOutcome.REJECTED)],
)
def test_errors_are_told_by_their_status(receiver: Receiver, status: int, outcome: DeliveryOutcome) -> None:
    receiver.usual = answers(status, b"no")
    assert sent(receiver.url).outcome is outcome


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.usual = answers(307, Location=receiver.url)
    answer = sent(receiver.url)
    assert (answer.outcome, answer.status) == (DeliveryOutcome.REDIRECTED, 307)
    assert len(receiver.requests) == 1


def test_a_large_answer_is_cut(receiver: Receiver) -> None:
    receiver.usual = answers(200, b"\x00\xff" * 5 * 2**20)
    answer = sent(receiver.url)
    assert answer.outcome is DeliveryOutcome.DELIVERED
    assert 0 < len(answer.text) <= KEPT
    assert "\x00" not in answer.text


def test_who_hangs_or_drips_is_given_up_in_time(receiver: Receiver) -> None:
    for script in (hangs(receiver), drips(receiver)):
        receiver.usual = script
        answer = sent(receiver.url, SHORT)
        assert (answer.outcome, answer.status) == (DeliveryOutcome.TIMED_OUT, None)
        # Sooner than either of them would end by itself.
        assert 500 < answer.milliseconds < 20_000


def greets(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"+OK POP3 server ready\r\n")


def test_nobody_there_and_no_http(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert sent(f"http://127.0.0.1:{port}/").outcome is DeliveryOutcome.UNREACHABLE
    receiver.usual = greets
    assert sent(receiver.url).outcome is DeliveryOutcome.MALFORMED


def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    monkeypatch.setattr(sending, "resolve", unknown)
    assert sent("http://nobody.invalid/").outcome is DeliveryOutcome.UNREACHABLE


class TestAddresses:
    PUBLIC = Limits()

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
    def test_this_machine_is_refused_however_it_is_written(self, receiver: Receiver, host: str) -> None:
        port = receiver.url.rpartition(":")[2]
        assert sent(f"https://{host}:{port}", self.PUBLIC).outcome is DeliveryOutcome.REFUSED_ADDRESS
        assert receiver.requests == []

    def test_plain_http_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = names(monkeypatch, "93.184.216.34")
        assert sent("http://example.com/", self.PUBLIC).outcome is DeliveryOutcome.REFUSED_ADDRESS
        assert asked == []

    def test_the_connection_goes_to_the_address_that_was_checked(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A name server that answers otherwise a moment later is not asked again."""
        asked, connected = names(monkeypatch, "10.0.0.1", "93.184.216.34"), []

        def connect(address: tuple[str, int], timeout: float) -> socket.socket:
            connected.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "create_connection", connect)
        assert sent("https://example.com/", self.PUBLIC).outcome is DeliveryOutcome.UNREACHABLE
        assert (asked, connected) == (["example.com"], [("93.184.216.34", 443)])


class TestTls:
    @pytest.fixture
    def port(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
        """A server with a certificate for `hooks.example` that this process trusts; it answers once a connection."""
        path = _certificate(tmp_path, "hooks.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
        with socket.create_server(("127.0.0.1", 0)) as server:
            thread = threading.Thread(target=_serve, args=(server, context), daemon=True)
            thread.start()
            yield server.getsockname()[1]

    def test_the_certificate_is_that_of_the_name(self, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        names(monkeypatch, "127.0.0.1")
        assert sent(f"https://hooks.example:{port}/").outcome is DeliveryOutcome.DELIVERED
        assert sent(f"https://other.example:{port}/").outcome is DeliveryOutcome.UNTRUSTED

    def test_who_hangs_after_the_handshake_is_given_up_in_time(
        self, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        names(monkeypatch, "127.0.0.1")
        assert sent(f"https://hooks.example:{port}/drip", SHORT).outcome is DeliveryOutcome.TIMED_OUT


def _serve(server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = server.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                request = b""
                while not request.endswith(b"}"):
                    request += connection.recv(65536)
                if b"/drip" in request:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                    for _ in range(100):
                        time.sleep(0.05)
                        connection.sendall(b"x")
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        except OSError:
            continue


def _certificate(folder: Path, name: str) -> Path:
    key: Any = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
