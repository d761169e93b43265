"""Catalogue of the benchmarks."""

from importlib import import_module

from benchmarks.base import Benchmark

# In the order in which they run: later ones reuse what earlier ones read. A module's `BENCHMARK`, else what is named.
MODULES = {
    "values": "quality.values",
    "ocr": "quality.ocr",
    "listings": "quality.listings",
    "student": "quality.student",
    "student-labels": "quality.student_labels",
    "student-curve": "quality.student_curve",
    "student-generated": "quality.student_generated",
    "student-formats": "quality.student_formats",
    "student-items": "line_items.receipts",
    "student-items-generated": "line_items.generated",
    "labels": "labels.probability",
    "labels-review": "labels.policies",
    "labels-training": "labels.training",
    "labels-chosen": "labels.choosing",
    "labels-next": "labels.coverage",
    "guarantees": "labels.guarantees",
    "canary": "labels.canary",
    "escalation": "labels.escalation",
    "audit-sroie": "auditing.sroie",
    "audit-generated": "auditing.generated",
    "audit-student": "auditing.generated_student",
    "audit-scale": "auditing.scale",
    "corpora-sroie": "quality.corpora:SROIE",
    "corpora-wildreceipt": "quality.corpora:WILDRECEIPT",
    "corpora-zugferd": "quality.corpora:ZUGFERD",
    "corpora-cord": "quality.corpora:CORD",
    "languages": "languages.generated",
    "languages-scripts": "languages.scripts",
    "speed": "speed.reading",
    "speed-serving": "speed.serving",
    "two-workers": "speed.two_workers",
    "api": "speed.api",
    "report": "speed.report",
    "pages": "speed.pages",
    "memory": "speed.memory",
}
NAMES = tuple(MODULES)


def called(name: str) -> list[str]:
    """The benchmarks that a name stands for: itself and its parts, `student` for `student-curve` too.

    Raises `LookupError` with one sentence.
    """
    names = [known for known in NAMES if known == name or known.startswith(f"{name}-")]
    if not names:
        raise LookupError(f"There is no benchmark {name!r}; known are {', '.join(NAMES)}.")
    return names


def find(name: str) -> Benchmark:
    """The benchmark of that name, one of `NAMES`. Imports only what it needs."""
    module, _, constant = MODULES[name].partition(":")
    benchmark: Benchmark = getattr(import_module(f"benchmarks.{module}"), constant or "BENCHMARK")
    return benchmark
