"""Which benchmarks there are."""

from importlib import import_module

from extraction.benchmarks.base import Benchmark

# In the order in which they run: later ones reuse what earlier ones read.
NAMES: tuple[str, ...] = ("ocr", "student", "speed", "api")


def find(name: str) -> Benchmark:
    """The benchmark of that name; raises `LookupError` with one sentence. Imports only what it needs."""
    if name not in NAMES:
        raise LookupError(f"There is no benchmark {name!r}; known are {', '.join(NAMES)}.")
    benchmark: Benchmark = import_module(f"extraction.benchmarks.{name}").BENCHMARK
    return benchmark
