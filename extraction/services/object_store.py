"""Object store: where files lie that several machines share, by the names that rows hold.

It is reached through Django's storage API. Without `KD_FILES_URL` there is none: files lie in the data folder alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

# Codes by which the store refuses one object that nobody may read, that is archived, or that a customer encrypted.
_DENIED = frozenset({"AccessDenied", "InvalidObjectState", "InvalidRequest"})


class Unavailable(Exception):
    """The store gives no answer, or refuses it."""


class Denied(Unavailable):
    """The store answers, and does not let kdweb have what it asked for."""


def configured() -> bool:
    """Whether there is an object store."""
    return not isinstance(storages["default"], FileSystemStorage)


def put(path: Path, name: str) -> None:
    """Store a copy of a file. Raises `OSError` of the file and `Unavailable`."""
    with path.open("rb") as file, _answering() as store:
        store.save(name, File(file))


def write(content: IO[bytes], name: str) -> None:
    """Store what a file of this process holds. Raises `Unavailable`."""
    with _answering() as store:
        store.save(name, File(content))


def open_file(name: str) -> IO[bytes]:
    """The content of a file, copied to a temporary one. Raises `FileNotFoundError` and `Unavailable`."""
    with _answering() as store:
        file: Any = store.open(name)
        # Nothing is fetched before the first look.
        file.seek(0)
        return file  # type: ignore[no-any-return]


class Content:
    """The content of an object of the bucket by its whole key, which need not lie in the folder of kdweb's files.

    It is fetched while it is read, beginning with the first `read`.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._body: Any = None

    def read(self, size: int = -1) -> bytes:
        """Raises `FileNotFoundError`, `Denied` and `Unavailable`."""
        with _answering() as store:
            if self._body is None:
                bucket: Any = cast(Any, store).bucket
                self._body = bucket.Object(self._key).get()["Body"]
            return bytes(self._body.read(None if size < 0 else size))

    def close(self) -> None:
        if self._body is not None:
            self._body.close()


def exists(name: str) -> bool:
    """Raises `Unavailable`."""
    with _answering() as store:
        return store.exists(name)


def names(folder: str) -> Iterator[str]:
    """The names of all files below a folder. Raises `Unavailable`."""
    with _answering() as store:
        folders, files = store.listdir(folder)
    yield from (f"{folder}/{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        yield from names(f"{folder}/{name}")


def delete(name: str) -> None:
    """Delete a file, or a folder and all in it, if it is there. Raises `Unavailable`."""
    for held in (*names(name), name):
        with _answering() as store:
            store.delete(held)


def stored_at(name: str) -> datetime:
    """When the file was stored. Raises `FileNotFoundError` and `Unavailable`."""
    with _answering() as store:
        return store.get_modified_time(name)


@contextmanager
def _answering() -> Iterator[Storage]:
    # Only now: without a store nothing of its library is loaded.
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield storages["default"]
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(str(error)) from error
        if error.response.get("Error", {}).get("Code") in _DENIED:
            raise Denied(str(error)) from error
        raise Unavailable(str(error)) from error
    except (Boto3Error, BotoCoreError) as error:
        raise Unavailable(str(error)) from error
