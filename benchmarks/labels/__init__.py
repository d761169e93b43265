"""Benchmarks of label quality: how probably labels are right, and what people and teachers are asked next."""
