"""Documents of a label file by their names alone: what a page or a program sends names no file of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extraction.domain.errors import filled, gettext_noop
from extraction.models import Document, Project
from extraction.services.documents.imports.document_names import DocumentNames
from extraction.services.documents.staging import clean_name
from extraction.services.labels.label_files.finding import NOT_IN_PROJECT

AMBIGUOUS = gettext_noop("Several documents are called {name}: name it by its SHA-256.")


class ByName:
    """`Finder` of the documents with a name, path or SHA-256; the keys are names without folders."""

    def __init__(self, project: Project) -> None:
        self._names = DocumentNames.of(project)

    def key(self, name: str) -> str:
        return clean_name(name)

    def find(self, project: Project, keys: Iterable[str]) -> Mapping[str, Document | str]:
        meant = {key: self._names.find(key) for key in keys}
        documents = project.documents.in_bulk([found[0] for found in meant.values() if len(found) == 1])
        return {key: _answer(key, found, documents) for key, found in meant.items()}


def _answer(key: str, found: list[int], documents: Mapping[int, Document]) -> Document | str:
    if len(found) > 1:
        return filled(AMBIGUOUS, name=key)
    # One that was deleted since the names were read is not there either.
    document = documents.get(found[0]) if found else None
    return document or filled(NOT_IN_PROJECT, name=key)
