"""Which benchmarks there are."""

from importlib import import_module

from extraction.benchmarks.base import Benchmark

# In the order in which they run: later ones reuse what earlier ones read.
NAMES: tuple[str, ...] = (
    "ocr",
    "student",
    "student-labels",
    "student-curve",
    "student-generated",
    "student-formats",
    "speed",
    "speed-serving",
    "api",
)


def called(name: str) -> list[str]:
    """The benchmarks that a name stands for: itself and its parts, `student` for `student-curve` too.

    Raises `LookupError` with one sentence.
    """
    found = [known for known in NAMES if known == name or known.startswith(f"{name}-")]
    if not found:
        raise LookupError(f"There is no benchmark {name!r}; known are {', '.join(NAMES)}.")
    return found


def find(name: str) -> Benchmark:
    """The benchmark of that name, one of `NAMES`. Imports only what it needs."""
    benchmark: Benchmark = import_module(f"extraction.benchmarks.{name.replace('-', '_')}").BENCHMARK
    return benchmark
