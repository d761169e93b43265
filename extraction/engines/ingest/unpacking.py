"""ZIP archives to their files: the bytes of each are counted as they are unpacked, and each is refused alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.decoding.messages import EntryList, ListEntries, Piece, ReadPiece, SourceFile
from extraction.engines.ingest.decoding.sandbox import new_token, sandbox
from extraction.engines.ingest.limits import ArchiveLimits, Limits, Refused
from extraction.engines.ingest.sniffing import ZIP

PIECE = 4 * 2**20
# Time and memory for one piece.
_LIMITS = Limits()


class _Budget:
    """Bytes to which the whole archive may still unpack."""

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        self.left = min(limits.total, limits.ratio * path.stat().st_size + limits.slack)

    def spend(self, size: int) -> None:
        """Raises `Refused` once the budget is exceeded."""
        self.left -= size
        if self.left < 0:
            raise Refused(gettext_noop("The files of the archive unpack to more than is taken from one archive."))


@dataclass
class Member:
    """A file of an archive, read like an open file. `name` is for people and never a path."""

    name: str
    problem: str | None
    _source: SourceFile
    _token: str
    _index: int
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
        request = ReadPiece(self._source, self._token, self._index, self._offset, PIECE)
        _, data = sandbox.call(request, Piece.from_json, seconds=_LIMITS.seconds, memory=_LIMITS.memory)
        self._offset += len(data)
        self._budget.spend(len(data))
        return bytes(data)


def count(path: Path, limits: ArchiveLimits) -> int:
    """How many files `members` yields; none is unpacked. Raises `Refused` for the archive as a whole."""
    token = new_token()
    try:
        return len(_listed(SourceFile(path, ZIP, limits), token).entries)
    finally:
        sandbox.done(token)


def members(path: Path, limits: ArchiveLimits) -> Iterator[Member]:
    """The files of the archive in its order, without folders, links and files that operating systems add.

    Each member must be read before the next is requested. Raises `Refused` for the archive as a whole.
    """
    source, token = SourceFile(path, ZIP, limits), new_token()
    budget = _Budget(path, limits)
    try:
        for index, entry in enumerate(_listed(source, token).entries):
            yield Member(entry.name, entry.problem, source, token, index, budget)
    finally:
        sandbox.done(token)


def _listed(source: SourceFile, token: str) -> EntryList:
    request = ListEntries(source, token)
    listed, _ = sandbox.call(request, EntryList.from_json, seconds=_LIMITS.seconds, memory=_LIMITS.memory)
    return listed
