"""The tokenizer of a run, made once: one that is cut to the documents must not change while the run is interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from tokenizers import Tokenizer

from extraction.engines.atomic import atomic_write
from extraction.engines.student.base import CHECKPOINTS, TrainingData
from extraction.engines.student.layout.config import MULTILINGUAL
from extraction.engines.student.layout.files import TOKENIZER
from extraction.engines.student.layout.network import pretrained


def tokenizer_of_run(data: TrainingData, base: str, folder: Path, *, resumed: bool) -> Tokenizer:
    """The tokenizer that is kept with the run's checkpoints, else a new one. Raises `ConfigError`."""
    kept = folder / CHECKPOINTS / TOKENIZER
    if kept.is_file():
        return Tokenizer.from_file(str(kept))
    if resumed:  # an earlier version kept none, and knew no bytes
        return pretrained.published_tokenizer(base)
    made = pretrained.load_tokenizer(base, _words(data))
    kept.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(kept) as draft:
        made.save(str(draft))
    return made


def readable_again(data: TrainingData, base: str) -> TrainingData:
    """The same data, with the unlabelled corpus in memory where it is read for the vocabulary and then to pre-train."""
    if base != MULTILINGUAL or data.unlabelled is None:
        return data
    return replace(data, unlabelled=replace(data.unlabelled, documents=list(data.unlabelled.documents)))


def _words(data: TrainingData) -> Iterator[list[str]]:
    """The words of each page of all documents, labelled or not."""
    labelled = (example.pages for example in chain(data.train, data.validation))
    for pages in chain(labelled, data.unlabelled.documents if data.unlabelled else ()):
        yield from ([word.text for word in page.words] for page in pages)
