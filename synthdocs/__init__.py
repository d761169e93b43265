"""Receipts and invoices made up from parts, with the truth about them known from the start."""

from synthdocs.folder import write
from synthdocs.generator import Kind, KindOrMixed, Sample, generate, make

__all__ = ["Kind", "KindOrMixed", "Sample", "generate", "make", "write"]
