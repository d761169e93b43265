"""Receipts and invoices made up from parts, with the truth about them known from the start."""

from synthdocs.folder import SCHEMA, write
from synthdocs.generator import Kind, KindOrMixed, Sample, Tables, generate, make

__all__ = ["SCHEMA", "Kind", "KindOrMixed", "Sample", "Tables", "generate", "make", "write"]
