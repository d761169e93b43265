"""The real documents that benchmarks measure on: folders below `KD_CORPORA_DIR`, which are not part of the project.

Each holds, for a part, `<part>.truth.jsonl` and perhaps the labels of other sources, `<part>.teacher.jsonl`: one JSON
object a line, `{"file": "dev/006.jpg", field: value, …}`, `file` relative to the folder; and `schema.toml`.
"""

import ast
import json
import os
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from benchmarks.base import MissingData, Setting, digest, write_json
from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent, check
from extraction.domain.schemas.files import SchemaFile
from extraction.engines import digests
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import TEXT_LAYER, read_document

Part = Literal["dev", "train"]
Labels = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Document:
    """A file with its labels by field; `None`: not on the document, an absent field is unknown."""

    path: Path
    labels: Labels
    unsure: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def content(self) -> str:
        """The hash of the file's content, in hex."""
        return digests.of_file(self.path)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it was read; `seconds` for decoding, orientation and OCR of all its pages.

    `reader` is the OCR engine, or the text layer where that gave the words of every page.
    """

    pages: tuple[Page, ...]
    seconds: float
    reader: str


@dataclass(frozen=True)
class Corpus:
    """A folder of documents, `about` in words. `dev` is measured on, `train` trained on.

    `schema` is for a corpus without a schema file, `variable` names its own folder where it has one. `spaced` is false
    where the truth has no spaces: then nothing is compared with them. `languages` are those of the documents.
    """

    name: str
    about: str
    dev: str = "dev"
    train: str | None = "train"
    own_schema: Schema | None = None
    variable: str | None = None
    spaced: bool = True
    languages: tuple[str, ...] = ("en",)

    @property
    def folder(self) -> Path:
        """Raises `MissingData`."""
        below = Path(os.environ.get("KD_CORPORA_DIR") or settings.BASE_DIR.parent / "shared" / "data") / self.name
        path = Path((self.variable and os.environ.get(self.variable)) or below)
        if not (path / f"{self.dev}.truth.jsonl").is_file():
            variable = self.variable or "KD_CORPORA_DIR"
            raise MissingData(f"There are no {self.about} in {path}; set {variable} to a folder that holds them.")
        return path

    @property
    def schema(self) -> Schema:
        """The fields, without groups: the scores are those of single values."""
        stated = self.own_schema or SchemaFile.from_toml((self.folder / "schema.toml").read_text("utf-8")).schema
        return Schema(stated.name, stated.document, tuple(part for part in stated.fields if not part.fields))

    def documents(self, part: Part, source: str = "truth") -> list[Document]:
        """The documents of a part with their labels, in the order of the file. Raises `MissingData`."""
        root, names = self.folder, self.schema.names
        stem = self.dev if part == "dev" else self.train
        if stem is None:
            return []
        with (root / f"{stem}.{source}.jsonl").open(encoding="utf-8") as file:
            rows: list[dict[str, Any]] = [json.loads(line) for line in file]
        return [
            Document(
                root / row["file"], {name: row[name] for name in names if name in row}, tuple(row.get("unsure", ()))
            )
            for row in rows
        ]

    def digest(self) -> str:
        """A hash of every label and of the files' names and sizes."""
        root = self.folder
        labels = [path.read_text("utf-8") for path in sorted(root.glob("*.jsonl"))]
        return digest([labels, [(path.name, path.stat().st_size) for path in sorted(root.glob("*/*"))]])

    def read(
        self, part: Part, engine_name: str, setting: Setting, progress: Progress, *, fresh: bool = False
    ) -> list[Reading]:
        """The words of every document of a part, by the engine of that name; kept between benchmarks."""
        rows = self.documents(part)
        readings = []
        for number, document in enumerate(rows):
            progress.report(number, len(rows), f"{engine_name}, {part}")
            check(progress)
            readings.append(_read(document, engine_name, setting, fresh))
        progress.report(len(rows), len(rows), f"{engine_name}, {part}")
        return readings


def _read(document: Document, engine_name: str, setting: Setting, fresh: bool) -> Reading:
    version = f"{engine_name}-{setting.threads}-{reader_digest(engine_name)[:12]}"
    path = setting.folder / "words" / version / f"{document.content}.json"
    if fresh or not path.exists():
        read = read_document(document.path, engine(engine_name, setting.threads), Limits(), Silent())
        value = {"pages": [page.page.to_json() for page in read], "seconds": sum(page.seconds for page in read)}
        text_layer = all(page.reader == TEXT_LAYER for page in read)
        write_json(path, {**value, "reader": TEXT_LAYER if text_layer else engine_name})
    kept = json.loads(path.read_text("utf-8"))
    pages = tuple(Page.from_json(page) for page in kept["pages"])
    return Reading(pages, kept["seconds"], kept.get("reader", engine_name))


@cache
def reader_digest(name: str) -> str:
    """A hash of whatever decides which words an engine finds: the code below `ingest` and the packages it calls."""
    import extraction.engines.ingest

    sources = sorted(Path(extraction.engines.ingest.__path__[0]).rglob("*.py"))
    # The syntax tree, so that a comment does not cost five minutes of reading.
    code = [ast.dump(ast.parse(path.read_text())) for path in sources]
    packages = {"rapidocr": ("rapidocr", "pillow"), "tesseract": ("pytesseract", "pillow")}[name]
    return digest([code, [metadata.version(package) for package in packages]])
