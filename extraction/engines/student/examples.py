"""Examples of a training in a file: memory does not grow with the documents, and whatever is deleted from the database
meanwhile, each pass over them is the same."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from extraction.engines.student.base import Example, Examples, TrainingData

# Names of the files.
TRAIN, VALIDATION = "train.examples", "validation.examples"


class StoredExamples(Examples):
    """Examples that are read from their file whenever somebody goes through them."""

    def __init__(self, file: Path, number: int) -> None:
        self._file, self._number = file, number

    @classmethod
    def write(cls, file: Path, examples: Iterable[Example]) -> Self:
        written = 0
        with file.open("wb") as stream:
            for example in examples:
                pickle.dump(example, stream, pickle.HIGHEST_PROTOCOL)
                written += 1
        return cls(file, written)

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Example]:
        with self._file.open("rb") as stream:
            for _ in range(self._number):
                yield pickle.load(stream)  # noqa: S301 – what `write` wrote a moment ago


class Without(Examples):
    """Examples but for those with these numbers."""

    def __init__(self, examples: Examples, numbers: Collection[int]) -> None:
        self._examples, self._numbers = examples, numbers

    def __len__(self) -> int:
        return len(self._examples) - len(self._numbers)

    def __iter__(self) -> Iterator[Example]:
        return (example for number, example in enumerate(self._examples) if number not in self._numbers)


@contextmanager
def stored(data: TrainingData, folder: Path) -> Iterator[TrainingData]:
    """The same data, whose examples are in files of `folder` until the end of the block. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    train, validation = folder / TRAIN, folder / VALIDATION
    try:
        yield replace(
            data,
            train=StoredExamples.write(train, data.train),
            validation=StoredExamples.write(validation, data.validation),
        )
    finally:
        train.unlink(missing_ok=True)
        validation.unlink(missing_ok=True)
