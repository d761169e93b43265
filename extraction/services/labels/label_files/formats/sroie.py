"""SROIE's files of entities (ICDAR 2019, task 3): a JSON object of texts a receipt, beside its picture or in `img`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from extraction.domain.errors import gettext_noop
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.formats.protocol import Labelled, files_of, json_of, picture


class Sroie:
    name = "sroie"
    title = "SROIE"
    unit = gettext_noop("receipt")

    def read(self, path: Path) -> Iterator[Labelled]:
        for file in files_of(path, ".txt"):
            entities = json_of(file)
            if not isinstance(entities, dict) or not all(isinstance(text, str) for text in entities.values()):
                raise Invalid(gettext_noop("{name} is refused: it is no JSON object of texts."), name=file.name)
            yield Labelled(picture(file, file.stem), entities)
