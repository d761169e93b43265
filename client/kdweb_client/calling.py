"""How the methods of the calls ask the server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from kdweb_client.decoding import decode
from kdweb_client.errors import Malformed
from kdweb_client.files import File, opened
from kdweb_client.transport import Request, Transport

T = TypeVar("T")
# Objects in one part of a list.
PART = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list. `next` is the cursor of the following one."""

    results: list[Any]
    next: int | str | None


class Calls:
    """What the calls of every subject share."""

    def __init__(self, transport: Transport, project: str) -> None:
        self._transport = transport
        self._project = project

    def _object(
        self,
        kind: type[T],
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        files: Iterable[File] = (),
        key: str | None = None,
    ) -> T:
        """An answer in JSON. Of `body`, what is `None` is left out."""
        given = None if body is None else {name: value for name, value in body.items() if value is not None}
        with (
            opened(files) as parts,
            self._transport.answer(Request(method, path, query or {}, given, parts, key)) as answer,
        ):
            return _decoded(kind, answer.read())

    def _nothing(self, method: str, path: str, *, body: Mapping[str, Any] | None = None) -> None:
        with self._transport.answer(Request(method, path, {}, body)):
            pass

    def _list(self, kind: type[T], path: str, query: Mapping[str, Any] | None = None) -> Iterator[T]:
        """Every object of a list, asked for in parts as they are needed."""
        cursor = None
        while True:
            request = Request("GET", path, {**(query or {}), "limit": PART, "cursor": cursor})
            with self._transport.answer(request) as answer:
                part = _decoded(Part, answer.read())
            yield from (_fitting(kind, item) for item in part.results)
            if (cursor := part.next) is None:
                return

    def _content(self, path: str, query: Mapping[str, Any] | None = None) -> Iterator[bytes]:
        """A file in pieces, as they come."""
        with self._transport.answer(Request("GET", path, query or {})) as answer:
            yield from answer.iter_bytes()


def address(*parts: object) -> str:
    """`/projects/receipts/documents/7` of its parts."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)


def _decoded(kind: type[T], content: bytes) -> T:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise Malformed("The answer is no JSON; does the address lead to kdweb?") from error
    return _fitting(kind, value)


def _fitting(kind: type[T], value: object) -> T:
    try:
        return decode(kind, value)
    except (TypeError, ValueError) as error:
        raise Malformed(f"The answer does not fit: {error}") from error
