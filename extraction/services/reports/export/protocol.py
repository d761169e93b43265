"""The protocol of an exporter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

Subject_contra = TypeVar("Subject_contra", contravariant=True)


class Exporter(Protocol[Subject_contra]):
    """A file format for one type of subject.

    `name` stands in addresses, in `--format` and in the API: lower-case letters, digits and hyphens. `title` labels the
    button. `media_type` is that of the response.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    def filename(self, subject: Subject_contra) -> str:
        """The name of the download, ASCII without quotes and slashes."""
        ...

    def write(self, subject: Subject_contra) -> Iterator[str] | Iterator[bytes]:
        """The file in pieces, each produced when it is asked for. Text is encoded in UTF-8."""
        ...
