"""The manifest of a backup: what the archive holds, with the hash of every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from extraction.domain.json_types import JsonObject, JsonValue
from extraction.services.errors import Invalid

FORMAT = 1
# Members of the archive; files of rows lie below `FILES`.
MANIFEST, DATABASE, SECRET, FILES = "manifest.json", "database", "secret", "files"


class Damaged(Invalid):
    """The archive is not what was written, or no backup of kdweb at all."""


class Secret(StrEnum):
    """Whether the key of sessions and tokens is in the archive."""

    INCLUDED = "included"
    LEFT_OUT = "left out"
    # In a variable of the environment, which is not part of the data folder.
    ELSEWHERE = "in the environment"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `vendor` is Django's name of the database, `missing` files of rows that were not there."""

    created: datetime
    version: str
    vendor: str
    migrations: tuple[str, ...]
    secret: Secret
    documents: int
    files: Mapping[str, Entry]
    missing: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        return {
            "format": FORMAT,
            "created": self.created.isoformat(),
            "version": self.version,
            "database": self.vendor,
            "migrations": list(self.migrations),
            "secret": self.secret.value,
            "documents": self.documents,
            "files": {name: asdict(entry) for name, entry in self.files.items()},
            "missing": list(self.missing),
        }

    @classmethod
    def from_json(cls, value: JsonValue) -> Manifest:
        """Raises `Damaged`, and `Invalid` for a format of a later version."""
        if not isinstance(value, dict):
            raise Damaged("The manifest of the archive cannot be read.")
        if value.get("format") != FORMAT:
            raise Invalid("The backup was made by a newer version of kdweb; restore it with that one.")
        try:
            return cls._read(value)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Damaged("The manifest of the archive cannot be read.") from None

    @classmethod
    def _read(cls, value: Mapping[str, JsonValue]) -> Manifest:
        files = _object(value["files"])
        return cls(
            created=datetime.fromisoformat(str(value["created"])),
            version=str(value["version"]),
            vendor=str(value["database"]),
            migrations=tuple(map(str, _rows(value["migrations"]))),
            secret=Secret(str(value["secret"])),
            documents=int(str(value["documents"])),
            files={name: _entry(row) for name, row in files.items()},
            missing=tuple(map(str, _rows(value["missing"]))),
        )


def _rows(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise TypeError
    return list(value)


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _entry(value: JsonValue) -> Entry:
    row = _object(value)
    return Entry(str(row["sha256"]), int(str(row["bytes"])))


def is_safe(name: str) -> bool:
    """Whether a member may be written below an empty folder: one of ours, and a plain relative path."""
    path = PurePosixPath(name)
    plain = name == str(path) and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    return plain and (name in (MANIFEST, DATABASE, SECRET) or (path.parts[0] == FILES and len(path.parts) > 1))
