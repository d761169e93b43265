"""ZIP archives written piece by piece, for files that are made of several."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple

# Bytes that are gathered before they are sent on.
PIECE = 2**16


class Entry(NamedTuple):
    """A file of an archive; `packed`: whether it is worth compressing."""

    name: str
    pieces: Iterable[bytes]
    packed: bool = True


class _Sink:
    """A file that can be written and not sought: it keeps what was written until that is taken."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self, least: int = 1) -> Iterator[bytes]:
        """What is held, once it is `least` bytes."""
        if len(self._held) >= least:
            yield bytes(self._held)
            self._held.clear()


def archive(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive; each entry is asked for when its turn comes. One of 2 GB or more raises `RuntimeError`."""
    sink = _Sink()
    # zipfile asks for no more than `write` and `flush` of a file that cannot be sought.
    with zipfile.ZipFile(sink, "w") as made:  # type: ignore[call-overload]
        for entry in entries:
            # Without the time, so that equal labels give equal files.
            info = zipfile.ZipInfo(entry.name)
            info.compress_type = zipfile.ZIP_DEFLATED if entry.packed else zipfile.ZIP_STORED
            with made.open(info, "w") as file:
                for piece in entry.pieces:
                    file.write(piece)
                    yield from sink.take(PIECE)
    yield from sink.take()
