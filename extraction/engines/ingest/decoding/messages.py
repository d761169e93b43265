"""Messages between the product and the process that decodes: a dataclass for each request and each response.

They are the JSON headers of `frames`; pixels and pieces of files are payloads. A hostile file may have taken over the
process that responds, so `from_json` of a response raises `KeyError`, `TypeError` or `ValueError` for malformed values.
"""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from extraction.domain.pages import Box
from extraction.engines.ingest.decoding.frames import Header
from extraction.engines.ingest.limits import ArchiveLimits, Limits
from extraction.engines.ingest.sniffing import ZIP
from extraction.engines.ingest.textlayer.words import LayerWord, TextLayer


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file on the disk, its media type by its first bytes, and its limits: `ArchiveLimits` for ZIP."""

    path: Path
    media_type: str
    limits: Limits | ArchiveLimits

    def to_json(self) -> Header:
        return {"path": str(self.path.resolve()), "media_type": self.media_type, "limits": asdict(self.limits)}

    @classmethod
    def from_json(cls, value: Header) -> Self:
        limits = ArchiveLimits if value["media_type"] == ZIP else Limits
        return cls(Path(value["path"]), value["media_type"], limits(**value["limits"]))


@dataclass(frozen=True, slots=True)
class InspectFile:
    """Check a file without decoding its pages. Response: `PageCount`."""

    source: SourceFile


@dataclass(frozen=True, slots=True)
class DecodePage:
    """Decode page `number` (from 0) to `longest` pixels on its long side (see `sizes`). Response: `DecodedPage`.

    `token` names the document from one request to the next, so that it stays open.
    """

    source: SourceFile
    token: str
    number: int
    longest: int


@dataclass(frozen=True, slots=True)
class ListEntries:
    """List the files of an archive. Response: `EntryList`."""

    source: SourceFile
    token: str


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """Unpack at most `size` bytes of the archive's file `index` from `offset`. Response: `Piece`."""

    source: SourceFile
    token: str
    index: int
    offset: int
    size: int


Request = InspectFile | DecodePage | ListEntries | ReadPiece
_REQUESTS: dict[str, type[Request]] = {
    "inspect": InspectFile,
    "page": DecodePage,
    "entries": ListEntries,
    "piece": ReadPiece,
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its limits, `seconds` of processor time and `memory` in bytes.

    The documents whose tokens are in `done` are closed first.
    """

    request: Request
    seconds: float
    memory: int
    done: tuple[str, ...] = ()

    def to_json(self) -> Header:
        kind = next(name for name, request in _REQUESTS.items() if request is type(self.request))
        values = {field.name: getattr(self.request, field.name) for field in fields(self.request)}
        request = {**values, "source": self.request.source.to_json()}
        return {"kind": kind, "request": request, "seconds": self.seconds, "memory": self.memory, "done": self.done}

    @classmethod
    def from_json(cls, value: Header) -> Self:
        values = {**value["request"], "source": SourceFile.from_json(value["request"]["source"])}
        return cls(_REQUESTS[value["kind"]](**values), value["seconds"], value["memory"], tuple(value["done"]))


@dataclass(frozen=True, slots=True)
class PageCount:
    pages: int

    def to_json(self) -> Header:
        return {"pages": self.pages}

    @classmethod
    def from_json(cls, value: Header) -> Self:
        return cls(int(value["pages"]))


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """A page in pixels; the payload is `[height, width, 4]` uint8 in RGBX, rows from the top.

    `layer` where a PDF's page has text; `more`: whether another page follows.
    """

    width: int
    height: int
    layer: TextLayer | None
    more: bool

    def to_json(self) -> Header:
        layer = None if self.layer is None else _layer_to_json(self.layer)
        return {"width": self.width, "height": self.height, "layer": layer, "more": self.more}

    @classmethod
    def from_json(cls, value: Header) -> Self:
        layer = None if value["layer"] is None else _layer_from_json(value["layer"])
        return cls(int(value["width"]), int(value["height"]), layer, bool(value["more"]))


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive: its name for people, never a path, and the reason why it is refused, if it is."""

    name: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class EntryList:
    entries: tuple[Entry, ...]

    def to_json(self) -> Header:
        return {"entries": [[entry.name, entry.problem] for entry in self.entries]}

    @classmethod
    def from_json(cls, value: Header) -> Self:
        rows = value["entries"]
        return cls(tuple(Entry(str(name), None if problem is None else str(problem)) for name, problem in rows))


@dataclass(frozen=True, slots=True)
class Piece:
    """Unpacked bytes, which are the payload; none at the file's end."""

    def to_json(self) -> Header:
        return {}

    @classmethod
    def from_json(cls, value: Header) -> Self:
        return cls()


@dataclass(frozen=True, slots=True)
class Failure:
    """No result: the reason in one sentence. `traceback` is set for an unexpected error of a decoder, for the log."""

    reason: str
    out_of_memory: bool = False
    traceback: str = ""

    def to_json(self) -> Header:
        return {"failure": asdict(self)}

    @classmethod
    def from_json(cls, value: Header) -> Self | None:
        """`None` where the header is no failure."""
        failure = value.get("failure")
        if failure is None:
            return None
        return cls(str(failure["reason"]), bool(failure["out_of_memory"]), str(failure["traceback"]))


Response = PageCount | DecodedPage | EntryList | Piece | Failure


def _layer_to_json(layer: TextLayer) -> Header:
    rows = [
        (word.text, word.box.x0, word.box.y0, word.box.x1, word.box.y1, word.font, *word.drawings)
        for word in layer.words
    ]
    return {"rightward": layer.rightward, "words": rows}


def _layer_from_json(value: Header) -> TextLayer:
    return TextLayer(tuple(_word(*row) for row in value["words"]), bool(value["rightward"]))


def _word(text: str, x0: float, y0: float, x1: float, y1: float, font: int, *drawings: int) -> LayerWord:
    box = Box.clamped(float(x0), float(y0), float(x1), float(y1))
    word = LayerWord(str(text), box, int(font), tuple(map(int, drawings)))
    if drawings and len(drawings) != len(word.text):
        raise ValueError("A word has as many drawings as characters.")
    return word
