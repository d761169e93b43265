"""Benchmarks of the checks of claims against receipts."""
