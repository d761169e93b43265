"""A process that trains with others: `python -m … FOLDER RANK SIZE THREADS`, started by `group.gathered`."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from pathlib import Path

from extraction.engines.student.layout.training.processes import group


def main() -> None:
    folder, rank, size, threads = sys.argv[1:]
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    with (Path(folder) / group.SHARE).open("rb") as file:
        share = pickle.load(file)  # noqa: S301 - of the process that started this one
    group.ready(Path(folder), int(rank))
    with group.joined(Path(folder), int(rank), int(size), int(threads)):
        share()


def _end_with_the_first() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
