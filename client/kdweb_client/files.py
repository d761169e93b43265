"""Files to send: paths, contents and open files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

# A path, an open file, or a name with either a content or an open file.
File = str | Path | BinaryIO | tuple[str, bytes | BinaryIO]
# What one part of a request is made of: the file's name and its content.
Part = tuple[str, bytes | BinaryIO]


@contextmanager
def opened(files: Iterable[File]) -> Iterator[list[Part]]:
    """The parts of a request. Paths are open meanwhile; files that the caller opened stay open."""
    if isinstance(files, str | bytes):
        raise TypeError("Give a list of files.")
    with ExitStack() as stack:
        yield [_part(file, stack) for file in files]


def _part(file: File, stack: ExitStack) -> Part:
    if isinstance(file, str | Path):
        path = Path(file)
        return path.name, stack.enter_context(path.open("rb"))
    name, content = file if isinstance(file, tuple) else (_name(file), file)
    if isinstance(content, bytes) or content.seekable():
        return name, content
    # A repeated call sends it from its start again, and its length must be known.
    return name, content.read()


def _name(file: BinaryIO) -> str:
    """The name without its folders; files in memory have none."""
    name = getattr(file, "name", None)
    return PurePath(name).name if isinstance(name, str) else "file"
