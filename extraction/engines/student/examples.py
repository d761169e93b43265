"""Examples of a training in a file: memory does not grow with the documents, and whatever is deleted from the database
meanwhile, each pass over them is the same."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self

from extraction.engines.student.base import Example, Examples, TrainingData


class StoredExamples(Examples):
    """Examples that are read from a file whenever somebody goes through them."""

    def __init__(self, file: IO[bytes], number: int) -> None:
        self._file, self._number = file, number

    @classmethod
    def write(cls, file: IO[bytes], examples: Iterable[Example]) -> Self:
        """`file` is empty. Raises `OSError`."""
        written = 0
        for example in examples:
            pickle.dump(example, file, pickle.HIGHEST_PROTOCOL)
            written += 1
        file.flush()
        return cls(file, written)

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Example]:
        place = 0
        for _ in range(self._number):
            # Somebody else may go through them at the same time.
            self._file.seek(place)
            example = pickle.load(self._file)  # noqa: S301 – what `write` wrote a moment ago
            place = self._file.tell()
            yield example


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
    """The same data, whose examples are in files on the disk of `folder` until the end of the block. Raises `OSError`.

    The files have no names: a kill leaves no words of documents behind, and no other attempt can take them away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder) as train, TemporaryFile(dir=folder) as validation:
        yield replace(
            data,
            train=StoredExamples.write(train, data.train),
            validation=StoredExamples.write(validation, data.validation),
        )
