"""Manifests: text files whose lines are keys of objects in the bucket of `KD_FILES_URL`, which a batch reads.

A project reads what lies below `KD_BATCH_PREFIX` in the folder of its name, and nothing else of the bucket.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from extraction.domain.errors import filled, gettext_noop
from extraction.engines.ingest.limits import Refused
from extraction.models import Project
from extraction.services import object_store
from extraction.services.documents.staging import Upload
from extraction.services.errors import Conflict, Invalid

# Keys of one manifest, and bytes of a key (a limit of S3).
KEYS, BYTES = 100_000, 1024
# Bytes of a line's end.
END = 2
# What `utf-8-sig` would take off, which is not known to be the first thing in a line.
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it came, with its name."""

    name: str
    file: Upload


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a manifest that is not empty, counted from 1: its key, or why it is refused."""

    number: int
    key: str
    error: str | None = None


class StoredFile:
    """The content of a line's object, an `Upload`: it is fetched while it is read."""

    def __init__(self, line: Line, content: object_store.Content) -> None:
        self._line, self._content = line, content

    def read(self, size: int = -1) -> bytes:
        """Raises `Refused` for an object that is not there, and `object_store.Unavailable`."""
        try:
            return self._content.read(size)
        except FileNotFoundError:
            raise Refused(gettext_noop("Line {line}: there is no such object."), line=self._line.number) from None
        except object_store.Denied:
            sentence = gettext_noop("Line {line}: the object store does not let kdweb read this object.")
            raise Refused(sentence, line=self._line.number) from None


def offered() -> bool:
    """Whether the operator allows manifests."""
    return bool(settings.KD_BATCH_PREFIX) and object_store.configured()


def prefix(project: Project) -> str:
    """What the keys of a project begin with."""
    return f"{settings.KD_BATCH_PREFIX}/{project.slug}/"


def check_offered() -> None:
    """Raises `Conflict`."""
    if not offered():
        raise Conflict(
            gettext_noop("This installation reads no files from an object store: KD_BATCH_PREFIX names none.")
        )


def count(path: Path) -> int:
    """How many files a manifest names, refused ones among them. Raises `Invalid` for none and for too many."""
    found = 0
    for _ in _lines(path):
        found += 1
        if found > KEYS:
            raise Invalid(gettext_noop("A manifest has at most {keys} keys."), keys=KEYS)
    if not found:
        raise Invalid(gettext_noop("The manifest has no line with a key."))
    return found


def files(path: Path, project: Project) -> Iterator[tuple[str, StoredFile | str]]:
    """Name and content of each file in the manifest's order, in place of the content the reason why it is refused.

    No object is fetched before it is read. Raises `Conflict` where manifests are not allowed any more.
    """
    check_offered()
    for line in _keys(path, project):
        name = "".join(character for character in line.key if character.isprintable())
        if line.error is not None:
            yield name, line.error
        else:
            with closing(object_store.Content(line.key)) as content:
                yield name, StoredFile(line, content)


def _keys(path: Path, project: Project) -> Iterator[Line]:
    begin = prefix(project)
    for number, raw in _lines(path):
        key = raw.decode("utf-8", errors="replace")
        error = _fault(raw, key, begin)
        yield Line(number, key, error and filled(error, line=number, prefix=begin))


def _fault(raw: bytes, key: str, begin: str) -> str | None:
    if len(raw) > BYTES:
        return gettext_noop("Line {line}: a key has at most 1024 bytes.")
    if "\ufffd" in key or not key.isprintable():
        return gettext_noop("Line {line}: this is no key in UTF-8.")
    inside = key.startswith(begin) and len(key) > len(begin) and not key.endswith("/")
    if not inside or any(part in ("", ".", "..") for part in key.split("/")):
        return gettext_noop("Line {line}: a key must begin with {prefix} and name an object there.")
    return None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each line that is not empty, without its end; of longer lines than a key may be the start."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(BYTES + END + 1):
            number += 1
            whole = line
            while not whole.endswith(b"\n") and (whole := file.readline(BYTES)):
                pass
            key = (line.removeprefix(MARK) if number == 1 else line).rstrip(b"\r\n")
            if key.strip():
                yield number, key
