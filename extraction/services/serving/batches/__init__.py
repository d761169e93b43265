"""Extraction batches: many files of a caller in one call, read one after the other by a worker."""
