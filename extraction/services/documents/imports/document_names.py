"""Documents by what files call them: SHA-256, path or file name, with or without ending.

Where several documents have one name, exports tell them apart by the first characters of their SHA-256.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Self

from extraction.models import Project
from extraction.services.documents.staging import clean_name

SHA256 = re.compile(r"[0-9a-f]{64}")
# Characters of the SHA-256 that tell documents of one name apart.
HASH_CHARACTERS = 16
_TOLD_APART = re.compile(rf"(.+)-([0-9a-f]{{{HASH_CHARACTERS}}})")


def told_apart(name: str, sha256: str) -> str:
    """The name of a document in an export, where others have it, too."""
    path = PurePosixPath(name)
    return f"{path.stem}-{sha256[:HASH_CHARACTERS]}{path.suffix}"


class DocumentNames:
    """The documents of a project, as they were when this was made. Of a name the last part counts: a path is one."""

    def __init__(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """`rows`: primary key, name, SHA-256."""
        self._hashes: dict[str, int] = {}
        # From the exact name to what several documents may share; a list where they do.
        self._names: dict[str, list[int]] = defaultdict(list)
        self._folded: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._beginnings: dict[str, list[int]] = defaultdict(list)
        for pk, name, sha256 in rows:
            self._hashes[sha256] = pk
            self._names[name].append(pk)
            self._folded[name.casefold()].append(pk)
            self._stems[PurePosixPath(name).stem.casefold()].append(pk)
            self._beginnings[sha256[:HASH_CHARACTERS]].append(pk)

    @classmethod
    def of(cls, project: Project) -> Self:
        return cls(project.documents.values_list("pk", "name", "sha256").iterator())

    def find(self, text: str) -> list[int]:
        """The primary keys that the text may mean: none, one, or several where it is ambiguous."""
        text = text.strip()
        if not text:
            return []
        if SHA256.fullmatch(text.lower()):
            pk = self._hashes.get(text.lower())
            return [] if pk is None else [pk]
        name = clean_name(text)
        known = self._names.get(name) or self._folded.get(name.casefold()) or self._stems.get(name.casefold())
        return known or self._told_apart(PurePosixPath(name))

    def _told_apart(self, path: PurePosixPath) -> list[int]:
        """The document of a name that an export made."""
        parts = _TOLD_APART.fullmatch(path.stem)
        if parts is None:
            return []
        called = self._names.get(f"{parts[1]}{path.suffix}", [])
        return [pk for pk in self._beginnings.get(parts[2], []) if pk in called]
