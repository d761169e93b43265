"""Documents by the names that a label file gives them: by the content of files beside it, or by name alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from extraction.domain.errors import filled, gettext_noop
from extraction.engines import digests
from extraction.models import Document, Project
from extraction.services.labels.label_files.file_names import FileNames

NOT_IN_PROJECT = gettext_noop("{name} is not in the project.")


class Finder(Protocol):
    """Which documents names mean."""

    def key(self, name: str) -> str:
        """What all names of one file share."""
        ...

    def find(self, project: Project, keys: Iterable[str]) -> Mapping[str, Document | str]:
        """The document of each key, or one sentence that says why there is none. A fixed number of queries."""
        ...


class ByContent:
    """Names of files in a folder or anywhere on this machine, which mean the document with their content.

    The keys are paths.
    """

    def __init__(self, folder: Path) -> None:
        self._names = FileNames(folder)

    def key(self, name: str) -> str:
        return str(self._names.path(name))

    def find(self, project: Project, keys: Iterable[str]) -> Mapping[str, Document | str]:
        hashes, found = dict[str, str](), dict[str, Document | str]()
        for key in keys:
            try:
                hashes[key] = digests.of_file(Path(key))
            except OSError as error:
                found[key] = f"{Path(key).name}: {error.strerror}."
        documents = {row.sha256: row for row in project.documents.filter(sha256__in=set(hashes.values()))}
        for key, sha256 in hashes.items():
            found[key] = documents.get(sha256) or filled(NOT_IN_PROJECT, name=Path(key).name)
        return found
