"""A folder for Hugging Face's `datasets` as a ZIP archive: pictures by split, each split with its `metadata.jsonl`.

`datasets.load_dataset("imagefolder", data_dir=…)` reads it, with boxes as for object detection:
https://huggingface.co/docs/datasets/image_dataset
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile

from extraction.domain.fields import Schema
from extraction.models import Split
from extraction.services import storage
from extraction.services.reports.export.archives import PIECE, Entry, archive
from extraction.services.reports.export.datasets.labelled_pages import LabelledPage, labelled_pages
from extraction.services.reports.export.labelled_documents import Selected

# Bytes of a split's lines that are held in memory before they go to the disk.
HELD = 2**20


class ImageFolder:
    """A line a page: `file_name`, `document`, `file`, `page` from 0, `pages`, `fields` with the document's values,
    `labelled` with the names of those that have a label, and `objects` with `bbox`, `category` and `text`.

    Every line has the same keys and types. In `fields` `null` means "not on the document" or no label, which `labelled`
    tells apart; a group is the JSON of its rows. A page whose picture is gone is left out.
    """

    name = "huggingface"
    title = "Hugging Face"
    media_type = "application/zip"

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-dataset.zip"

    def write(self, subject: Selected) -> Iterator[bytes]:
        return archive(_entries(subject))


def _entries(subject: Selected) -> Iterator[Entry]:
    """Pictures, then the lines about them: both are of the same moment, and no split is gone through twice."""
    with ExitStack() as held:
        lines = {split: held.enter_context(SpooledTemporaryFile(HELD)) for split in Split.values}
        for shown in labelled_pages(subject):
            with suppress(FileNotFoundError, IsADirectoryError), storage.open_file(shown.page.image) as picture:
                yield Entry(shown.picture, [picture.read()], packed=False)
                lines[shown.labelled.document.split].write(_line(subject.project.schema, shown))
        for split, file in lines.items():
            if file.tell():
                file.seek(0)
                yield Entry(f"{split}/metadata.jsonl", iter(partial(file.read, PIECE), b""))


def _line(schema: Schema, shown: LabelledPage) -> bytes:
    labels = {name: label for name, label in shown.labelled.labels.items() if name in schema}
    line = {
        "file_name": PurePosixPath(shown.picture).name,
        "document": shown.labelled.document.pk,
        "file": shown.labelled.file,
        "page": shown.page.number,
        "pages": shown.labelled.document.page_count,
        "fields": {name: labels[name].value if name in labels else None for name in schema.names},
        "labelled": [name for name in schema.names if name in labels],
        "objects": {
            "bbox": [placed.pixels for placed in shown.values],
            "category": [placed.category for placed in shown.values],
            "text": [placed.value for placed in shown.values],
        },
    }
    return (json.dumps(line, ensure_ascii=False) + "\n").encode()
