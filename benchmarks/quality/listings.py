"""How a listing of captions and values is mapped to fields: listings from the words and the truth of documents.

No model is asked: what a perfect reader of captions would list is taken from the printed rows, every row with its
sums, items and small print; names and addresses stand beside no caption and come from the truth, with what they are in
words. So what is wrong is the mapping's, and the listing holds more that could mislead it than a model's does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks import sroie
from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.corpora import Corpus, Part
from benchmarks.quality import student, training_cache
from extraction.domain import default_schemas
from extraction.domain.field_types import Conventions, same
from extraction.domain.field_types.readers.amounts import find_amounts
from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.domain.progress import Progress
from extraction.engines.student.base import Example
from extraction.engines.teacher.listing.mapping import answers
from extraction.engines.teacher.listing.prompt import Listed
from extraction.engines.teacher.rules.lines import Row, read_rows
from synthdocs.generator import generate
from synthdocs.languages import printable

GENERATED = 300
# What a model says of values that stand without a caption, by the names of the corpora's fields.
WITHOUT_CAPTION = {
    "company": "name of issuing business",
    "seller": "name of issuing business",
    "address": "address of issuing business",
    "buyer": "name of customer",
}
ZUGFERD = Corpus("zugferd", "ZUGFeRD and Factur-X invoices", languages=("de", "fr", "en"))


def inputs(setting: Setting) -> Mapping[str, Any]:
    return {
        "data": [student.data(sroie.CORPUS), student.data(ZUGFERD)],
        "samples": [training_cache.code("synthdocs"), GENERATED],
        "mapping": training_cache.code("extraction.engines.teacher.listing"),
        "rules": training_cache.code("extraction.engines.teacher.rules"),
    }


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    real = partial(_real, setting, progress)
    return [
        _table("SROIE receipts, English and Malay", sroie.SCHEMA, real(sroie.CORPUS)),
        _table("ZUGFeRD invoices, German, French and English", ZUGFERD.schema, real(ZUGFERD)),
        _table(f"generated documents in {len(printable())} languages", default_schemas.RECEIPT, _generated(setting)),
    ]


def _real(setting: Setting, progress: Progress, corpus: Corpus) -> list[Example]:
    parts: tuple[Part, ...] = ("dev", "train")
    return [row for part in parts for row in student.examples(part, "truth", setting, progress, corpus)]


def _generated(setting: Setting) -> list[Example]:
    samples = generate("mixed", GENERATED, setting.seed, printable())
    return [Example(sample.name, sample.pages, sample.truth) for sample in samples]


def _table(about: str, schema: Schema, examples: Sequence[Example]) -> Table:
    conventions = Conventions(training_cache.day_order(schema, examples))
    replies = [answers(schema, listing(example.pages, example.labels)) for example in examples]
    rows: list[tuple[Cell, ...]] = []
    for field in schema.fields:
        asked = [pair for pair in zip(examples, replies, strict=True) if pair[0].labels.get(field.name)]
        given = [pair for pair in asked if field.name in pair[1]]
        right = sum(
            same(field, reply[field.name].value, example.labels[field.name], conventions=conventions)
            for example, reply in given
        )
        if asked:
            rows.append((field.name, len(asked), len(given) / len(asked), right / len(given) if given else None))
    return Table(
        f"Listings mapped to fields, {about}", ("field", "documents", "answered", "right of these"), tuple(rows)
    )


def listing(pages: Sequence[Page], truth: Mapping[str, str | None]) -> list[Listed]:
    """What is printed with its captions, and the names and addresses of the truth."""
    known = [Listed(value, "", what) for name, what in WITHOUT_CAPTION.items() if (value := truth.get(name))]
    return known + [listed for row in read_rows(pages) for listed in _of_row(row)]


def _of_row(row: Row) -> Iterator[Listed]:
    """Each piece of a row: behind its own caption, else behind the piece left of it."""
    before = ""
    for piece in row.pieces:
        caption, value = _parted(piece.text)
        yield Listed(value, caption or before)
        before = "" if caption else piece.text


def _parted(text: str) -> tuple[str, str]:
    """At the colon, else before the amount or date that ends the text."""
    head, colon, tail = text.partition(":")
    if colon and tail.strip() and not head.strip()[-1:].isdigit():
        return head.strip(), tail.strip()
    found: list[tuple[int, int]] = [*find_dates(text), *find_amounts(text)]
    ends = [start for start, end in found if end == len(text.rstrip())]
    start = min(ends, default=0)
    return text[:start].strip(), text[start:].strip()


BENCHMARK = Benchmark("listings", "how listings of captions and values are mapped to fields", inputs, run)
