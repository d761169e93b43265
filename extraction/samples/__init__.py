"""Receipts and invoices made up from parts, with the truth about them known from the start."""

from extraction.samples.studio import Kind, KindOrMixed, Sample, generate, make
from extraction.samples.writing import write

__all__ = ["Kind", "KindOrMixed", "Sample", "generate", "make", "write"]
