"""A ZIP archive to its files: each is handed out as bytes that are counted as they come, or refused alone."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from extraction.engines.ingest.decoding.frames import Header
from extraction.engines.ingest.decoding.sandbox import sandbox, token
from extraction.engines.ingest.files.limits import ArchiveLimits, Limits, Refused
from extraction.engines.ingest.files.sniffing import ZIP

PIECE = 4 * 2**20
_RATION = Limits()


class _Budget:
    """How much the whole archive may still unpack to."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self.left = min(limits.total, limits.ratio * path.stat().st_size + limits.slack)

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Refused("The files of the archive unpack to more than is taken from one archive.")


@dataclass
class Member:
    """A file of an archive. `name` is for people: it leads nowhere."""

    name: str
    problem: str | None
    _request: Header
    _budget: _Budget
    _offset: int = 0
    _piece: bytes = b""

    def read(self, size: int = PIECE) -> bytes:
        """The next bytes, at most `size`; empty at the end. Raises `Refused`."""
        if self.problem is not None:
            raise Refused(self.problem)
        if not self._piece:
            self._piece = self._next()
        taken, self._piece = self._piece[:size], self._piece[size:]
        return taken

    def _next(self) -> bytes:
        self._budget.spend(0)
        _, data = _ask({**self._request, "ask": "read", "offset": self._offset, "size": PIECE})
        self._offset += len(data)
        self._budget.spend(len(data))
        return bytes(data)


def members(path: Path, limits: ArchiveLimits) -> Iterator[Member]:
    """The files of the archive in its order; folders, links and what systems put beside files are left out.

    Each member is read before the next is asked for. Raises `Refused` for the archive as a whole.
    """
    request: Header = {
        "token": token(),
        "path": str(path.resolve()),
        "media_type": ZIP,
        "limits": asdict(limits),
    }
    budget = _Budget(path, limits)
    try:
        header, _ = _ask({**request, "ask": "entries"})
        for index, (name, problem) in enumerate(header["entries"]):
            yield Member(str(name), problem, {**request, "index": index}, budget)
    finally:
        sandbox.done(request["token"])


def _ask(request: Header) -> tuple[Header, bytearray]:
    return sandbox.ask(request, seconds=_RATION.seconds, memory=_RATION.memory)
