"""The folder that carries messages: in order, each to one reader, and no broken file stops anybody."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from kdweb import broker

BROKEN = {
    "empty": b"",
    "cut off": b'{"body": "W1sxXSw',
    "no JSON": b"\xff\x00",
    "another kind of JSON": b"[1, 2]",
    "no delivery tag": b'{"body": "eA==", "properties": {}}',
    "an undecodable body": b'{"body": "\xc3", "properties": {"delivery_tag": "a", "body_encoding": "base64"}}',
}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    broker.register()
    with Connection("folder://localhost/", transport_options={"folder": str(tmp_path)}) as opened:
        yield opened


def drain(queue: Any) -> list[Any]:
    found = []
    while True:
        try:
            message = queue.get(block=False)
        except Empty:
            return found
        message.ack()
        found.append(message.payload)


def test_messages_come_once_and_in_order(connection: Connection, tmp_path: Path) -> None:
    queue, other = connection.SimpleQueue("default"), connection.SimpleQueue("training")
    for number in range(20):
        queue.put(number)
    other.put("for another queue")
    assert len(queue) == 20
    assert drain(queue) == list(range(20))
    assert drain(queue) == []
    assert drain(other) == ["for another queue"]
    assert list(tmp_path.rglob("*.*")) == []


def test_two_readers_share_the_messages(connection: Connection) -> None:
    one, two = connection.SimpleQueue("default"), connection.clone().SimpleQueue("default")
    for number in range(10):
        one.put(number)
    found = []
    for _ in range(5):
        for queue in (one, two):
            message = queue.get(block=False)
            message.ack()
            found.append(message.payload)
    assert found == list(range(10))


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_message_is_put_away(connection: Connection, tmp_path: Path, content: bytes) -> None:
    queue = connection.SimpleQueue("default")
    (tmp_path / "default").mkdir(exist_ok=True)
    (tmp_path / "default" / "00000000000000000000-broken.json").write_bytes(content)
    (tmp_path / "default" / "00000000000000000001-unfinished.draft").write_bytes(content)
    queue.put("sound")
    assert drain(queue) == ["sound"]
    assert (tmp_path / "default" / "00000000000000000000-broken.broken").read_bytes() == content
