"""The real receipts that benchmarks measure on: SROIE 2019, which is not part of the project.

`KD_SROIE_DIR` names a folder with `dev/` and `train/` (pictures) and, for each, `<part>.truth.jsonl` and
`<part>.teacher.jsonl`: one JSON object a line, `{"file": "dev/006.jpg", field: value, …}`.
"""

import ast
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from benchmarks.base import MissingData, digest, write_json
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page
from extraction.domain.progress import Progress, Silent, check
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import read_document

Part = Literal["dev", "train"]
Labels = dict[str, str | None]

SCHEMA = Schema(
    "Receipts",
    "receipt",
    (
        Field("company", "text", "the name of the business that issued the receipt"),
        Field("date", "date", "the date of the purchase"),
        Field("address", "text", "the postal address of the business"),
        Field("total", "money", "the amount to pay, taxes and rounding included"),
    ),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    path: Path
    labels: Labels
    unsure: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass(frozen=True, slots=True)
class Reading:
    """A receipt as it was read; `seconds` for decoding, orientation and OCR of all its pages."""

    pages: tuple[Page, ...]
    seconds: float


def folder() -> Path:
    """Raises `MissingData`."""
    path = Path(os.environ.get("KD_SROIE_DIR") or settings.BASE_DIR.parent / "shared" / "data" / "sroie")
    if not (path / "dev.truth.jsonl").is_file():
        raise MissingData(f"There are no SROIE receipts in {path}; set KD_SROIE_DIR to a folder that holds them.")
    return path


def receipts(part: Part, source: Literal["truth", "teacher"] = "truth") -> list[Receipt]:
    """The receipts of a part with their labels, in the order of the file. Raises `MissingData`."""
    root = folder()
    with (root / f"{part}.{source}.jsonl").open() as file:
        rows: list[dict[str, Any]] = [json.loads(line) for line in file]
    return [
        Receipt(
            root / row["file"],
            {name: row[name] for name in SCHEMA.names if name in row},
            tuple(row.get("unsure", ())),
        )
        for row in rows
    ]


def data_digest() -> str:
    """A hash of every label and of the pictures' names and sizes."""
    root = folder()
    labels = [path.read_text() for path in sorted(root.glob("*.jsonl"))]
    pictures = [(path.name, path.stat().st_size) for path in sorted(root.glob("*/*.jpg"))]
    return digest([labels, pictures])


@cache
def reader_digest(name: str) -> str:
    """A hash of whatever decides which words an engine finds: the code below `ingest` and the packages it calls."""
    import extraction.engines.ingest

    sources = sorted(Path(extraction.engines.ingest.__path__[0]).rglob("*.py"))
    # The syntax tree, so that a comment does not cost five minutes of reading.
    code = [ast.dump(ast.parse(path.read_text())) for path in sources]
    packages = {"rapidocr": ("rapidocr", "pillow"), "tesseract": ("pytesseract", "pillow")}[name]
    return digest([code, [metadata.version(package) for package in packages]])


def read(
    part: Part,
    engine_name: str,
    threads: int,
    kept: Path,
    progress: Progress | None = None,
    *,
    fresh: bool = False,
) -> list[Reading]:
    """The words of every receipt of a part, by the engine of that name; kept below `kept` between benchmarks."""
    progress = progress or Silent()
    rows = receipts(part)
    readings = []
    for number, receipt in enumerate(rows):
        progress.report(number, len(rows), f"{engine_name}, {part}")
        check(progress)
        readings.append(_read(receipt, engine_name, threads, kept, fresh))
    progress.report(len(rows), len(rows), f"{engine_name}, {part}")
    return readings


def _read(receipt: Receipt, engine_name: str, threads: int, kept: Path, fresh: bool) -> Reading:
    content = hashlib.sha256(receipt.path.read_bytes()).hexdigest()
    path = kept / "words" / f"{engine_name}-{threads}-{reader_digest(engine_name)[:12]}" / f"{content}.json"
    if path.exists() and not fresh:
        value = json.loads(path.read_text())
        return Reading(tuple(Page.from_json(page) for page in value["pages"]), value["seconds"])
    read = read_document(receipt.path, engine(engine_name, threads), Limits(), Silent())
    reading = Reading(tuple(page.page for page in read), sum(page.seconds for page in read))
    write_json(path, {"pages": [page.to_json() for page in reading.pages], "seconds": reading.seconds})
    return reading


def truths(rows: Sequence[Receipt]) -> list[dict[str, list[str | None]]]:
    """As `domain.score.evaluate` takes them."""
    return [{name: [value] for name, value in receipt.labels.items()} for receipt in rows]
